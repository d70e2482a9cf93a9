package org.sigmoe.bench;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/** Sizes, works, clocks, results, the command: each knows those before it. */
class PackageArrowsTest {
  @Test
  void arrowsPointOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("command")
        .definedBy("org.sigmoe.bench")
        .layer("measure")
        .definedBy("org.sigmoe.bench.measure..")
        .layer("result")
        .definedBy("org.sigmoe.bench.result..")
        .layer("peer")
        .definedBy("org.sigmoe.bench.peer..")
        .layer("work")
        .definedBy("org.sigmoe.bench.work..")
        .layer("model")
        .definedBy("org.sigmoe.bench.model..")
        .layer("shape")
        .definedBy("org.sigmoe.bench.shape..")
        .whereLayer("command")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("measure")
        .mayOnlyBeAccessedByLayers("command")
        .whereLayer("result")
        .mayOnlyBeAccessedByLayers("command", "measure")
        .whereLayer("peer")
        .mayOnlyBeAccessedByLayers("measure")
        .whereLayer("work")
        .mayOnlyBeAccessedByLayers("command", "measure", "peer")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers("work", "measure", "peer")
        .check(
            new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("org.sigmoe.bench"));
  }
}
