import CKernels

/// The rows of a logistic regression on one to four features, feature by feature, ready to be summed over many times.
public struct LogisticColumns: Sendable, Hashable {
  /// What loss, slope and curvature at one point are made of, with p = σ(Σ β·x).
  public struct Sums: Sendable, Hashable {
    /// Σ w·log(1 + exp(Σ β·x)); nil when it was not asked for, which saves a third of the work.
    public let softplus: Double?
    /// Σ w·p·x, one number per feature.
    public let slope: [Double]
    /// Σ w·p·(1 − p)·x·xᵀ. Shape [width][width].
    public let curvature: [Double]
  }

  /// The most features that columns can have.
  public static let widest = 4

  /// Features of a row.
  public let width: Int
  private let columns: [Double]
  private let weights: [Double]

  /// Rows given one after another. `features` has the shape [rows][width], `weights` one number per row.
  public init(width: Int, features: [Double], weights: [Double]) {
    precondition((1...LogisticColumns.widest).contains(width), "columns of \(width) features")
    precondition(
      features.count == width * weights.count,
      "\(features.count) features for \(weights.count) rows of \(width)")
    // The kernel takes eight rows at a time; rows that fill up weigh nothing.
    let count = (weights.count + 7) / 8 * 8
    self.width = width
    self.weights = weights + [Double](repeating: 0, count: count - weights.count)
    columns = [Double](unsafeUninitializedCapacity: width * count) { buffer, initialized in
      for column in 0..<width {
        for row in 0..<weights.count { buffer[column * count + row] = features[row * width + column] }
        for row in weights.count..<count { buffer[column * count + row] = 0 }
      }
      initialized = width * count
    }
  }

  /// The sums at the point β, the same bits on every processor.
  public func sums(at coefficients: [Double], withLoss: Bool = true) -> Sums {
    LogisticColumns.sums(over: CollectionOfOne(self), width: width, at: coefficients, withLoss: withLoss)
  }

  /// The sums over the rows of several parts, one part after another.
  ///
  /// - Parameter width: that of every part.
  public static func sums(
    over parts: some Sequence<LogisticColumns>, width: Int, at coefficients: [Double], withLoss: Bool = true
  ) -> Sums {
    precondition(coefficients.count == width, "\(coefficients.count) coefficients for \(width) features")
    let count = 1 + width + width * (width + 1) / 2
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * count) { room in
      room.initialize(repeating: 0)
      if let base = room.baseAddress {
        for part in parts {
          precondition(part.width == width, "a part of \(part.width) features among parts of \(width)")
          hustings_logistic_sums(
            part.weights.count, width, part.columns, part.weights, coefficients, withLoss ? 1 : 0,
            base + count)
          for place in 0..<count { base[place] += base[count + place] }
        }
      }
      var curvature = [Double](repeating: 0, count: width * width)
      var place = 1 + width
      for row in 0..<width {
        for column in 0...row {
          curvature[row * width + column] = room[place]
          curvature[column * width + row] = room[place]
          place += 1
        }
      }
      return Sums(
        softplus: withLoss ? room[0] : nil, slope: Array(room[1...width]), curvature: curvature)
    }
  }
}
