/// Both games on one prompt: in the first, A is the baseline and B the model; in the second, the other way round.
public struct ArenaHardGames: Sendable, Hashable {
  /// The prompt.
  public let prompt: String
  /// The model.
  public let model: String
  /// What the judge said with the baseline as A.
  public let game1: ArenaHardReading
  /// What the judge said with the model as A.
  public let game2: ArenaHardReading

  /// Both games on one prompt.
  public init(prompt: String, model: String, game1: ArenaHardReading, game2: ArenaHardReading) {
    self.prompt = prompt
    self.model = model
    self.game1 = game1
    self.game2 = game2
  }
}

/// The model's points in one row of Arena-Hard's battle table.
public struct ArenaHardRow: Sendable, Hashable {
  /// The prompt.
  public let prompt: String
  /// 1 if the model won, 0 if the baseline, ½ for a tie.
  public let credit: Double

  /// A row of the table.
  public init(prompt: String, credit: Double) {
    self.prompt = prompt
    self.credit = credit
  }
}

extension ArenaHardRule {
  /// The rows that games come to: one for a verdict, `strongRows` for a strong one.
  ///
  /// Version 0.1 drops what it cannot read game by game, version 2 the whole prompt. (Version 2 upstream stops at a label it
  /// does not know; here the prompt is dropped and counted by `ArenaHardReport`.)
  public func rows(_ games: [ArenaHardGames], strongRows: Int = 3) -> [ArenaHardRow] {
    precondition(strongRows > 0, "\(strongRows) rows for a strong verdict")
    return games.flatMap { pair -> [ArenaHardRow] in
      let labels = [pair.game1.label, pair.game2.label]
      if self == .v2, labels.contains(nil) { return [] }
      return labels.enumerated().flatMap { game, label -> [ArenaHardRow] in
        guard let label else { return [] }
        let row = ArenaHardRow(prompt: pair.prompt, credit: game == 0 ? 1 - label.credit : label.credit)
        return [ArenaHardRow](repeating: row, count: label.isStrong ? strongRows : 1)
      }
    }
  }
}

/// What the judge's replies held, so that nothing is dropped in silence.
public struct ArenaHardReport: Sendable, Hashable {
  /// Games per label.
  public let labels: [ArenaHardLabel: Int]
  /// Games without a verdict.
  public let missing: Int
  /// Games with verdicts that differ.
  public let contradictory: Int
  /// Games per text that is no label.
  public let unknown: [String: Int]

  /// A report on the readings of all games.
  public init(_ readings: some Sequence<ArenaHardReading>) {
    var labels: [ArenaHardLabel: Int] = [:]
    var unknown: [String: Int] = [:]
    var missing = 0
    var contradictory = 0
    for reading in readings {
      switch reading {
      case .label(let label): labels[label, default: 0] += 1
      case .missing: missing += 1
      case .contradictory: contradictory += 1
      case .unknown(let text): unknown[text, default: 0] += 1
      }
    }
    self.labels = labels
    self.missing = missing
    self.contradictory = contradictory
    self.unknown = unknown
  }
}
