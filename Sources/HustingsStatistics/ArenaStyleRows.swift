import HustingsNumerics

/// The regression of style control, row by row: two models and the style features, of which the former are one column each.
struct ArenaStyleRows: Sendable {
  /// Columns of models; those of the style features follow.
  let modelColumns: Int
  private let features: Int
  private let anchor: Int
  private let design: ArenaStyleControl.Design
  /// The column of each model; nil for one that is pinned at 0.
  private let column: [Int?]
  /// The column of each row's first and second model, or -1.
  private let first: [Int]
  private let second: [Int]
  /// Standardised, shape [rows][features].
  private let style: [Double]
  private let outcomes: [Double]
  private let weights: [Double]

  /// Nil without battles, or when a style feature never varies.
  init?(
    _ battles: [ArenaStyleControl.Battle], models: Int, anchor: Int, design: ArenaStyleControl.Design
  ) {
    let widths = Set(battles.map(\.style.count))
    precondition(widths.count <= 1, "battles with \(widths.sorted()) style features")
    guard let features = widths.first, let scales = Self.scales(battles, count: features, design) else {
      return nil
    }
    // Without a ridge one model has to be pinned, as only differences count.
    let columns = (0..<models).filter { design.ridge > 0 || $0 != anchor }
    var column = [Int?](repeating: nil, count: models)
    for (place, model) in columns.enumerated() { column[model] = place }
    self.column = column
    self.features = features
    self.anchor = anchor
    self.design = design
    modelColumns = columns.count
    first = battles.map { column[$0.first] ?? -1 }
    second = battles.map { column[$0.second] ?? -1 }
    style = battles.flatMap { battle in
      zip(battle.style, scales).map { ($0 - $1.mean) / $1.spread }
    }
    outcomes = battles.map(\.outcome)
    weights = battles.map(\.rows)
  }

  private static func scales(
    _ battles: [ArenaStyleControl.Battle], count: Int, _ design: ArenaStyleControl.Design
  ) -> [(mean: Double, spread: Double)]? {
    let rows = battles.reduce(0) { $0 + $1.rows }
    let degrees = design.divisor == .population ? rows : rows - 1
    guard degrees > 0 else { return nil }
    var scales: [(mean: Double, spread: Double)] = []
    for feature in 0..<count {
      let mean = battles.reduce(0) { $0 + $1.rows * $1.style[feature] } / rows
      let squares = battles.reduce(0) { sum, battle in
        sum + battle.rows * (battle.style[feature] - mean) * (battle.style[feature] - mean)
      }
      guard squares > 0 else { return nil }
      scales.append((mean, (squares / degrees).squareRoot()))
    }
    return scales
  }

  /// Where the loss is smallest; nil when there is no finite fit.
  ///
  /// - Parameters:
  ///   - copies: how often each row is there; nil for once.
  ///   - start: a nearby optimum to begin at; nil for all zeros.
  func fit(copies: [Double]?, from start: [Double]?) -> [Double]? {
    let weights = copies.map { zip(self.weights, $0).map { $0 * $1 } } ?? self.weights
    if let start, let near = refit(weights, from: start) { return near }
    return newton(
      start: start ?? [Double](repeating: 0, count: modelColumns + features),
      objective: { objective($0, weights) }, system: { system($0, weights) })?.point
  }

  /// Newton's method without looking at the loss, from an optimum of nearly the same rows; nil where a step is too long for that.
  ///
  /// Along a step that changes no row's log-odds by more than ½ the curvature grows by less than 2, so that the whole step leads
  /// down (Bach, "Self-concordant analysis for logistic regression", EJS 4, 2010). Errors are squared by each step.
  private func refit(_ weights: [Double], from start: [Double]) -> [Double]? {
    var point = start
    for _ in 0..<12 {
      let (gradient, hessian) = system(point, weights)
      guard let factor = Cholesky(hessian, order: point.count) else { return nil }
      let step = factor.solve(gradient)
      let longest = step.withUnsafeBufferPointer { step in
        style.withUnsafeBufferPointer { style in
          weights.indices.reduce(0) { max($0, abs(linear($1, step, style))) }
        }
      }
      guard longest <= 0.5 else { return nil }
      for index in point.indices { point[index] -= step[index] }
      if longest <= 1e-6 { return point }
    }
    return nil
  }

