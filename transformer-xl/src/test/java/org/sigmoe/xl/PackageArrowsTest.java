package org.sigmoe.xl;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/**
 * Which package of transformer-xl may know which. A class outside the packages named here fails the
 * test, so that a new package takes its place in the list together with its arrows.
 */
class PackageArrowsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("org.sigmoe.xl");

  @Test
  void packagesKnowOnlyThoseBelowThem() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("root")
        .definedBy("org.sigmoe.xl")
        .layer("tokenizer")
        .definedBy("org.sigmoe.xl.tokenizer..")
        .layer("data")
        .definedBy("org.sigmoe.xl.data..")
        .layer("checkpoint")
        .definedBy("org.sigmoe.xl.checkpoint..")
        .layer("metrics")
        .definedBy("org.sigmoe.xl.metrics..")
        .layer("model")
        .definedBy("org.sigmoe.xl.model..")
        .layer("train")
        .definedBy("org.sigmoe.xl.train..")
        .layer("eval")
        .definedBy("org.sigmoe.xl.eval..")
        .layer("analysis")
        .definedBy("org.sigmoe.xl.analysis..")
        .layer("generate")
        .definedBy("org.sigmoe.xl.generate..")
        .whereLayer("root")
        .mayNotAccessAnyLayer()
        .whereLayer("tokenizer")
        .mayNotAccessAnyLayer()
        .whereLayer("data")
        .mayOnlyAccessLayers("tokenizer")
        .whereLayer("checkpoint")
        .mayNotAccessAnyLayer()
        .whereLayer("metrics")
        .mayNotAccessAnyLayer()
        .whereLayer("model")
        .mayNotAccessAnyLayer()
        .whereLayer("eval")
        .mayOnlyAccessLayers("model", "data", "tokenizer")
        .whereLayer("analysis")
        .mayOnlyAccessLayers("model", "data", "tokenizer", "eval")
        .whereLayer("generate")
        .mayOnlyAccessLayers("model", "tokenizer")
        .whereLayer("train")
        .mayOnlyAccessLayers("model", "data", "tokenizer", "eval", "checkpoint", "metrics")
        .ensureAllClassesAreContainedInArchitecture()
        .check(CLASSES);
  }

  @Test
  void packagesOfDataKnowOnlyThoseBelowThem() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("prepare")
        .definedBy("org.sigmoe.xl.data.prepare")
        .layer("documents")
        .definedBy("org.sigmoe.xl.data.documents")
        .layer("download")
        .definedBy("org.sigmoe.xl.data.download")
        .layer("corpus")
        .definedBy("org.sigmoe.xl.data")
        .whereLayer("prepare")
        .mayOnlyAccessLayers("documents", "download", "corpus")
        .whereLayer("documents")
        .mayOnlyAccessLayers("corpus")
        .whereLayer("download")
        .mayOnlyAccessLayers("corpus")
        .whereLayer("corpus")
        .mayNotAccessAnyLayer()
        .check(CLASSES);
  }

  @Test
  void aModelKnowsNeitherWhoNormalisesNorWhoTrainsNorWhoEncodes() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("tokenizer")
        .definedBy("org.sigmoe.xl.tokenizer.sentencepiece")
        .layer("bpe")
        .definedBy("org.sigmoe.xl.tokenizer.sentencepiece.bpe..")
        .layer("normalize")
        .definedBy("org.sigmoe.xl.tokenizer.sentencepiece.normalize..")
        .layer("model")
        .definedBy("org.sigmoe.xl.tokenizer.sentencepiece.model..")
        .whereLayer("tokenizer")
        .mayOnlyAccessLayers("normalize", "model")
        .whereLayer("bpe")
        .mayOnlyAccessLayers("normalize", "model")
        .whereLayer("normalize")
        .mayOnlyAccessLayers("model")
        .whereLayer("model")
        .mayNotAccessAnyLayer()
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycle() {
    slices()
        .matching("org.sigmoe.xl.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }
}
