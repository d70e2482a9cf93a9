package org.sigmoe.nn;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/**
 * Which package of nn-core may know which. A class outside the packages named here fails the test,
 * so that a new package takes its place in the list together with its arrows.
 */
class PackageArrowsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("org.sigmoe.nn");

  @Test
  void packagesKnowOnlyThoseBelowThem() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("root")
        .definedBy("org.sigmoe.nn")
        .layer("graph")
        .definedBy("org.sigmoe.nn.graph..")
        .layer("engine")
        .definedBy("org.sigmoe.nn.engine")
        .layer("engine.reference")
        .definedBy("org.sigmoe.nn.engine.reference..")
        .layer("engine.cpu")
        .definedBy("org.sigmoe.nn.engine.cpu..")
        .layer("layer")
        .definedBy("org.sigmoe.nn.layer..")
        .layer("optim")
        .definedBy("org.sigmoe.nn.optim..")
        .layer("checkpoint")
        .definedBy("org.sigmoe.nn.checkpoint..")
        .whereLayer("root")
        .mayNotAccessAnyLayer()
        .whereLayer("graph")
        .mayNotAccessAnyLayer()
        .whereLayer("engine")
        .mayOnlyAccessLayers("graph")
        .whereLayer("engine.reference")
        .mayOnlyAccessLayers("graph", "engine")
        .whereLayer("engine.cpu")
        .mayOnlyAccessLayers("graph", "engine")
        .whereLayer("layer")
        .mayOnlyAccessLayers("graph", "engine")
        .whereLayer("optim")
        .mayOnlyAccessLayers("graph", "engine", "layer")
        .whereLayer("checkpoint")
        .mayNotAccessAnyLayer()
        .ensureAllClassesAreContainedInArchitecture()
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycle() {
    slices()
        .matching("org.sigmoe.nn.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }
}
