import Foundation
import HustingsData
public import HustingsStatistics

/// Length-controlled win rates from published weights: AlpacaEval's table of fits, one row per model.
public struct AlpacaWeights: Sendable {
  /// One model.
  public struct Row: Sendable, Hashable {
    /// The model.
    public let model: String
    /// Its weights.
    public let weights: LengthControlWeights
    /// The length-controlled win rate, a share.
    public let winRate: Double
    /// What upstream prints as its standard error, a share; nil for a single prompt.
    public let spread: Double?
  }

  /// In the order of the file.
  public let rows: [Row]

  /// Reads a table with the columns `np.tanh(std_delta_len)`, `instruction_difficulty` and `not_gamed_baseline…`, and the model's
  /// name in the first.
  ///
  /// - Parameter difficultyFile: the difficulties of the set's prompts, as a JSON list.
  public init(_ file: String, difficultyFile: String) throws {
    let difficulties = try AlpacaSet.difficulties(difficultyFile)
    let table = try CSVTable.read(file)
    func column(_ prefix: String) throws -> String {
      guard let name = table.columns.first(where: { $0.hasPrefix(prefix) }) else {
        throw BenchmarkError.missingColumn(prefix, file: file)
      }
      return name
    }
    let (length, difficulty, theta) = (
      try column("np.tanh(std_delta_len)"), try column("instruction_difficulty"),
      try column("not_gamed_baseline")
    )
    rows = try table.rows.compactMap { row in
      guard let name = row.fields.first else { return nil }
      let weights = LengthControlWeights(
        lengthTerm: try row.double(length), difficulty: try row.double(difficulty),
        theta: try row.double(theta))
      return weights.winRate(difficulties: difficulties).map {
        Row(model: name, weights: weights, winRate: $0, spread: weights.spread(difficulties: difficulties))
      }
    }
  }

  /// The file of difficulties below a data root.
  public static func difficultyFile(dataRoot: String) -> String {
    "\(dataRoot)/\(AlpacaSet.folder)/instruction_difficulty.json"
  }
}
