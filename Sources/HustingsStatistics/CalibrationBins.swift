import HustingsNumerics

/// Items grouped by confidence, to compare how sure a model was with how often it was right.
public struct CalibrationBins: Sendable, Hashable {
  /// One group with at least one item.
  public struct Bin: Sendable, Hashable {
    /// How many items.
    public let count: Int
    /// Their mean confidence.
    public let confidence: Double
    /// Their mean outcome.
    public let hitRate: Double
  }

  /// The groups that have items, by ascending confidence.
  public let bins: [Bin]
  /// How many items all groups have together.
  public var count: Int { bins.reduce(0) { $0 + $1.count } }

  /// Bins of equal width on [0, 1]: bin k holds confidences from k/n up to, not including, (k+1)/n, the last
  /// one also 1.
  public static func equalWidth(_ items: FoldedMargins, bins count: Int) -> CalibrationBins {
    precondition(count > 0, "\(count) bins")
    var members = [[Int]](repeating: [], count: count)
    for (index, confidence) in items.confidences.enumerated() {
      precondition(confidence >= 0 && confidence <= 1, "a confidence of \(confidence)")
      members[min(count - 1, Int(confidence * Double(count)))].append(index)
    }
    return CalibrationBins(members: members, of: items)
  }

  /// Bins of nearly equal numbers of items. Equal confidences stay together, so that the order of items has
  /// no say.
  public static func equalMass(_ items: FoldedMargins, bins count: Int) -> CalibrationBins {
    precondition(count > 0, "\(count) bins")
    let order = items.confidences.indices.sorted { items.confidences[$0] < items.confidences[$1] }
    var members: [[Int]] = []
    var start = 0
    for bin in 1...count {
      var end = max(start, order.count * bin / count)
      while end > start, end < order.count,
        items.confidences[order[end]] == items.confidences[order[end - 1]]
      {
        end += 1
      }
      members.append(Array(order[start..<end]))
      start = end
    }
    return CalibrationBins(members: members, of: items)
  }

  private init(members: [[Int]], of items: FoldedMargins) {
    bins = members.compactMap { group in
      guard let confidence = Descriptive.mean(group.map { items.confidences[$0] }),
        let hitRate = Descriptive.mean(group.map { items.hits[$0] })
      else { return nil }
      return Bin(count: group.count, confidence: confidence, hitRate: hitRate)
    }
  }

  /// ECE: Σ (n_b / n) |c̄_b - h̄_b|; nil for no items. Positive on average even for a perfectly calibrated
  /// model.
  public var expectedError: Double? {
    count == 0 ? nil : sum(bins.map { Double($0.count) * abs($0.confidence - $0.hitRate) }) / Double(count)
  }

  /// The largest |c̄_b - h̄_b|; nil for no items.
  public var maximumError: Double? {
    bins.map { abs($0.confidence - $0.hitRate) }.max()
  }

  /// Σ (n_b / n) [(c̄_b - h̄_b)² - h̄_b (1 - h̄_b) / (n_b - 1)]: squared error without the part that mere
  /// sampling adds.
  ///
  /// About zero, either sign, for a calibrated model. Bröcker (Climate Dynamics 39, 2012); Kumar, Liang, Ma,
  /// "Verified uncertainty calibration" (NeurIPS 2019). Nil for no items or a bin with a single one, whose
  /// noise cannot be told.
  public var correctedSquaredError: Double? {
    guard !bins.isEmpty, bins.allSatisfy({ $0.count > 1 }) else { return nil }
    let parts = bins.map { bin in
      let gap = bin.confidence - bin.hitRate
      return Double(bin.count) * (gap * gap - bin.hitRate * (1 - bin.hitRate) / Double(bin.count - 1))
    }
    return sum(parts) / Double(count)
  }
}
