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

  /// The point where the function is least, as far as the settings seek it.
  ///
  /// - Parameters:
  ///   - function: value and gradient at a point; the value may be infinite.
  ///   - onIteration: called after each iteration; false ends the solve with nil.
  func minimise(
    from start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double]),
    onIteration: (Iteration) -> Bool
  ) -> [Double]? {
    var descent = Descent(self, from: start)
    while let point = descent.wanted {
      let (value, gradient) = function(point)
      if let iteration = descent.take(value, gradient), !onIteration(iteration) { return nil }
    }
    return descent.x
  }
}

extension LBFGS {
  /// A solve that says where it wants the function and is told it there, so that several can be served by one reading of the
  /// data.
  struct Descent {
    /// Where the function is wanted; nil when the solve has ended.
    private(set) var wanted: [Double]?
    /// The best point so far, which is the result in the end.
    private(set) var x: [Double]
    private let solver: LBFGS
    private var value = Double.infinity
    private var gradient: [Double] = []
    /// What the steps so far tell of the function's curvature.
    private(set) var curvature: Curvature
    private var hasAdvanced = false
    private var number = 0
    private var search: Search?

    /// A solve from a point.
    ///
    /// - Parameter curvature: what an earlier solve of nearly the same function found, for this one to begin with.
    init(_ solver: LBFGS, from start: [Double], knowing curvature: Curvature = Curvature()) {
      self.solver = solver
      self.curvature = curvature
      x = start
      wanted = start
    }

    /// A solve that goes on after an iteration as it would have.
    ///
    /// - Parameters:
    ///   - vectors: what `vectors` was then.
    ///   - number: how many iterations there had been.
    ///   - value: the function's value at the best point.
    init?(_ solver: LBFGS, from vectors: [String: [Double]], number: Int, value: Double) {
      guard let x = vectors["point"], let gradient = vectors["gradient"],
        let curvature = Curvature(vectors), vectors.values.allSatisfy({ $0.count == x.count })
      else { return nil }
      self.solver = solver
      (self.x, self.gradient, self.value, self.number) = (x, gradient, value, number)
      self.curvature = curvature
      hasAdvanced = true
      begin()
    }

    /// The vectors that the solve goes on from after an iteration.
    var vectors: [String: [Double]] {
      curvature.vectors.merging(["point": x, "gradient": gradient]) { own, _ in own }
    }

    /// Takes the function's value and gradient at the wanted point; gives the iteration that ended with it, if one did.
    mutating func take(_ value: Double, _ gradient: [Double]) -> Iteration? {
      guard let point = wanted else { return nil }
      guard var search else {
        (self.value, self.gradient) = (value, gradient)
        begin()
        return nil
      }
      let found = search.take(point, value, gradient)
      guard search.isOver else {
        self.search = search
        wanted = search.point
        return nil
      }
      guard let found else {
        // What an earlier solve knew may no longer hold; what this one found itself does.
        if hasAdvanced || curvature.isEmpty { wanted = nil } else { forget() }
        return nil
      }
      return advance(to: found)
    }

    private mutating func forget() {
      curvature = Curvature()
      begin()
    }

    /// Begins an iteration, or ends the solve.
    private mutating func begin() {
      wanted = nil
      number += 1
      guard number <= solver.settings.iterations, steepest(gradient) > solver.settings.tolerance else {
        return
      }
      var direction = curvature.direction(gradient)
      if dot(direction, gradient) >= 0 {
        curvature = Curvature()
        direction = gradient.map { -$0 }
      }
      let first = curvature.isEmpty ? min(1, 1 / steepest(gradient)) : 1
      let search = Search(x, value, gradient, direction, first)
      wanted = search.point
      self.search = search
    }

    private mutating func advance(to next: Point) -> Iteration {
      hasAdvanced = true
      curvature.learn(
        step: difference(next.x, x), change: difference(next.gradient, gradient),
        memory: solver.settings.memory)
      let gain = value - next.value
      (x, value, gradient) = (next.x, next.value, next.gradient)
      let iteration = Iteration(number: number, value: value, steepest: steepest(gradient))
      if gain <= solver.leastGain * max(1, abs(value)) { wanted = nil } else { begin() }
      return iteration
    }
  }

