package org.sigmoe.moe.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LargestExampleTest {
  @Test
  void mixtureLearnsWhichNumberIsTheLargest() {
    float nll = LargestExample.train();
    assertTrue(nll < 0.15f, "guessing costs 1.1 nats, the trained mixture " + nll);
  }
}
