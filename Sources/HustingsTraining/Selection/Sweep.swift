/// Tries every combination of some settings by cross-validation and says which is best.
public struct Sweep: Sendable {
  /// One combination.
  public struct Candidate: Sendable, Hashable {
    /// The values that set it apart, such as `rate=0.001 hidden=256`.
    public let name: String
    /// The model.
    public let model: ModelSettings
    /// How it is trained.
    public let training: TrainingSettings
  }

  /// One combination and its results; nil results when it diverged.
  public struct Row: Sendable, Hashable {
    /// The combination.
    public let candidate: Candidate
    /// Its results; nil when training diverged.
    public let result: CrossValidation?
    /// What happened when there is no result.
    public let fault: String?

    /// A combination with its results, or with what happened instead.
    public init(candidate: Candidate, result: CrossValidation?, fault: String?) {
      self.candidate = candidate
      self.result = result
      self.fault = fault
    }
  }

  /// The combinations, in the order of the axes: the last one varies fastest.
  public let candidates: [Candidate]

  /// Every combination of the axes' values on top of given settings; throws the first that cannot be.
  public init(model: ModelSettings, training: TrainingSettings, axes: [SweepAxis]) throws {
    var candidates = [Candidate(name: "", model: model, training: training)]
    for axis in axes {
      candidates = try candidates.flatMap { candidate in
        try axis.values.map { value in
          var (model, training) = (candidate.model, candidate.training)
          try axis.apply(value, to: &model, &training)
          let name = "\(axis.setting.rawValue)=\(value)"
          return Candidate(
            name: candidate.name.isEmpty ? name : "\(candidate.name) \(name)", model: model,
            training: training)
        }
      }
    }
    for candidate in candidates {
      try candidate.model.check()
      try candidate.training.check()
    }
    self.candidates = candidates
  }

  /// Cross-validates every combination on the same folds; one that diverges is reported and passed over.
  ///
  /// - Parameter onRow: told each row as it is done; false ends with the rows so far.
  public func run(
    _ data: EncodedDataset, folds: Int, by rule: FoldRule, workers: Int = 1,
    onRow: (Row) -> Bool = { _ in true }
  ) throws -> SweepTable {
    var rows: [Row] = []
    for candidate in candidates {
      let row: Row
      do {
        let result = try CrossValidation.run(
          model: candidate.model, settings: candidate.training, data: data, folds: folds, by: rule,
          workers: workers)
        row = Row(candidate: candidate, result: result, fault: nil)
      } catch let fault as TrainingFault {
        guard case .diverged = fault else { throw fault }
        row = Row(candidate: candidate, result: nil, fault: "\(fault)")
      }
      rows.append(row)
      if !onRow(row) { break }
    }
    return SweepTable(rows: rows)
  }
}

/// The results of a sweep, and the choice.
public struct SweepTable: Sendable, Hashable {
  /// One row per combination tried, in order.
  public let rows: [Sweep.Row]

  /// The results of combinations that were tried.
  public init(rows: [Sweep.Row]) { self.rows = rows }

  /// The row with the least mean held-out loss, the first of several; nil when none has a result.
  public var best: Int? {
    rows.indices.filter { rows[$0].result != nil }
      .min { (loss($0), $0) < (loss($1), $1) }
  }

  private func loss(_ row: Int) -> Double { rows[row].result?.loss ?? .infinity }

  /// The mean over folds of how much more a row loses than the best one, and the standard error of that mean; nil where
  /// either has no result or there is one fold.
  public func excess(_ row: Int) -> (mean: Double, standardError: Double)? {
    guard let best, let here = rows[row].result, let there = rows[best].result,
      here.folds.count == there.folds.count, here.folds.count > 1
    else { return nil }
    let differences = zip(here.folds, there.folds).map { $0.loss - $1.loss }
    let count = Double(differences.count)
    let mean = differences.reduce(0, +) / count
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / (count - 1) / count).squareRoot())
  }

  /// Rows other than the best whose excess is within one standard error of nothing.
  public var rivals: [Int] {
    rows.indices.filter { row in
      row != best && excess(row).map { $0.mean <= $0.standardError } == true
    }
  }

  /// The choice in a sentence or two.
  public var explanation: String {
    guard let best, let result = rows[best].result else {
      return "No combination has a result: every one diverged. Lower the learning rate."
    }
    let count = rows.filter { $0.result != nil }.count
    var text =
      "\(rows[best].candidate.name) has the least held-out loss, \(SweepTable.number(result.loss)) over"
      + " \(result.folds.count) folds by prompt, of \(count) combinations."
    let close = rivals
    if let rival = close.first {
      let names = close.count == 1 ? rows[rival].candidate.name : "\(close.count) others"
      text += " \(names) \(close.count == 1 ? "is" : "are") within one standard error of it."
    }
    let diverged = rows.count - count
    if diverged > 0 { text += " \(diverged) diverged." }
    return text
  }

  private static func number(_ value: Double) -> String {
    let scaled = (value * 10_000).rounded() / 10_000
    return "\(scaled)"
  }
}