  /// Log-odds of each model over the anchor.
  func strengths(at point: [Double]) -> [Double] {
    let raw = column.map { $0.map { design.unit * point[$0] } ?? 0 }
    return raw.map { $0 - raw[anchor] }
  }

  private func linear(_ row: Int, _ point: UnsafeBufferPointer<Double>, _ style: UnsafeBufferPointer<Double>)
    -> Double
  {
    var value = 0.0
    if first[row] >= 0 { value += design.unit * point[first[row]] }
    if second[row] >= 0 { value -= design.unit * point[second[row]] }
    for feature in 0..<features { value += style[row * features + feature] * point[modelColumns + feature] }
    return value
  }

  private func objective(_ point: [Double], _ weights: [Double]) -> Double {
    var total = 0.5 * design.ridge * point.reduce(0) { $0 + $1 * $1 }
    point.withUnsafeBufferPointer { point in
      style.withUnsafeBufferPointer { style in
        for row in weights.indices where weights[row] > 0 {
          let η = linear(row, point, style)
          total += weights[row] * (softplus(η) - outcomes[row] * η)
        }
      }
    }
    return total
  }

  private func system(_ point: [Double], _ weights: [Double]) -> (gradient: [Double], hessian: [Double]) {
    let order = modelColumns + features
    var gradient = point.map { design.ridge * $0 }
    var hessian = [Double](repeating: 0, count: order * order)
    for index in 0..<order { hessian[index * order + index] = design.ridge }
    point.withUnsafeBufferPointer { point in
      style.withUnsafeBufferPointer { style in
        hessian.withUnsafeMutableBufferPointer { hessian in
          // The columns of a row that are not zero, in rising order, and what stands there.
          var columns = [Int](repeating: 0, count: features + 2)
          var values = [Double](repeating: 0, count: features + 2)
          columns.withUnsafeMutableBufferPointer { columns in
            values.withUnsafeMutableBufferPointer { values in
              for row in weights.indices where weights[row] > 0 {
                let p = logistic(linear(row, point, style))
                let slope = weights[row] * (p - outcomes[row])
                let curve = weights[row] * p * (1 - p)
                let count = fill(columns, values, row, style)
                for a in 0..<count {
                  gradient[columns[a]] += slope * values[a]
                  let scaled = curve * values[a]
                  // The lower triangle is all that is factored.
                  for b in 0...a { hessian[columns[a] * order + columns[b]] += scaled * values[b] }
                }
              }
            }
          }
        }
      }
    }
    for a in 0..<order {
      for b in 0..<a { hessian[b * order + a] = hessian[a * order + b] }
    }
    return (gradient, hessian)
  }

  /// Writes the columns of a row that are not zero, and what stands there; returns how many there are.
  private func fill(
    _ columns: UnsafeMutableBufferPointer<Int>, _ values: UnsafeMutableBufferPointer<Double>, _ row: Int,
    _ style: UnsafeBufferPointer<Double>
  ) -> Int {
    let (one, other) = (first[row], second[row])
    var count = 0
    func put(_ column: Int, _ value: Double) {
      guard column >= 0 else { return }
      columns[count] = column
      values[count] = value
      count += 1
    }
    if one < other {
      put(one, design.unit)
      put(other, -design.unit)
    } else {
      put(other, -design.unit)
      put(one, design.unit)
    }
    for feature in 0..<features { put(modelColumns + feature, style[row * features + feature]) }
    return count
  }
}
