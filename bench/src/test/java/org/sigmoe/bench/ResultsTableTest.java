package org.sigmoe.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTableTest {
  private static final String RESULT =
      """
      {"benchmark": "org.sigmoe.bench.%s.step",
       "params": {"model": "TINY", "precision": "F32", "threads": "%d"},
       "secondaryMetrics": {"tokens": {"score": %f, "scoreError": %s}}}
      """;

  @Test
  void contestantsStandSideBySideWithTheirRatio() throws IOException {
    String json =
        "["
            + RESULT.formatted("SigmoeTrainingStep", 2, 30000.4, "150.6")
            + ","
            + RESULT.formatted("TorchTrainingStep", 2, 12000.0, "\"NaN\"")
            + ","
            + RESULT.formatted("SigmoeTrainingStep", 1, 15000.0, "1")
            + "]";
    String table =
        ResultsTable.of(JsonMapper.builder().build().readTree(json), List.of("Processor: one"));
    assertTrue(table.contains("\n- Processor: one\n"), table);
    assertTrue(table.contains("| TINY | F32 | 2 | 30,000 ± 151 | 12,000 | 2.50 |"), table);
    assertTrue(table.contains("| TINY | F32 | 1 | 15,000 ± 1 |  |  |"), table);
  }
}
