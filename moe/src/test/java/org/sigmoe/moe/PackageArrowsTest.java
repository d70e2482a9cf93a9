package org.sigmoe.moe;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/** A feed-forward family knows nn-core's graph and layers, and no engine. */
class PackageArrowsTest {
  @Test
  void knowsNoEngineNoOptimiserAndNoFile() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.sigmoe.nn.engine..",
            "org.sigmoe.nn.optim..",
            "org.sigmoe.nn.checkpoint..",
            "org.sigmoe.xl..",
            "org.sigmoe.cli..")
        .allowEmptyShould(true)
        .check(
            new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("org.sigmoe.moe"));
  }
}