  /// What steps and the changes of the gradient along them tell of a function's curvature.
  struct Curvature {
    private var steps: [[Double]] = []
    private var changes: [[Double]] = []

    var isEmpty: Bool { steps.isEmpty }

    init() {}

    /// What `vectors` said; nil when a step has no change.
    init?(_ vectors: [String: [Double]]) {
      while let step = vectors["step.\(steps.count)"] {
        guard let change = vectors["change.\(steps.count)"] else { return nil }
        steps.append(step)
        changes.append(change)
      }
    }

    /// Steps and changes by name.
    var vectors: [String: [Double]] {
      var vectors: [String: [Double]] = [:]
      for (index, (step, change)) in zip(steps, changes).enumerated() {
        vectors["step.\(index)"] = step
        vectors["change.\(index)"] = change
      }
      return vectors
    }

    fileprivate mutating func learn(step: [Double], change: [Double], memory: Int) {
      guard dot(step, change) > 0 else { return }
      steps.append(step)
      changes.append(change)
      if steps.count > memory {
        steps.removeFirst()
        changes.removeFirst()
      }
    }

    /// Where the function falls from a point with this gradient, by the two-loop recursion.
    fileprivate func direction(_ gradient: [Double]) -> [Double] {
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
  }

  fileprivate struct Point {
    var step: Double
    var x: [Double]
    var value: Double
    var gradient: [Double]
    var slope: Double
  }

  /// A search along a line for a point of the strong Wolfe conditions, bracketed and then closed in on.
  fileprivate struct Search {
    private static let most = 30
    /// Where the function is wanted.
    private(set) var point: [Double]
    private(set) var isOver = false
    private let x: [Double]
    private let value: Double
    private let direction: [Double]
    private let slope: Double
    private var step: Double
    private var low: Point
    private var high: Point?
    private var trials = 0

    init(_ x: [Double], _ value: Double, _ gradient: [Double], _ direction: [Double], _ first: Double) {
      self.x = x
      self.value = value
      self.direction = direction
      slope = dot(gradient, direction)
      low = Point(step: 0, x: x, value: value, gradient: gradient, slope: slope)
      step = first
      point = x
      add(&point, first, direction)
    }

    /// Takes the function at the wanted point; gives the result when the search is over, nil where it found nothing better.
    mutating func take(_ at: [Double], _ found: Double, _ gradient: [Double]) -> Point? {
      let trial = Point(
        step: step, x: at, value: found, gradient: gradient, slope: dot(gradient, direction))
      trials += 1
      let descends = trial.value <= value + 1e-4 * trial.step * slope
      if !trial.value.isFinite || !descends || (high == nil && low.step > 0 && trial.value >= low.value)
        || (high != nil && trial.value >= low.value)
      {
        high = trial
      } else {
        if abs(trial.slope) <= -0.9 * slope {
          isOver = true
          return trial
        }
        if let end = high {
          if trial.slope * (end.step - low.step) >= 0 { high = low }
        } else if trial.slope >= 0 {
          high = low
        }
        low = trial
      }
      if let high, abs(high.step - low.step) < 1e-12 * max(1, low.step) { isOver = true }
      if trials == Search.most { isOver = true }
      if isOver { return low.step > 0 && low.value < value ? low : nil }
      step = high.map { Search.between(low, $0) } ?? 2 * low.step
      point = x
      add(&point, step, direction)
      return nil
    }

    /// Where the parabola through one end's value and slope and the other's value is least, kept inside the interval.
    private static func between(_ low: Point, _ high: Point) -> Double {
      let width = high.step - low.step
      let curve = high.value - low.value - low.slope * width
      let guess = curve > 0 && curve.isFinite ? -low.slope * width / (2 * curve) : 0.5
      return low.step + width * min(max(guess, 0.1), 0.9)
    }
  }
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

private func difference(_ a: [Double], _ b: [Double]) -> [Double] {
  var result = a
  add(&result, -1, b)
  return result
}

private func add(_ a: inout [Double], _ factor: Double, _ b: [Double]) {
  for i in a.indices { a[i] += factor * b[i] }
}
