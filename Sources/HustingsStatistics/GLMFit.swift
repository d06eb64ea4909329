import HustingsNumerics

/// What holds the coefficients of a regression back.
public enum GLMPenalty: Sendable, Hashable {
  /// Nothing: the maximum of the likelihood.
  case unpenalised
  /// strength · Σ |β|. Strength 1/C is what scikit-learn calls `penalty="l1", C=C`.
  case lasso(Double)
  /// strength / 2 · Σ β². Strength 1/C is what scikit-learn calls `penalty="l2", C=C`.
  case ridge(Double)

  /// What it adds to the loss.
  public func value(_ coefficients: [Double]) -> Double {
    switch self {
    case .unpenalised: 0
    case .lasso(let strength): strength * coefficients.reduce(0) { $0 + abs($1) }
    case .ridge(let strength): strength / 2 * coefficients.reduce(0) { $0 + $1 * $1 }
    }
  }
}

/// The optimum of a penalised logistic regression.
public struct GLMFit: Sendable, Hashable {
  /// One per feature.
  public let coefficients: [Double]
  /// The loss and the penalty at the optimum.
  public let objective: Double
  /// Newton steps taken.
  public let steps: Int
}

extension GLMRows {
  /// The exact optimum of loss plus penalty, by Newton's method with halved steps.
  ///
  /// The objective is convex. With a lasso every step minimises the quadratic model and the penalty together by
  /// coordinate descent (Friedman, Hastie and Tibshirani, J. Stat. Soft. 33, 2010), which leaves coefficients at
  /// exactly zero where they belong.
  ///
  /// - Parameters:
  ///   - start: where to begin; nil for all zeros. A nearby optimum saves steps.
  ///   - tolerance: the last step is smaller than this times the largest coefficient (or 1); as steps shrink
  ///     quadratically, what is left after it is far smaller.
  /// - Returns: nil when there is no finite optimum (the rows are separable and nothing holds the coefficients back),
  ///   or when features depend on one another.
  public func fit(
    _ penalty: GLMPenalty, from start: [Double]? = nil, tolerance: Double = 1e-9, limit: Int = 100
  ) -> GLMFit? {
    let surface = GLMSurface(self)
    return surface.minimum(penalty, from: start, tolerance: tolerance, limit: limit).map {
      GLMFit(
        coefficients: $0.point, objective: surface.loss(at: $0.point) + penalty.value($0.point),
        steps: $0.steps)
    }
  }
}

extension GLMSurface {
  /// Where loss and penalty together are smallest; see `GLMRows.fit`.
  func minimum(
    _ penalty: GLMPenalty, from start: [Double]? = nil, tolerance: Double, limit: Int = 100
  ) -> (point: [Double], steps: Int)? {
    var descent = GLMDescent(self, from: start)
    return descent.minimum(penalty, tolerance: tolerance, limit: limit)
  }
}

/// Newton's method down a surface, for one penalty after another: each begins where the last one ended, and with what is known
/// of the surface there.
struct GLMDescent {
  private let surface: GLMSurface
  /// Where the surface was last looked at.
  private var coefficients: [Double]
  private var here: GLMCurvature

  init(_ surface: GLMSurface, from start: [Double]? = nil) {
    self.surface = surface
    coefficients = start ?? [Double](repeating: 0, count: surface.width)
    precondition(
      coefficients.count == surface.width,
      "a start with \(coefficients.count) coefficients for \(surface.width)")
    here = surface.curvature(at: coefficients, withLoss: start == nil)
  }

  /// Where loss and penalty together are smallest.
  mutating func minimum(_ penalty: GLMPenalty, tolerance: Double, limit: Int = 100) -> (
    point: [Double], steps: Int
  )? {
    for step in 1...limit {
      guard let target = here.minimiser(from: coefficients, penalty, tolerance: tolerance * tolerance / 100)
      else { return nil }
      let direction = zip(target, coefficients).map { $0 - $1 }
      let reach = direction.reduce(0) { max($0, abs($1)) }
      guard reach.isFinite else { return nil }
      if reach <= tolerance * max(1, target.reduce(0) { max($0, abs($1)) }) { return (target, step) }
      // Along a step that changes no row's log-odds by more than ½ the curvature grows by less than e^½, which is below 2, so
      // that the whole step leads down (Bach, "Self-concordant analysis for logistic regression", EJS 4, 2010).
      if surface.change(along: direction) <= 0.5 {
        coefficients = target
        here = surface.curvature(at: target, withLoss: false)
      } else if !halve(direction, to: target, penalty) {
        return nil
      }
    }
    return nil
  }

