package org.sigmoe.tornado.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.tornado.cublas.Cublas;
import org.sigmoe.tornado.device.Backend;
import org.sigmoe.tornado.device.Device;
import org.sigmoe.tornado.engine.op.BatchedProducts;
import org.sigmoe.tornado.engine.op.CublasProducts;
import org.sigmoe.tornado.engine.op.Lowering;
import uk.ac.manchester.tornado.runtime.common.TornadoOptions;
import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;

/** Runs graphs on one device of TornadoVM. Variables stay on it, shared by all programs. */
final class TornadoEngine implements Engine {
  private final EngineOptions options;
  private final Device device;
  private final Function<Lowering, BatchedProducts> batchedProducts;
  private final DeviceMemory memory;
  private final Map<Variable, DeviceArray> variables = new IdentityHashMap<>();

  TornadoEngine(EngineOptions options, Device device) {
    if (device.backend() != Backend.CUDA && options.precision() != Precision.F32) {
      throw new EngineException(
          "Precision %s needs the CUDA backend of TornadoVM; device %s knows f32 alone"
              .formatted(options.precision(), device.name()));
    }
    if (device.backend() == Backend.CUDA) {
      // Matrix products need it: its lack is told now, not while a graph is being compiled.
      Cublas.load();
    }
    this(options, device, CublasProducts::new);
  }

  /** An engine whose batched products are computed otherwise than by cuBLAS. */
  TornadoEngine(
      EngineOptions options, Device device, Function<Lowering, BatchedProducts> batchedProducts) {
    this.options = options;
    this.device = device;
    this.batchedProducts = batchedProducts;
    this.memory =
        new DeviceMemory(
            (TornadoXPUDevice) device.tornado(),
            capacity(device),
            device.backend() == Backend.CUDA);
  }

  /** TornadoVM allocates no more than its flag tornado.device.memory says. */
  private static long capacity(Device device) {
    return Math.min(device.memoryBytes(), TornadoOptions.DEVICE_AVAILABLE_MEMORY);
  }

  EngineOptions options() {
    return options;
  }

  Device device() {
    return device;
  }

  Backend backend() {
    return device.backend();
  }

  /** What computes batched products of one node. */
  BatchedProducts batchedProducts(Lowering to) {
    return batchedProducts.apply(to);
  }

  DeviceMemory memory() {
    return memory;
  }

  @Override
  public String description() {
    return "tornado, %s, %s, %s"
        .formatted(device.name(), device.description(), options.precision());
  }

  @Override
  public Program compile(Graph graph) {
    return TornadoProgram.compile(this, graph);
  }

  /** Where the contents of a variable lie; made of zeros at the first call. */
  DeviceArray storage(Variable variable) {
    return variables.computeIfAbsent(
        variable,
        v -> {
          DeviceArray array = memory.allocate(v.type().dtype(), v.shape().elements(), v.toString());
          try (Arena zeros = Arena.ofConfined()) {
            memory.write(array, zeros.allocate(array.bytes(), Integer.BYTES));
          }
          return array;
        });
  }

  /** Whether a variable has its memory already. */
  boolean holds(Variable variable) {
    return variables.containsKey(variable);
  }

  @Override
  public void write(Variable variable, MemorySegment data) {
    TornadoProgram.checkSize(variable, variable.type(), data);
    memory.write(storage(variable), data);
  }

  @Override
  public void read(Variable variable, MemorySegment target) {
    TornadoProgram.checkSize(variable, variable.type(), target);
    memory.read(storage(variable), target);
  }

  @Override
  public void close() {
    variables.values().forEach(memory::free);
    variables.clear();
    memory.close();
  }
}
