package org.sigmoe.cli.info;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.xl.model.Batch;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.model.TrainingGraph;

/**
 * What a model and a step of its training take, counted from the graph of the step. The graph is
 * only described, so that a model which would not fit this machine can be looked at.
 *
 * @param model the sizes
 * @param batch B, streams of a step, and in how many parts they are processed
 * @param parameters number of learned elements
 * @param flopsPerToken floating-point operations of the forward pass for each token; a multiply-add
 *     counts as two
 * @param trainingFlopsPerToken the same of a whole step: forward, backward and update
 * @param feedForward what the feed-forward blocks take
 * @param memory bytes that a training takes
 * @param parts where parameters and operations are, in the order of the forward pass; the optimiser
 *     last
 */
public record ModelReport(
    ModelConfig model,
    Batch batch,
    long parameters,
    double flopsPerToken,
    double trainingFlopsPerToken,
    FeedForwardReport feedForward,
    MemoryNeed memory,
    List<ModelPart> parts) {
  private static final String OUTSIDE_LAYERS = "embedding, loss";
  private static final Pattern LAYER = Pattern.compile("layers\\.(\\d{1,9})\\..*");

  /** Counts. */
  public static ModelReport of(ModelConfig config, Batch batch, AdamW optimiser) {
    LanguageModel model = new LanguageModel(config);
    TrainingGraph training = TrainingGraph.of(model, batch, optimiser);
    List<ModelPart> parts =
        parts(model, training.graph().nodes(), (double) batch.streams() * config.context());
    return new ModelReport(
        config,
        batch,
        model.parameterCount(),
        parts.stream().mapToDouble(ModelPart::flopsPerToken).sum(),
        parts.stream().mapToDouble(ModelPart::trainingFlopsPerToken).sum(),
        FeedForwardReport.of(model, batch.streams()),
        MemoryNeed.of(model, training),
        parts);
  }

  private static List<ModelPart> parts(LanguageModel model, List<Node> nodes, double tokens) {
    Map<String, Long> forward = new LinkedHashMap<>();
    Map<String, Long> all = new LinkedHashMap<>();
    for (Node node : nodes) {
      long flops = node.cost().flops();
      boolean isForward = node.phase() == Node.Phase.FORWARD;
      forward.merge(node.scope(), isForward ? flops : 0, Long::sum);
      all.merge(node.scope(), flops, Long::sum);
    }
    Map<String, Long> parameters = parameters(model, nodes);
    return forward.keySet().stream()
        .sorted(Comparator.comparingInt(ModelReport::position))
        .map(
            scope ->
                new ModelPart(
                    scope.isEmpty() ? OUTSIDE_LAYERS : scope,
                    parameters.getOrDefault(scope, 0L),
                    forward.getOrDefault(scope, 0L) / tokens,
                    all.getOrDefault(scope, 0L) / tokens))
        .toList();
  }

  /** Layers by their number (their position keys are computed before all else), then the rest. */
  private static int position(String scope) {
    Matcher layer = LAYER.matcher(scope);
    if (layer.matches()) {
      return Integer.parseInt(layer.group(1));
    }
    return scope.isEmpty() ? -1 : Integer.MAX_VALUE;
  }

  /** Parameters by the scope that reads them first. */
  private static Map<String, Long> parameters(LanguageModel model, List<Node> nodes) {
    Map<Variable, String> readers = new HashMap<>();
    for (Node node : nodes) {
      for (Value operand : node.operands()) {
        if (operand.origin() instanceof Value.Held(Variable variable)) {
          readers.putIfAbsent(variable, node.scope());
        }
      }
    }
    Map<String, Long> counts = new HashMap<>();
    for (Parameter parameter : model.parameters()) {
      String scope = readers.get(parameter.variable());
      counts.merge(
          scope == null ? scopeByName(parameter, readers) : scope,
          parameter.shape().elements(),
          Long::sum);
    }
    return counts;
  }

  /** Where a parameter that nothing reads would be read: beside those named as it is. */
  private static String scopeByName(Parameter parameter, Map<Variable, String> readers) {
    return readers.values().stream()
        .filter(scope -> !scope.isEmpty() && parameter.name().startsWith(scope + "."))
        .findFirst()
        .orElse("");
  }
}
