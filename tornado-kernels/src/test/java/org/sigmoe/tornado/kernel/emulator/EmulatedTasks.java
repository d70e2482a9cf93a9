package org.sigmoe.tornado.kernel.emulator;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.function.Function;
import org.sigmoe.tornado.kernel.Bf16Array;
import org.sigmoe.tornado.kernel.TaskTarget;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Runs tasks at once, by {@link KernelEmulator}. Scratch arrays hold NaNs. */
public final class EmulatedTasks implements TaskTarget {
  private final KernelContext context = new KernelContext();

  @Override
  public KernelContext context() {
    return context;
  }

  @Override
  public void task(String name, WorkerGrid threads, Function<String, TaskPackage> task) {
    // The first parameter that TornadoVM keeps is the code.
    Object[] parameters = task.apply(name).getTaskParameters();
    Method code = method(parameters[0]);
    Object[] arguments = Arrays.copyOfRange(parameters, 1, parameters.length);
    KernelEmulator.run(
        threads,
        emulated -> {
          Object[] own = arguments.clone();
          for (int i = 0; i < own.length; i++) {
            own[i] = own[i] == context ? emulated : own[i];
          }
          call(code, parameters[0], own);
        });
  }

  private static Method method(Object code) {
    Method method =
        Arrays.stream(code.getClass().getMethods())
            .filter(candidate -> candidate.getName().equals("apply"))
            .findFirst()
            .orElseThrow();
    method.setAccessible(true);
    return method;
  }

  private static void call(Method method, Object code, Object[] arguments) {
    try {
      method.invoke(code, arguments);
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public FloatArray scratch(int elements) {
    FloatArray array = new FloatArray(elements);
    array.init(Float.NaN);
    return array;
  }

  @Override
  public IntArray intScratch(int elements) {
    IntArray array = new IntArray(elements);
    array.init(Integer.MIN_VALUE);
    return array;
  }

  @Override
  public LongArray longScratch(int elements) {
    LongArray array = new LongArray(elements);
    array.init(-1);
    return array;
  }

  /** An array of bf16 elements, all NaN. */
  public static Bf16Array bf16(int elements) {
    MemorySegment memory =
        Arena.ofAuto().allocate(TornadoNativeArray.ARRAY_HEADER + 2L * elements, 64);
    ShortArray shorts = ShortArray.fromSegmentShallow(memory);
    shorts.init((short) -1);
    return new Bf16Array(
        shorts, IntArray.fromSegmentShallow(memory), LongArray.fromSegmentShallow(memory));
  }
}
