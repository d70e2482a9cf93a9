package org.sigmoe.xl.data;

import java.util.Arrays;
import java.util.List;

/** Into which files the documents of a directory or archive are joined. */
enum Partition {
  /** All into one. */
  WHOLE {
    @Override
    List<String> parts() {
      return List.of("whole");
    }

    @Override
    String partOf(String path) {
      return "whole";
    }
  },
  /** Into one for each split, by {@link SplitRule#byPath}. */
  BY_PATH {
    @Override
    List<String> parts() {
      return Arrays.stream(Split.values()).map(Split::label).toList();
    }

    @Override
    String partOf(String path) {
      return SplitRule.byPath(path).label();
    }
  };

  /** The names of the parts, which are also safe names of files. */
  abstract List<String> parts();

  /** The part that a document belongs to. */
  abstract String partOf(String path);
}
