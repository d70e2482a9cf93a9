package org.sigmoe.tornado.example;

import org.sigmoe.tornado.api.KernelTasks;
import org.sigmoe.tornado.kernel.CrossEntropyKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.LayerNormKernels;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.matrix.Matrix2DFloat;

/**
 * Kernels of ours in a task graph of one's own, between kernels of one's own: a linear classifier
 * normalises its features, multiplies, divides by a temperature and gives each row's loss and the
 * gradient of the logits.
 */
final class ClassifierExample {
  private static final float EPSILON = 1e-5f;

  final Matrix2DFloat features;
  final Matrix2DFloat weights;
  final IntArray classes;
  final float temperature;

  final Matrix2DFloat normed;
  final Matrix2DFloat logits;
  final FloatArray losses;
  final Matrix2DFloat gradient;

  /**
   * A classifier.
   *
   * @param features [rows, features]
   * @param weights [features, classes]
   * @param classes of each row the right one
   */
  ClassifierExample(
      Matrix2DFloat features, Matrix2DFloat weights, IntArray classes, float temperature) {
    this.features = features;
    this.weights = weights;
    this.classes = classes;
    this.temperature = temperature;
    int rows = features.getNumRows();
    this.normed = new Matrix2DFloat(rows, features.getNumColumns());
    this.logits = new Matrix2DFloat(rows, weights.getNumColumns());
    this.losses = new FloatArray(rows);
    this.gradient = new Matrix2DFloat(rows, weights.getNumColumns());
  }

  /** A kernel of one's own. */
  static void cool(FloatArray logits, float temperature, int elements) {
    for (@Parallel int i = 0; i < elements; i++) {
      logits.set(i, logits.get(i) / temperature);
    }
  }

  /** Runs it on TornadoVM's default device; the results are then in the matrices. */
  void run() throws TornadoExecutionPlanException {
    int rows = features.getNumRows();
    int columns = features.getNumColumns();
    int vocabulary = weights.getNumColumns();

    TaskGraph graph = new TaskGraph("classifier");
    GridScheduler threads = new GridScheduler();
    KernelTasks tasks = new KernelTasks(graph, threads);
    FloatArray x = tasks.array(features);
    FloatArray y = tasks.array(normed);
    FloatArray scores = tasks.array(logits);
    FloatArray scoreGradients = tasks.array(gradient);
    FloatArray gain = filled(columns, 1f);
    FloatArray bias = filled(columns, 0f);
    FloatArray mean = new FloatArray(rows);
    FloatArray rstd = new FloatArray(rows);
    FloatArray logSums = new FloatArray(rows);
    FloatArray lossGradients = filled(rows, 1f / rows);

    graph.transferToDevice(
        DataTransferMode.FIRST_EXECUTION,
        x,
        tasks.array(weights),
        classes,
        gain,
        bias,
        lossGradients);
    tasks.task(
        "layerNorm",
        LaunchShapes.rows(rows, columns),
        id ->
            new TaskPackage(
                id,
                LayerNormKernels::forward,
                tasks.context(),
                x,
                gain,
                bias,
                rows,
                columns,
                EPSILON,
                y,
                mean,
                rstd));
    tasks.multiply(normed, weights, logits);
    graph.task("cool", ClassifierExample::cool, scores, temperature, rows * vocabulary);
    tasks.task(
        "loss",
        LaunchShapes.rows(rows, vocabulary),
        id ->
            new TaskPackage(
                id,
                CrossEntropyKernels::forward,
                tasks.context(),
                scores,
                scores, // no bias
                classes,
                rows,
                vocabulary,
                0,
                losses,
                logSums));
    tasks.task(
        "lossGradient",
        LaunchShapes.rows(rows, vocabulary),
        id ->
            new TaskPackage(
                id,
                CrossEntropyKernels::gradient,
                tasks.context(),
                scores,
                scores, // no bias
                classes,
                logSums,
                lossGradients,
                rows,
                vocabulary,
                0,
                scoreGradients));
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, y, scores, losses, scoreGradients);

    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(threads).execute();
    }
  }

  private static FloatArray filled(int elements, float value) {
    FloatArray array = new FloatArray(elements);
    array.init(value);
    return array;
  }
}
