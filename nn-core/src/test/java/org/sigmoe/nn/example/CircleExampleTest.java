package org.sigmoe.nn.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CircleExampleTest {
  @Test
  void networkLearnsTheCircle() {
    float loss = CircleExample.train();
    assertTrue(loss < 0.1f, "guessing costs 0.69 nats, the trained network " + loss);
  }
}