  /// Goes as far along a step as leads down enough; false when nothing does.
  private mutating func halve(_ direction: [Double], to target: [Double], _ penalty: GLMPenalty) -> Bool {
    let objective = (here.loss ?? surface.loss(at: coefficients)) + penalty.value(coefficients)
    let promised =
      zip(here.gradient, direction).reduce(0) { $0 + $1.0 * $1.1 } + penalty.value(target)
      - penalty.value(coefficients)
    var share = 1.0
    while share >= 1e-12 {
      let trial = zip(coefficients, direction).map { $0 + share * $1 }
      let there = surface.curvature(at: trial)
      let value = (there.loss ?? .infinity) + penalty.value(trial)
      // Rounding of the objective may hide the descent of the last steps; allow for it.
      if value <= objective + 1e-4 * share * min(promised, 0) + 1e-13 * abs(objective) {
        (coefficients, here) = (trial, there)
        return true
      }
      share /= 2
    }
    return false
  }
}

extension GLMCurvature {
  /// Where the quadratic model of the loss around `point`, together with the penalty, is smallest.
  ///
  /// - Parameter tolerance: a lasso's sweeps end when they move no coefficient by more than this times the largest one (or 1).
  fileprivate func minimiser(from point: [Double], _ penalty: GLMPenalty, tolerance: Double) -> [Double]? {
    switch penalty {
    case .unpenalised: newton(from: point, ridge: 0)
    case .ridge(let strength): newton(from: point, ridge: strength)
    case .lasso(let strength): shrunk(from: point, strength: strength, tolerance: max(1e-15, tolerance))
    }
  }

  private func newton(from point: [Double], ridge: Double) -> [Double]? {
    let width = point.count
    var matrix = hessian
    for column in 0..<width { matrix[column * width + column] += ridge }
    let slope = zip(gradient, point).map { $0 + ridge * $1 }
    guard let factor = Cholesky(matrix, order: width) else { return nil }
    return zip(point, factor.solve(slope)).map { $0 - $1 }
  }

  private func shrunk(from point: [Double], strength: Double, tolerance: Double) -> [Double]? {
    let width = point.count
    guard (0..<width).allSatisfy({ hessian[$0 * width + $0] > 0 }) else { return nil }
    var target = point
    // The slope of the quadratic model at `target`.
    var slope = gradient
    hessian.withUnsafeBufferPointer { hessian in
      target.withUnsafeMutableBufferPointer { target in
        slope.withUnsafeMutableBufferPointer { slope in
          for _ in 0..<10_000 {
            if sweep(hessian, target, slope, strength) <= tolerance { break }
          }
        }
      }
    }
    return target
  }

  /// Minimises the quadratic model and a lasso by each coefficient in turn; how far that moved any, relative to the largest or 1.
  private func sweep(
    _ hessian: UnsafeBufferPointer<Double>, _ target: UnsafeMutableBufferPointer<Double>,
    _ slope: UnsafeMutableBufferPointer<Double>, _ strength: Double
  ) -> Double {
    let width = target.count
    var moved = 0.0
    var largest = 1.0
    for column in 0..<width {
      let curvature = hessian[column * width + column]
      let pull = slope[column] - curvature * target[column]
      let value =
        pull > strength
        ? (strength - pull) / curvature
        : pull < -strength ? (-strength - pull) / curvature : 0
      let change = value - target[column]
      largest = max(largest, abs(value))
      guard change != 0 else { continue }
      for other in 0..<width { slope[other] += change * hessian[other * width + column] }
      target[column] = value
      moved = max(moved, abs(change))
    }
    return moved / largest
  }
}
