import CKernels

/// One step of an optimiser over some parameters, in 32-bit floats, on one thread.
public enum OptimiserKernel {
  /// AdamW (Loshchilov and Hutter 2019): m = b₁m + (1-b₁)g, v = b₂v + (1-b₂)g²,
  /// p = p(1 - rate·decay) - rate/c₁ · m/(√(v/c₂) + ε), with c = 1 - bᵗ at step t and g scaled by `clip`.
  public static func adamW(
    _ n: Int, parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>, clip: Float, rate: Float,
    betas: (Float, Float), epsilon: Float, decay: Float, corrections: (Float, Float)
  ) {
    hustings_adamw(
      n, parameters, gradient, first, second, clip, rate, betas.0, betas.1, epsilon, decay, corrections.0,
      corrections.1)
  }

  /// RMSprop (Tieleman and Hinton 2012): v = a·v + (1-a)g², p = p(1 - rate·decay) - rate·g/(√v + ε).
  public static func rmsProp(
    _ n: Int, parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    second: UnsafeMutablePointer<Float>, clip: Float, rate: Float, smoothing: Float, epsilon: Float,
    decay: Float
  ) {
    hustings_rmsprop(n, parameters, gradient, second, clip, rate, smoothing, epsilon, decay)
  }

  /// Gradient descent with momentum (Polyak 1964, as PyTorch writes it): m = μm + g, p = p(1 - rate·decay) - rate·m.
  public static func momentum(
    _ n: Int, parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    velocity: UnsafeMutablePointer<Float>, clip: Float, rate: Float, momentum: Float, decay: Float
  ) {
    hustings_momentum(n, parameters, gradient, velocity, clip, rate, momentum, decay)
  }
}
