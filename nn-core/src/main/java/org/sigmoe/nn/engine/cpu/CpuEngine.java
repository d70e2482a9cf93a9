package org.sigmoe.nn.engine.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;
import java.util.Map;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.engine.cpu.gemm.Gemm;
import org.sigmoe.nn.engine.cpu.gemm.Gemms;
import org.sigmoe.nn.engine.cpu.gemm.OperandType;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Variable;

/** The engine that every machine has. */
final class CpuEngine implements Engine {
  private final EngineOptions options;
  private final Gemms.Choice products;
  private final WorkerPool pool;
  private final Arena arena = Arena.ofShared();
  private final Map<Variable, MemorySegment> variables = new IdentityHashMap<>();

  CpuEngine(EngineOptions options) {
    this.options = options;
    if (options.precision() == Precision.TF32) {
      throw new EngineException("The CPU engine knows precisions f32 and bf16, not tf32");
    }
    options
        .device()
        .ifPresent(
            device -> {
              throw new EngineException(
                  "The CPU engine has one device and takes no --device, got '" + device + "'");
            });
    this.products = Gemms.choose();
    if (!gemm().supports(operandType())) {
      gemm().close();
      throw new EngineException(
          "Products in bf16 need a processor with AVX512_BF16 or AMX (%s); choose precision f32"
              .formatted(products.reason()));
    }
    this.pool = new WorkerPool(options.threads());
  }

  /** Element type of the operands of products. */
  OperandType operandType() {
    return options.precision() == Precision.BF16 ? OperandType.BF16 : OperandType.F32;
  }

  Gemm gemm() {
    return products.gemm();
  }

  WorkerPool pool() {
    return pool;
  }

  EngineOptions options() {
    return options;
  }

  @Override
  public String description() {
    return "cpu, %d thread%s, %s%s, %s"
        .formatted(
            options.threads(),
            options.threads() == 1 ? "" : "s",
            options.precision(),
            gemm().isFast(operandType()) ? "" : " (slower than f32 on this processor)",
            products.reason());
  }

  @Override
  public Program compile(Graph graph) {
    return CpuProgram.compile(this, graph);
  }

  /** Where the contents of a variable lie; made of zeros at the first call. */
  MemorySegment storage(Variable variable) {
    return variables.computeIfAbsent(variable, v -> Tensors.allocate(arena, v.type()));
  }

  /** Whether a variable has its memory already. */
  boolean holds(Variable variable) {
    return variables.containsKey(variable);
  }

  @Override
  public void write(Variable variable, MemorySegment data) {
    checkSize(variable, variable.type(), data);
    MemorySegment.copy(data, 0, storage(variable), 0, data.byteSize());
  }

  @Override
  public void read(Variable variable, MemorySegment target) {
    checkSize(variable, variable.type(), target);
    MemorySegment.copy(storage(variable), 0, target, 0, target.byteSize());
  }

  /** Requires data to be of exactly a tensor's size. */
  static void checkSize(Object tensor, TensorType type, MemorySegment data) {
    if (data.byteSize() != type.bytes()) {
      throw new IllegalArgumentException(
          "%s has %d bytes, got %d".formatted(tensor, type.bytes(), data.byteSize()));
    }
  }

  @Override
  public void close() {
    pool.close();
    arena.close();
    products.gemm().close();
  }
}
