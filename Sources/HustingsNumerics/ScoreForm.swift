import CKernels

/// How two outputs of a body become a margin: an optional scalar part and a skew-symmetric part.
///
/// An output is one scalar r, if there is one, then k planes of two numbers each. The margin of i over j is
/// (rᵢ - rⱼ) + Σₗ λₗ·(uᵢ[2l]·uⱼ[2l+1] - uᵢ[2l+1]·uⱼ[2l]), where u is the planes, divided by their norm when `normalises`
/// is set, and λ a scale per plane. A reward model has no plane; a general preference model (Zhang et al. 2024,
/// section 4, with the sign of its definition 4.3) has no scalar.
///
/// Where the first plane leads it is (r, 1 + e), and the margin splits elsewhere: λ₁·(rᵢ - rⱼ) is its scalar part, and what the
/// first plane adds to that through e belongs to the skew part. Margins are the same.
public struct ScoreForm: Sendable, Hashable, Codable {
  /// Whether there is a scalar part.
  public let hasScalar: Bool
  /// How many planes the skew part has.
  public let planes: Int
  /// Whether the planes of each response are divided by their common Euclidean norm.
  public let normalises: Bool
  /// Whether the first number of the first plane counts as a reward when the skew part is told apart.
  public let leads: Bool

  /// A form of the given parts.
  public init(hasScalar: Bool, planes: Int, normalises: Bool, leads: Bool = false) {
    precondition(hasScalar || planes > 0, "a margin of no part")
    precondition(
      !leads || (!hasScalar && planes > 0 && !normalises), "a leading plane beside a scalar or under a norm")
    self.leads = leads
    self.hasScalar = hasScalar
    self.planes = planes
    self.normalises = normalises
  }

  /// Numbers per response.
  public var width: Int { (hasScalar ? 1 : 0) + 2 * planes }

  /// Margins of n pairs of rows of outputs[·×width]; scales[n×planes], nil for 1; skew[n] receives the skew part alone.
  public func margins(
    _ n: Int, outputs: UnsafePointer<Float>, first: UnsafePointer<Int32>, second: UnsafePointer<Int32>,
    scales: UnsafePointer<Float>?, into margins: UnsafeMutablePointer<Float>,
    skew: UnsafeMutablePointer<Float>? = nil
  ) {
    hustings_form_margins(
      n, hasScalar ? 1 : 0, planes, normalises ? 1 : 0, outputs, first, second, scales, margins, skew)
    guard leads, let skew else { return }
    for i in 0..<n {
      let (a, b) = (outputs[width * Int(first[i])], outputs[width * Int(second[i])])
      skew[i] -= (scales?[i * planes] ?? 1) * (a - b)
    }
  }

  /// Adds to gradient[·×width], pair by pair, what n pairs give it.
  ///
  /// - Parameters:
  ///   - slopes: shape [n], the loss's derivative by each margin.
  ///   - skewSlopes: shape [n], its derivative by the skew part alone; nil for 0.
  ///   - scaleSlopes: shape [n×planes], receives the derivative by each scale; nil to leave it out.
  public func addGradients(
    _ n: Int, outputs: UnsafePointer<Float>, first: UnsafePointer<Int32>, second: UnsafePointer<Int32>,
    scales: UnsafePointer<Float>?, slopes: UnsafePointer<Float>, skewSlopes: UnsafePointer<Float>?,
    to gradient: UnsafeMutablePointer<Float>, scaleSlopes: UnsafeMutablePointer<Float>? = nil
  ) {
    hustings_form_gradients(
      n, hasScalar ? 1 : 0, planes, normalises ? 1 : 0, outputs, first, second, scales, slopes,
      skewSlopes, gradient, scaleSlopes)
    guard leads, let skewSlopes else { return }
    // The kernel gave the skew part's slope to the whole of the first plane; its reward takes it back.
    for i in 0..<n {
      let (a, b) = (width * Int(first[i]), width * Int(second[i]))
      let slope = skewSlopes[i] * (scales?[i * planes] ?? 1)
      gradient[a] -= slope
      gradient[b] += slope
      scaleSlopes?[i * planes] -= skewSlopes[i] * (outputs[a] - outputs[b])
    }
  }

  /// The scalar and the skew part of the margin of `a` over `b`, in any precision: the definition that the kernels are
  /// tested against.
  ///
  /// - Parameter scales: one per plane; nil for 1.
  public func parts<T: BinaryFloatingPoint>(_ a: [T], _ b: [T], scales: [T]? = nil) -> (scalar: T, skew: T) {
    precondition(
      a.count == width && b.count == width, "outputs of \(a.count) and \(b.count), the form has \(width)")
    precondition(
      scales.map { $0.count == planes } ?? true, "\(scales?.count ?? 0) scales, \(planes) planes")
    let offset = hasScalar ? 1 : 0
    var skew: T = 0
    for plane in 0..<planes {
      let place = offset + 2 * plane
      skew += (scales?[plane] ?? 1) * (a[place] * b[place + 1] - a[place + 1] * b[place])
    }
    if normalises {
      let norm = { (v: [T]) in
        let square: T = v.dropFirst(offset).reduce(0) { $0 + $1 * $1 }
        return max(square.squareRoot(), 1e-12)
      }
      skew /= norm(a) * norm(b)
    }
    let lead = leads ? (scales?[0] ?? 1) * (a[0] - b[0]) : 0
    return ((hasScalar ? a[0] - b[0] : 0) + lead, skew - lead)
  }
}
