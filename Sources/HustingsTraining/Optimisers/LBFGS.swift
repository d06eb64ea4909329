/// Settings of a full-batch quasi-Newton solve.
public struct LBFGSSettings: Sendable, Hashable, Codable {
  /// Half of this times the sum of squared weights, not biases, is added to the mean loss.
  public var ridge: Double
  /// Steps remembered.
  public var memory: Int
  /// Most iterations.
  public var iterations: Int
  /// The solve ends when the longest element of the gradient is below this.
  public var tolerance: Double

  /// Settings of a solve.
  public init(ridge: Double = 0, memory: Int = 10, iterations: Int = 200, tolerance: Double = 1e-6) {
    self.ridge = ridge
    self.memory = memory
    self.iterations = iterations
    self.tolerance = tolerance
  }

  func check() throws {
    guard ridge >= 0, ridge.isFinite else {
      throw TrainingFault.badSetting(name: "the ridge", value: "\(ridge)", allowed: "0 or more")
    }
    guard memory > 0, iterations > 0, tolerance > 0 else {
      throw TrainingFault.badSetting(
        name: "the solver's memory, iterations or tolerance", value: "\(memory), \(iterations), \(tolerance)",
        allowed: "above 0")
    }
  }
}

/// Minimises a smooth function of many variables from values and gradients: limited-memory BFGS (Nocedal 1980) with a
/// line search that brackets a point of the strong Wolfe conditions (Nocedal and Wright 2006, algorithms 3.5 and 3.6).
struct LBFGS {
  let settings: LBFGSSettings
  /// The solve ends when an iteration gains less than this, relative to the value. Where gradients are 32-bit sums, what is
  /// below it only moves their rounding.
  var leastGain = 1e-10

  /// One iteration as it ends.
  struct Iteration {
    let number: Int
    let value: Double
    let steepest: Double
  }

  private struct Point {
    var step: Double
    var x: [Double]
    var value: Double
    var gradient: [Double]
    var slope: Double
  }

  /// The point where the function is least, as far as the settings seek it.
  ///
  /// - Parameters:
  ///   - function: value and gradient at a point; the value may be infinite.
  ///   - onIteration: called after each iteration; false ends the solve with nil.
  func minimise(
    from start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double]),
    onIteration: (Iteration) -> Bool
  ) -> [Double]? {
    var x = start
    var (value, gradient) = function(x)
    var steps: [[Double]] = []
    var changes: [[Double]] = []
    for number in 1...settings.iterations {
      if steepest(gradient) <= settings.tolerance { break }
      var direction = descent(gradient, steps, changes)
      if dot(direction, gradient) >= 0 {
        steps.removeAll()
        changes.removeAll()
        direction = gradient.map { -$0 }
      }
      let first = steps.isEmpty ? min(1, 1 / steepest(gradient)) : 1
      guard let next = search(x, value, gradient, direction, first, function) else { break }
      steps.append(zip(next.x, x).map { $0 - $1 })
      changes.append(zip(next.gradient, gradient).map { $0 - $1 })
      if dot(steps[steps.count - 1], changes[changes.count - 1]) <= 0 {
        steps.removeLast()
        changes.removeLast()
      }
      if steps.count > settings.memory {
        steps.removeFirst()
        changes.removeFirst()
      }
      let gain = value - next.value
      (x, value, gradient) = (next.x, next.value, next.gradient)
      if !onIteration(Iteration(number: number, value: value, steepest: steepest(gradient))) { return nil }
      if gain <= leastGain * max(1, abs(value)) { break }
    }
    return x
  }

  private func steepest(_ gradient: [Double]) -> Double { gradient.reduce(0) { max($0, abs($1)) } }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    // Eight sums side by side, which processors add at once; one sum waits for itself.
    let whole = a.count & ~7
    var sums = SIMD8<Double>()
    a.withUnsafeBytes { a in
      b.withUnsafeBytes { b in
        for i in stride(from: 0, to: 8 * whole, by: 64) {
          sums +=
            a.loadUnaligned(fromByteOffset: i, as: SIMD8<Double>.self)
            * b.loadUnaligned(fromByteOffset: i, as: SIMD8<Double>.self)
        }
      }
    }
    var sum = sums.sum()
    for i in whole..<a.count { sum += a[i] * b[i] }
    return sum
  }

  private func add(_ a: inout [Double], _ factor: Double, _ b: [Double]) {
    for i in a.indices { a[i] += factor * b[i] }
  }

  /// The two-loop recursion.
  private func descent(_ gradient: [Double], _ steps: [[Double]], _ changes: [[Double]]) -> [Double] {
    var q = gradient.map { -$0 }
    var shares: [Double] = []
    for (s, y) in zip(steps, changes).reversed() {
      let share = dot(s, q) / dot(s, y)
      shares.append(share)
      add(&q, -share, y)
    }
    if let s = steps.last, let y = changes.last {
      let scale = dot(s, y) / dot(y, y)
      for i in q.indices { q[i] *= scale }
    }
    for (s, y) in zip(steps, changes) {
      add(&q, (shares.popLast() ?? 0) - dot(y, q) / dot(s, y), s)
    }
    return q
  }

  private func search(
    _ x: [Double], _ value: Double, _ gradient: [Double], _ direction: [Double], _ first: Double,
    _ function: ([Double]) -> (value: Double, gradient: [Double])
  ) -> Point? {
    let slope = dot(gradient, direction)
    func at(_ step: Double) -> Point {
      var there = x
      add(&there, step, direction)
      let (value, gradient) = function(there)
      return Point(
        step: step, x: there, value: value, gradient: gradient, slope: dot(gradient, direction))
    }
    func descends(_ point: Point) -> Bool { point.value <= value + 1e-4 * point.step * slope }
    func isFlat(_ point: Point) -> Bool { abs(point.slope) <= -0.9 * slope }

    var low = Point(step: 0, x: x, value: value, gradient: gradient, slope: slope)
    var high: Point?
    var trial = at(first)
    for _ in 0..<30 {
      if !trial.value.isFinite || !descends(trial)
        || (high == nil && low.step > 0 && trial.value >= low.value)
        || (high != nil && trial.value >= low.value)
      {
        high = trial
      } else {
        if isFlat(trial) { return trial }
        if let end = high {
          if trial.slope * (end.step - low.step) >= 0 { high = low }
        } else if trial.slope >= 0 {
          high = low
        }
        low = trial
      }
      if let high {
        if abs(high.step - low.step) < 1e-12 * max(1, low.step) { break }
        trial = at(between(low, high))
      } else {
        trial = at(2 * low.step)
      }
    }
    return low.step > 0 && low.value < value ? low : nil
  }

  /// Where the parabola through one end's value and slope and the other's value is least, kept inside the interval.
  private func between(_ low: Point, _ high: Point) -> Double {
    let width = high.step - low.step
    let curve = high.value - low.value - low.slope * width
    let guess = curve > 0 && curve.isFinite ? -low.slope * width / (2 * curve) : 0.5
    return low.step + width * min(max(guess, 0.1), 0.9)
  }
}
