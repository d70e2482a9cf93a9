package org.sigmoe.xl.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.layer.Initializer;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.nn.optim.AdamWUpdate;
import org.sigmoe.nn.optim.LearningRateSchedule;
import org.sigmoe.nn.testing.EngineSession;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenRunner;
import org.sigmoe.nn.testing.golden.GoldenTensors;

/**
 * Some steps of the optimiser along given gradients: learning rates, norms before clipping,
 * parameters after each step and moments after the last.
 */
final class OptimiserRunner implements GoldenRunner {

  @Override
  public void run(GoldenCase golden, GoldenTensors tensors, EngineSession session) {
    AdamW config = config(golden);
    LearningRateSchedule schedule = schedule(golden);
    Graph graph = new Graph();
    Map<Parameter, Value> gradients = new LinkedHashMap<>();
    for (int i = 0; i < golden.count("p"); i++) {
      String name = "p" + i;
      int[] sizes = golden.tensors().get(name).stream().mapToInt(Long::intValue).toArray();
      Parameter parameter = Parameter.weight(name, Shape.of(sizes), Initializer.zeros());
      gradients.put(parameter, graph.input("g" + i, parameter.variable().type()));
      session.write(parameter.variable(), tensors.floats(name));
    }
    List<Parameter> parameters = new ArrayList<>(gradients.keySet());
    AdamWUpdate update = config.append(gradients);
    int steps = golden.hyper("steps");
    double[] rates = new double[steps];
    double[] norms = new double[steps];
    try (EngineSession.Run run = session.compile(graph)) {
      for (int step = 0; step < steps; step++) {
        rates[step] = schedule.at(step);
        for (int i = 0; i < parameters.size(); i++) {
          run.feed(gradients.get(parameters.get(i)), tensors.floats("step" + step + ".g" + i));
        }
        run.feed(update, step + 1, rates[step]).run();
        norms[step] = run.fetch(update.gradientNorm())[0];
        for (int i = 0; i < parameters.size(); i++) {
          tensors.compare("step" + step + ".p" + i, session.read(parameters.get(i).variable()));
        }
      }
    }
    tensors.compare("lr", rates);
    tensors.compare("grad_norm", norms);
    for (int i = 0; i < parameters.size(); i++) {
      AdamWUpdate.Moments moments = update.moments().get(i);
      tensors.compare("m" + i, session.read(moments.mean()));
      tensors.compare("v" + i, session.read(moments.meanSquare()));
    }
  }

  private static AdamW config(GoldenCase golden) {
    double decay = golden.hyperDouble("weight_decay");
    // Without decay Adam and AdamW are one; with it torch.optim.Adam adds it to the gradient.
    assertTrue(
        decay == 0 || golden.kernel().equals("torch.optim.AdamW"),
        golden + ": " + golden.kernel() + " with weight decay is not ours");
    var betas = golden.description().required("hyper").required("betas");
    return new AdamW(
        betas.get(0).doubleValue(),
        betas.get(1).doubleValue(),
        golden.hyperDouble("eps"),
        decay,
        golden.hyperDouble("clip"));
  }

  private static LearningRateSchedule schedule(GoldenCase golden) {
    LearningRateSchedule cosine =
        new LearningRateSchedule.Cosine(golden.hyperDouble("lr"), 0, golden.hyper("stop_after"));
    int warmUp = golden.hyper("warmup");
    return warmUp == 0 ? cosine : new LearningRateSchedule.WarmUp(warmUp, cosine);
  }
}
