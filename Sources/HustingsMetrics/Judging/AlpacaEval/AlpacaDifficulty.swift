public import HustingsStatistics

/// Where a set's difficulties come from. AlpacaEval's are fitted once to its own 805 prompts and are wrong for any others.
public enum AlpacaDifficulty: Sendable, Hashable {
  /// They are given, one per prompt.
  case supplied([Double])
  /// They are estimated from the judgments of the models themselves, which takes several; `ridge` holds them together (see
  /// `LengthControlDifficulty`).
  case estimated(ridge: Double)
  /// They are left out, and only length is controlled for.
  case unused
}

extension AlpacaBoard {
  /// A board over a set of one's own.
  ///
  /// - Parameters:
  ///   - contests: every model's annotations, all on the same set; difficulties are estimated from them where asked for.
  ///   - anchor: length-gamed baselines judged on the same set; nil to do without.
  /// - Returns: nil when difficulties were to be estimated and cannot be.
  public init?(
    ownSet contests: [AlpacaContest], difficulty: AlpacaDifficulty, anchor: LengthControlAnchor?,
    strength: LengthControlStrength
  ) {
    let difficulties: [Double]?
    switch difficulty {
    case .supplied(let values): difficulties = values
    case .unused: difficulties = nil
    case .estimated(let ridge):
      let rows = contests.map(\.alignedRows)
      guard let estimate = LengthControlDifficulty(estimatedFrom: rows, ridge: ridge) else { return nil }
      difficulties = estimate.values
    }
    self.init(
      control: LengthControl(anchor: anchor, usesDifficulty: difficulties != nil), strength: strength,
      difficulties: difficulties, alignment: .byPrompt)
  }
}

extension AlpacaContest {
  /// A row for every prompt of the set in the set's order; prompts without an annotation have no preference.
  var alignedRows: LengthControlRows {
    let own = lengthControlRows(difficulties: nil, alignment: .byPrompt)
    var terms = [Double](repeating: 0, count: promptCount)
    var preferences = [Double?](repeating: nil, count: promptCount)
    for (row, annotation) in annotations.enumerated() {
      terms[annotation.place] = own.lengthTerms[row]
      preferences[annotation.place] = annotation.preference
    }
    return LengthControlRows(lengthTerms: terms, difficulties: nil, preferences: preferences)
  }
}
