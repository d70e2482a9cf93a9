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
        .layer("report")
        .definedBy("org.sigmoe.cli.report")
        .layer("report figures")
        .definedBy("org.sigmoe.cli.report.figures..")
        .layer("report runs")
        .definedBy("org.sigmoe.cli.report.runs..")
        .layer("analysis")
        .definedBy("org.sigmoe.cli.analysis..")
        .layer("figure")
        .definedBy("org.sigmoe.cli.figure..")
        .layer("statistics")
        .definedBy("org.sigmoe.cli.statistics..")
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
        .mayOnlyAccessLayers(
            "compare",
            "report",
            "report figures",
            "report runs",
            "analysis",
            "figure",
            "run",
            "config",
            "info",
            "output")
        .whereLayer("compare")
        .mayOnlyAccessLayers("figure", "statistics", "run", "config", "info", "output")
        .whereLayer("report")
        .mayOnlyAccessLayers(
            "report figures",
            "report runs",
            "analysis",
            "figure",
            "statistics",
            "run",
            "config",
            "info",
            "output")
        .whereLayer("report figures")
        .mayOnlyAccessLayers("report runs", "analysis", "figure", "statistics", "info")
        .whereLayer("report runs")
        .mayOnlyAccessLayers("analysis", "statistics", "run", "config", "info", "output")
        .whereLayer("analysis")
        .mayOnlyAccessLayers("run", "config", "output")
        .whereLayer("figure")
        .mayOnlyAccessLayers("output")
        .whereLayer("statistics")
        .mayNotAccessAnyLayer()
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
