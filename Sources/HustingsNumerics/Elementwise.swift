import CKernels

/// The non-linear function between two layers.
public enum Activation: String, Sendable, Hashable, Codable, CaseIterable {
  /// max(0, x).
  case relu
  /// x·Φ(x), by the tanh approximation of Hendrycks and Gimpel 2016.
  case gelu
  /// tanh x.
  case tanh
}

/// Fused element-wise work on 32-bit floats, the same bits on every processor.
public enum Elementwise {
  /// log σ(x), element by element.
  public static func logSigmoid(_ x: [Float]) -> [Float] {
    filled(x.count) { hustings_log_sigmoid(x.count, x, $0, nil) }
  }

  /// σ(-x), the derivative of log σ(x), element by element.
  public static func logSigmoidSlope(_ x: [Float]) -> [Float] {
    filled(x.count) { hustings_log_sigmoid(x.count, x, nil, $0) }
  }

  /// log(1 + exp(x)), element by element.
  public static func softplus(_ x: [Float]) -> [Float] {
    filled(x.count) { hustings_softplus(x.count, x, $0, nil) }
  }

  /// σ(x), the derivative of softplus, element by element.
  public static func logistic(_ x: [Float]) -> [Float] {
    filled(x.count) { hustings_softplus(x.count, x, nil, $0) }
  }

  /// exp(x), element by element, for x in -87 ... 88.
  public static func exp(_ x: [Float]) -> [Float] {
    var result = x
    result.withUnsafeMutableBufferPointer { hustings_exp($0.count, $0.baseAddress) }
    return result
  }

  private static func filled(_ count: Int, _ fill: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress { fill(base) }
      initialized = count
    }
  }

  /// With z = (score - margin)/tau and target p, element by element over n pairs:
  /// loss = -p·log σ(z) - (1-p)·log σ(-z) and slope = (σ(z) - p)/tau, both times the weight.
  ///
  /// A nil margin is 0, a nil target is `commonTarget`, a nil weight is 1.
  public static func logisticLoss(
    _ n: Int, score: UnsafePointer<Float>, margin: UnsafePointer<Float>?,
    target: UnsafePointer<Float>?, commonTarget: Float, weight: UnsafePointer<Float>?, tau: Float,
    loss: UnsafeMutablePointer<Float>, slope: UnsafeMutablePointer<Float>
  ) {
    hustings_logistic_loss(n, score, margin, target, commonTarget, weight, tau, loss, slope)
  }

  /// y = activation(x + bias) over x[rows×columns]; x is left as what `backward` needs, which for GELU is its input
  /// and for the others their output.
  ///
  /// - Parameter y: where GELU's output goes; the others' is x itself.
  public static func activate(
    _ activation: Activation, rows: Int, columns: Int, bias: UnsafePointer<Float>,
    x: UnsafeMutablePointer<Float>, y: UnsafeMutablePointer<Float>
  ) {
    switch activation {
    case .relu: hustings_bias_relu(rows, columns, bias, x)
    case .tanh: hustings_bias_tanh(rows, columns, bias, x)
    case .gelu: hustings_bias_gelu(rows, columns, bias, x, y)
    }
  }

  /// slope[i] *= activation'(·) over n elements, from what `activate` left in x.
  public static func backward(
    _ activation: Activation, _ n: Int, x: UnsafePointer<Float>, slope: UnsafeMutablePointer<Float>
  ) {
    switch activation {
    case .relu: hustings_relu_backward(n, x, slope)
    case .tanh: hustings_tanh_backward(n, x, slope)
    case .gelu: hustings_gelu_backward(n, x, slope)
    }
  }

  /// Adds bias[columns] to each row of x[rows×columns].
  public static func addBias(
    rows: Int, columns: Int, bias: UnsafePointer<Float>, x: UnsafeMutablePointer<Float>
  ) {
    hustings_add_bias(rows, columns, bias, x)
  }

  /// sums[columns] += the columns of x[rows×columns], row by row.
  public static func addColumnSums(
    rows: Int, columns: Int, x: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>
  ) {
    hustings_column_sums(rows, columns, x, sums)
  }

  /// y[i] += a·x[i] over n elements.
  public static func add(
    _ n: Int, _ a: Float, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>
  ) {
    hustings_axpy(n, a, x, y)
  }

  /// sum = a + b and difference = a - b over n elements, or both added to what is there.
  public static func sumAndDifference(
    _ n: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into sum: UnsafeMutablePointer<Float>, _ difference: UnsafeMutablePointer<Float>, adding: Bool = false
  ) {
    hustings_sum_difference(n, a, b, sum, difference, adding ? 1 : 0)
  }

  /// sums[n×k] = (a + b)/2 and differences[n×k] = (a - b)/2 of n pairs of stored rows, picked by turns as a and as b.
  public static func halfSums(
    _ rows: RowPick, inner k: Int, into sums: UnsafeMutablePointer<Float>,
    _ differences: UnsafeMutablePointer<Float>
  ) {
    guard let index = rows.index, rows.count.isMultiple(of: 2) else {
      preconditionFailure("\(rows.count) rows, picked by turns only with an index")
    }
    hustings_half_sums(rows.count / 2, k, rows.base, rows.stride, index, sums, differences)
  }

  /// Σ xᵢ over n elements, in 64 bits.
  public static func sum(_ n: Int, _ x: UnsafePointer<Float>) -> Double { hustings_sum(n, x) }

  /// Σ xᵢ² over n elements, in 64 bits.
  public static func sumOfSquares(_ n: Int, _ x: UnsafePointer<Float>) -> Double {
    hustings_sum_of_squares(n, x)
  }

  /// Each row of the matrix over its Euclidean norm, or over 1e-12 where that is larger.
  public static func normaliseRows(_ matrix: inout Matrix) {
    let (rows, columns) = (matrix.rows, matrix.columns)
    matrix.values.withUnsafeMutableBufferPointer {
      hustings_normalise_rows(rows, columns, $0.baseAddress, nil)
    }
  }

  /// Each row of x[rows×columns] to scale·softmax(sharpness·x).
  public static func softmaxRows(
    rows: Int, columns: Int, sharpness: Float, scale: Float, x: UnsafeMutablePointer<Float>
  ) {
    hustings_softmax_rows(rows, columns, sharpness, scale, x)
  }
}
