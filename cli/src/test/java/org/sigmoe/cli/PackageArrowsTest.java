package org.sigmoe.cli;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/** Which package of the command may know which. */
class PackageArrowsTest {

  @Test
  void packagesKnowOnlyThoseBelowThem() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("root")
        .definedBy("org.sigmoe.cli")
        .layer("command")
        .definedBy("org.sigmoe.cli.command..")
        .layer("compare")
        .definedBy("org.sigmoe.cli.compare..")
        .layer("run")
        .definedBy("org.sigmoe.cli.run..")
        .layer("config")
        .definedBy("org.sigmoe.cli.config..")
        .layer("info")
        .definedBy("org.sigmoe.cli.info..")
        .layer("output")
        .definedBy("org.sigmoe.cli.output..")
        .whereLayer("root")
        .mayOnlyAccessLayers("command", "output")
        .whereLayer("command")
        .mayOnlyAccessLayers("compare", "run", "config", "info", "output")
        .whereLayer("compare")
        .mayOnlyAccessLayers("run", "config", "info", "output")
        .whereLayer("run")
        .mayOnlyAccessLayers("config", "output")
        .whereLayer("config")
        .mayNotAccessAnyLayer()
        .whereLayer("info")
        .mayNotAccessAnyLayer()
        .whereLayer("output")
        .mayNotAccessAnyLayer()
        .ensureAllClassesAreContainedInArchitecture()
        .check(
            new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("org.sigmoe.cli"));
  }
}
