package org.sigmoe.nn.engine.cpu.gemm;

import java.util.function.Supplier;

/** Chooses how matrix products are computed. */
public final class Gemms {
  /**
   * System property that forces an implementation by name: {@code onednn} or {@code java}. Without
   * it, oneDNN is used where it loads, and Java elsewhere.
   */
  public static final String PROPERTY = "sigmoe.gemm";

  private Gemms() {}

  /**
   * A chosen implementation.
   *
   * @param gemm the implementation, to be closed by the caller
   * @param reason one line for people: what was chosen, and why if it is not the fastest
   */
  public record Choice(Gemm gemm, String reason) {}

  /**
   * Opens the fastest implementation that works here, or the one that {@link #PROPERTY} names.
   *
   * @throws GemmException if the one that the property names cannot be used
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Choice choose() {
    String forced = System.getProperty(PROPERTY, "");
    return switch (forced) {
      case "" -> fastest(OneDnnGemm::new);
      case OneDnnGemm.NAME -> choice(new OneDnnGemm(), "");
      case JavaGemm.NAME -> choice(new JavaGemm(), " (asked for by -D" + PROPERTY + ")");
      default ->
          throw new IllegalArgumentException(
              "-D"
                  + PROPERTY
                  + " is \""
                  + forced
                  + "\", must be "
                  + OneDnnGemm.NAME
                  + " or "
                  + JavaGemm.NAME);
    };
  }

  static Choice fastest(Supplier<Gemm> oneDnn) {
    try {
      return choice(oneDnn.get(), "");
    } catch (GemmException e) {
      return choice(new JavaGemm(), " (oneDNN did not load: " + e.getMessage() + ")");
    }
  }

  private static Choice choice(Gemm gemm, String why) {
    return new Choice(gemm, "matrix products: " + gemm.description() + why);
  }
}
