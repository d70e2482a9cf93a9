package org.sigmoe.pkm.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MemoryExampleTest {
  @Test
  void memoryLearnsRandomPointsByHeart() {
    float loss = MemoryExample.train();
    assertTrue(loss < 0.1f, "guessing costs 1.39 nats, the trained memory " + loss);
  }
}
