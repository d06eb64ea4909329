import HustingsNumerics

/// The loss of a logistic regression with its derivatives: Σ w [softplus(η) - y η] + ½ ridge ‖β‖².
struct LogisticProblem {
  /// X, row by row.
  let design: [Double]
  let columns: Int
  let outcomes: [Double]
  let offsets: [Double]
  let weights: [Double]
  let ridge: Double

  /// η = offset + Xβ, item by item.
  private func linear(_ β: [Double]) -> [Double] {
    var η = offsets
    for item in η.indices {
      var value = 0.0
      for column in 0..<columns { value += design[item * columns + column] * β[column] }
      η[item] += value
    }
    return η
  }

  func objective(_ β: [Double]) -> Double {
    var losses = linear(β)
    for item in losses.indices {
      losses[item] = weights[item] * (softplus(losses[item]) - outcomes[item] * losses[item])
    }
    return sum(losses) + 0.5 * ridge * sum(β.map { $0 * $0 })
  }

  func system(_ β: [Double]) -> (gradient: [Double], hessian: [Double]) {
    var gradient = β.map { ridge * $0 }
    var hessian = [Double](repeating: 0, count: columns * columns)
    for row in 0..<columns { hessian[row * columns + row] = ridge }
    let η = linear(β)
    for item in η.indices {
      let p = logistic(η[item])
      let slope = weights[item] * (p - outcomes[item])
      let curve = weights[item] * p * (1 - p)
      let start = item * columns
      for row in 0..<columns {
        let x = design[start + row]
        if x == 0 { continue }
        gradient[row] += slope * x
        let scaled = curve * x
        for column in 0...row { hessian[row * columns + column] += scaled * design[start + column] }
      }
    }
    for row in 0..<columns {
      for column in 0..<row { hessian[column * columns + row] = hessian[row * columns + column] }
    }
    return (gradient, hessian)
  }

  /// w (y - p) x, item by item.
  func scores(_ β: [Double]) -> [[Double]] {
    let η = linear(β)
    return η.indices.map { item in
      let miss = weights[item] * (outcomes[item] - logistic(η[item]))
      return (0..<columns).map { miss * design[item * columns + $0] }
    }
  }
}
