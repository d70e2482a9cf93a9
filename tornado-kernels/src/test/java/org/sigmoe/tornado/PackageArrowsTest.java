package org.sigmoe.tornado;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.op.DropoutMask;
import org.sigmoe.nn.graph.op.ErrorFunction;
import org.sigmoe.nn.graph.op.GaussianNoise;

/**
 * Which package of tornado-kernels may know which. A class outside the packages named here fails
 * the test, so that a new package takes its place in the list together with its arrows.
 */
final class PackageArrowsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("org.sigmoe.tornado");

  @Test
  void packagesKnowOnlyThoseBelowThem() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("kernel")
        .definedBy("org.sigmoe.tornado.kernel..")
        .layer("cublas")
        .definedBy("org.sigmoe.tornado.cublas..")
        .layer("cuda")
        .definedBy("org.sigmoe.tornado.cuda..")
        .layer("device")
        .definedBy("org.sigmoe.tornado.device..")
        .layer("engine.op")
        .definedBy("org.sigmoe.tornado.engine.op..")
        .layer("engine")
        .definedBy("org.sigmoe.tornado.engine")
        .layer("api")
        .definedBy("org.sigmoe.tornado.api..")
        .whereLayer("kernel")
        .mayNotAccessAnyLayer()
        .whereLayer("cublas")
        .mayNotAccessAnyLayer()
        .whereLayer("cuda")
        .mayNotAccessAnyLayer()
        .whereLayer("device")
        .mayNotAccessAnyLayer()
        .whereLayer("api")
        .mayOnlyAccessLayers("kernel")
        .whereLayer("engine.op")
        .mayOnlyAccessLayers("kernel", "cublas", "device")
        .whereLayer("engine")
        .mayOnlyAccessLayers("engine.op", "kernel", "cublas", "cuda", "device")
        .ensureAllClassesAreContainedInArchitecture()
        .check(CLASSES);
  }

  /**
   * A user's own task graph takes kernels without our graph, and without TornadoVM's inner parts.
   * Of nn-core they know the numbers alone that all engines must agree on, which are compiled for
   * the device as they are.
   */
  @Test
  void kernelsNeedTornadoApiAlone() {
    classes()
        .that()
        .resideInAPackage("org.sigmoe.tornado.kernel..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "org.sigmoe.tornado.kernel..",
                    "uk.ac.manchester.tornado.api..",
                    "org.jspecify.annotations",
                    "java..")
                .or(type(DropoutMask.class))
                .or(type(GaussianNoise.class))
                .or(type(ErrorFunction.class)))
        .check(CLASSES);
  }
}
