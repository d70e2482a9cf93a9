package org.sigmoe.moe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.moe.router.ExpertMask;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Multiply;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForwardConfig.Placement;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.testing.EngineSession;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenRunner;
import org.sigmoe.nn.testing.golden.GoldenTensors;

/**
 * One application of the layer: output, loss, what was selected, hidden units and the gradients of
 * sum(out * g) + 0.7 * loss.
 */
final class MixtureRunner implements GoldenRunner {
  private static final float LOSS_FACTOR = 0.7f;
  private static final String PREFIX = "layer.pkm.";

  private final Mixture mixture;

  MixtureRunner(Mixture mixture) {
    this.mixture = mixture;
  }

  @Override
  public void run(GoldenCase golden, GoldenTensors tensors, EngineSession session) {
    MixtureOfExperts layer =
        new MixtureOfExperts(
            new Placement("layer", golden.hyper("d"), 1, 0),
            golden.hyper("v", golden.hyper("d")),
            mixture);
    boolean training = golden.hyperFlag("train", true);
    boolean dropped = training && golden.has("rand");
    Graph graph = new Graph();
    BuildContext context = training ? BuildContext.training(graph) : BuildContext.evaluation(graph);
    Value x = graph.input("x", TensorType.f32(golden.shape("x")));
    Value g = graph.input("g", TensorType.f32(golden.shape("g")));
    Value kept =
        graph.input("kept", TensorType.f32(golden.shape(dropped ? "rand" : "selection_score")));
    ExpertMask mask = dropped ? scores -> Multiply.of(scores, kept) : null;
    MixtureOfExperts.Pass pass = layer.forward(context, x, mask);
    Value out =
        mixture.options().biases() == Biases.ALL
            ? Activate.of(Activation.IDENTITY, pass.product(), outputBias(layer, context), null)
            : pass.product();
    // The stand-alone implementation gives the loss in evaluation too.
    Value loss = layer.loss(pass);
    Map<Value, Value> seeds = new HashMap<>(Map.of(out, g));
    if (loss != null) {
      seeds.put(loss, graph.constant("factor", Shape.scalar(), () -> new float[] {LOSS_FACTOR}));
      graph.output(loss);
    }
    List<Value> wrt = new ArrayList<>(List.of(x));
    layer.parameters().forEach(parameter -> wrt.add(context.read(parameter)));
    List<Value> found = Gradients.of(seeds, wrt);
    found.forEach(graph::output);
    Map<Parameter, Value> gradients = new LinkedHashMap<>();
    for (int i = 0; i < layer.parameters().size(); i++) {
      gradients.put(layer.parameters().get(i), found.get(i + 1));
    }
    for (Value seen :
        List.of(
            out,
            pass.logits(),
            pass.routing().scores(),
            pass.routing().experts(),
            pass.routing().weights(),
            pass.route().order(),
            pass.hidden())) {
      graph.output(seen);
    }

    GoldenRunner.writeParameters(layer, PREFIX, tensors, session);
    try (EngineSession.Run run = session.compile(graph)) {
      if (context.dropoutKey() != null) {
        run.feed(context.dropoutKey(), 0, 0);
      }
      float[] weights = tensors.floats("g");
      float[] keptOnes = kept(golden, tensors, kept.shape(), dropped);
      run.feed(x, tensors.floats("x")).feed(g, weights).feed(kept, keptOnes).run();
      float[] ours = run.fetch(out);
      double reg = loss == null ? 0 : run.fetch(loss)[0];
      tensors.compare("out", ours);
      tensors.compare("reg", reg);
      tensors.compare("loss", GoldenRunner.dot(ours, weights) + LOSS_FACTOR * reg);
      tensors.compare("grad_x", run.fetch(found.getFirst()));
      GoldenRunner.compareGradients(layer, PREFIX, "", tensors, gradients, run);
      compareSelection(golden, tensors, pass, run, keptOnes);
    }
  }

  private static Value outputBias(MixtureOfExperts layer, BuildContext context) {
    return context.read(
        layer.parameters().stream()
            .filter(parameter -> parameter.name().endsWith(".o_bias"))
            .findFirst()
            .orElseThrow());
  }

  /** 1 where an expert is kept, from the golden uniform numbers. */
  private float[] kept(GoldenCase golden, GoldenTensors tensors, Shape shape, boolean dropped) {
    float[] kept = new float[Math.toIntExact(shape.elements())];
    float[] random = golden.has("rand") ? tensors.floats("rand") : kept;
    for (int i = 0; i < kept.length; i++) {
      kept[i] = dropped && random[i] < (float) mixture.expertDropout() ? 0 : 1;
    }
    return kept;
  }

  private static void compareSelection(
      GoldenCase golden,
      GoldenTensors tensors,
      MixtureOfExperts.Pass pass,
      EngineSession.Run run,
      float[] kept) {
    tensors.compare("logits", run.fetch(pass.logits()));
    float[] scores = run.fetch(pass.routing().scores());
    float[] logits = run.fetch(pass.logits());
    for (int i = 0; i < scores.length; i++) {
      scores[i] = asPublished(golden, scores[i], logits[i], kept[i]);
    }
    tensors.compare("selection_score", scores);
    Map<String, float[]> belonging = new LinkedHashMap<>();
    belonging.put("topk_weight", run.fetch(pass.routing().weights()));
    if (golden.has("hidden")) {
      belonging.put(
          "hidden", bySlot(run.fetch(pass.hidden()), run.fetchIntegers(pass.route().order())));
    }
    tensors.compareSelected("topk_index", run.fetchIntegers(pass.routing().experts()), belonging);
  }

  /** Their scores rank as ours and are written otherwise here and there. */
  private static float asPublished(GoldenCase golden, float score, float logit, float kept) {
    boolean standAlone = golden.family().equals("moe");
    if (golden.hyperText("mode", "").startsWith("sinkmoid")) {
      if (golden.hyperFlag("train", true)) {
        return (float) Math.exp(score);
      }
      return standAlone ? (float) (1 / (1 + Math.exp(-logit))) : score;
    }
    return standAlone && kept == 0 ? -1 : score;
  }

  /** From the order of the route to the order of slots. */
  private static float[] bySlot(float[] hidden, int[] order) {
    int units = hidden.length / order.length;
    float[] bySlot = new float[hidden.length];
    for (int row = 0; row < order.length; row++) {
      System.arraycopy(hidden, row * units, bySlot, order[row] * units, units);
    }
    return bySlot;
  }
}
