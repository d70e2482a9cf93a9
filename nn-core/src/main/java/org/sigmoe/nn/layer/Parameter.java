package org.sigmoe.nn.layer;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Variable;

/**
 * A learned tensor: the variable that holds it, how it starts and what the optimiser does with it.
 *
 * @param variable f32, named as in checkpoints
 * @param initializer what it holds before the first step
 * @param role what the optimiser does with it
 */
public record Parameter(Variable variable, Initializer initializer, Role role) {

  /** What the optimiser does with a parameter. */
  public enum Role {
    /** Trained, and shrunk by weight decay where there is one: matrices. */
    WEIGHT,
    /** Trained without weight decay: biases, gains, scales. */
    UNDECAYED,
    /**
     * Read by nothing: its gradient is zero by definition, and it is kept so that counts and
     * checkpoints agree with the model that has it.
     */
    UNUSED
  }

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** A matrix or higher tensor of weights, which decays. */
  public static Parameter weight(String name, Shape shape, Initializer initializer) {
    return new Parameter(variable(name, shape), initializer, Role.WEIGHT);
  }

  /** A bias, gain or scale, which does not decay. */
  public static Parameter undecayed(String name, Shape shape, Initializer initializer) {
    return new Parameter(variable(name, shape), initializer, Role.UNDECAYED);
  }

  /** A parameter that nothing reads. */
  public static Parameter unused(String name, Shape shape, Initializer initializer) {
    return new Parameter(variable(name, shape), initializer, Role.UNUSED);
  }

  private static Variable variable(String name, Shape shape) {
    return new Variable(name, new TensorType(DType.F32, shape));
  }

  /** The name that checkpoints use. */
  public String name() {
    return variable.name();
  }

  /** The shape of the tensor. */
  public Shape shape() {
    return variable.shape();
  }

  /** Whether the optimiser changes it. */
  public boolean trained() {
    return role != Role.UNUSED;
  }

  /**
   * Writes the initial elements. They depend on the seed and on the name, not on other parameters,
   * so that a model that gains a layer keeps the beginning of the others.
   *
   * @param seed the seed of the model
   * @param target exactly the parameter's bytes: f32, row-major, native byte order
   * @throws IllegalArgumentException if the target has another size
   */
  public void initialise(long seed, MemorySegment target) {
    long bytes = variable.type().bytes();
    if (target.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "Parameter %s needs %d bytes, got %d".formatted(variable, bytes, target.byteSize()));
    }
    initializer.fill(shape(), new SplittableRandom(streamOf(seed, name())), target);
  }

  /** The FNV-1a hash of the name, begun with the seed. */
  private static long streamOf(long seed, String name) {
    long hash = FNV_OFFSET ^ seed;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * FNV_PRIME;
    }
    return hash;
  }

  @Override
  public String toString() {
    return variable.toString();
  }
}
