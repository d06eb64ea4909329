/// A line of AlpacaEval's leaderboard. Rates are percentages here, as upstream's file has them.
public struct AlpacaRow: Sendable, Hashable {
  /// How a model came to the board; each level of a board also shows the ones before it.
  public enum Mode: String, Sendable, Hashable, CaseIterable, Comparable {
    case minimal, verified, community, dev

    /// Orders modes from the strictest on.
    public static func < (a: Mode, b: Mode) -> Bool { order(a) < order(b) }

    private static func order(_ mode: Mode) -> Int { allCases.firstIndex(of: mode) ?? 0 }
  }

  /// The model.
  public let name: String
  /// Its win rate and counts.
  public let rate: AlpacaWinRate
  /// How it came to the board; nil when unknown.
  public let mode: Mode?
  /// The mean length of its responses.
  public let averageLength: Int?
  /// The length-controlled win rate, in percent.
  public let lengthControlled: Double?
  /// What upstream prints as its standard error, in percent (see `LengthControlWeights.spread`).
  public let lengthControlledSpread: Double?

  /// A line of the board; `lengthControlled` and its spread are shares.
  public init(
    name: String, rate: AlpacaWinRate, mode: Mode?, averageLength: Int?, lengthControlled: Double?,
    lengthControlledSpread: Double?
  ) {
    self.name = name
    self.rate = rate
    self.mode = mode
    self.averageLength = averageLength
    self.lengthControlled = lengthControlled.map { 100 * $0 }
    self.lengthControlledSpread = lengthControlledSpread.map { 100 * $0 }
  }

  /// The win rate in percent.
  public var winRate: Double { 100 * rate.winRate }
  /// The standard error of the win rate in percent.
  public var standardError: Double? { rate.standardError.map { 100 * $0 } }
  /// The discrete win rate in percent.
  public var discreteWinRate: Double { 100 * rate.discreteWinRate }
}

/// AlpacaEval's leaderboard file, so that boards of both projects can be joined.
public enum AlpacaLeaderboard {
  /// The columns in upstream's order; the first, the model's name, has no title there.
  public static let columns = [
    "", "win_rate", "standard_error", "n_wins", "n_wins_base", "n_draws", "n_total", "discrete_win_rate",
    "mode", "avg_length", "length_controlled_winrate", "lc_standard_error",
  ]

  /// The file, rows from the highest length-controlled win rate down; rows without one come last, by win rate.
  public static func csv(_ rows: [AlpacaRow]) -> String {
    let sorted = rows.sorted { a, b in
      (a.lengthControlled ?? -1, a.winRate, b.name) > (b.lengthControlled ?? -1, b.winRate, a.name)
    }
    return ([columns] + sorted.map(cells)).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// The rows that a board of the given mode shows.
  public static func rows(_ rows: [AlpacaRow], upTo mode: AlpacaRow.Mode) -> [AlpacaRow] {
    rows.filter { ($0.mode ?? .dev) <= mode }
  }

  private static func cells(_ row: AlpacaRow) -> [String] {
    [
      quoted(row.name), "\(row.winRate)", row.standardError.map { "\($0)" } ?? "", "\(row.rate.wins)",
      "\(row.rate.losses)", "\(row.rate.draws)", "\(row.rate.total)", "\(row.discreteWinRate)",
      row.mode?.rawValue ?? "", row.averageLength.map { "\($0)" } ?? "",
      row.lengthControlled.map { "\($0)" } ?? "", row.lengthControlledSpread.map { "\($0)" } ?? "",
    ]
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }
}
