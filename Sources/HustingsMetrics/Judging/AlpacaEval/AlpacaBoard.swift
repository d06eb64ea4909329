public import HustingsStatistics

/// How a board of AlpacaEval is computed: which length control, with which difficulties.
public struct AlpacaBoard: Sendable {
  /// How a model's win rate is controlled for length; nil to leave it as it is.
  public let control: LengthControl?
  /// How strongly fits are held towards zero.
  public let strength: LengthControlStrength
  /// One difficulty per prompt; nil when the control uses none.
  public let difficulties: [Double]?
  /// Which difficulty belongs to which annotation.
  public let alignment: DifficultyAlignment

  /// A board's rules.
  public init(
    control: LengthControl?, strength: LengthControlStrength, difficulties: [Double]?,
    alignment: DifficultyAlignment
  ) {
    self.control = control
    self.strength = strength
    self.difficulties = difficulties
    self.alignment = alignment
  }

  /// A model's line with its fit; nil when none of its annotations has a preference.
  public func entry(_ name: String, _ contest: AlpacaContest, mode: AlpacaRow.Mode?) -> Entry? {
    guard let rate = contest.winRate else { return nil }
    let fit = control?.fit(rows(contest), strength: strength)
    return Entry(
      row: AlpacaRow(
        name: name, rate: rate, mode: mode, averageLength: contest.averageLength,
        lengthControlled: fit?.winRate, lengthControlledSpread: fit?.spread), fit: fit,
      isFarFromRaw: fit.map { rate.isFar(from: $0.winRate) } ?? false)
  }

  /// The lines of several models, computed at the same time, in the order given; models without a preference are left out.
  public func entries(_ contests: [(name: String, contest: AlpacaContest)]) async -> [Entry] {
    await withTaskGroup(of: (Int, Entry?).self) { group in
      for (place, model) in contests.enumerated() {
        group.addTask { (place, entry(model.name, model.contest, mode: nil)) }
      }
      var entries = [Entry?](repeating: nil, count: contests.count)
      for await (place, entry) in group { entries[place] = entry }
      return entries.compactMap { $0 }
    }
  }

  /// The length-controlled win rate's sampling error, by refitting on resampled prompts; nil where there is no fit.
  public func bootstrap(
    _ contest: AlpacaContest, fit: LengthControlFit, replicates: Int, seed: UInt64
  ) -> BootstrapDistribution? {
    control?.bootstrap(
      rows(contest), inverseStrength: fit.inverseStrength, replicates: replicates, seed: seed)
  }

  private func rows(_ contest: AlpacaContest) -> LengthControlRows {
    contest.lengthControlRows(
      difficulties: control?.usesDifficulty == true ? difficulties : nil, alignment: alignment)
  }

  /// A model on the board.
  public struct Entry: Sendable, Hashable {
    /// Its line.
    public let row: AlpacaRow
    /// The fit behind the length-controlled win rate; nil when there is none or it has no finite optimum.
    public let fit: LengthControlFit?
    /// Whether the length-controlled win rate is so far from the raw one that the fit may have failed.
    public let isFarFromRaw: Bool
  }
}
