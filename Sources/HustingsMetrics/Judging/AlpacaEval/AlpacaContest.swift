public import HustingsStatistics

/// Which difficulty belongs to which annotation, where some of the set's prompts have none.
public enum DifficultyAlignment: Sendable, Hashable {
  /// The difficulty of the annotation's own prompt.
  case byPrompt
  /// The n-th difficulty for the n-th annotation, as AlpacaEval looks it up. Published numbers of models with missing
  /// rows need it; it differs by up to 0.04 points.
  case byPosition
}

/// A model's annotations against the baseline, over a set of prompts.
public struct AlpacaContest: Sendable, Hashable {
  /// In the order of the annotation file.
  public let annotations: [AlpacaAnnotation]
  /// Prompts of the set. Those without an annotation count as responses of length 0.
  public let promptCount: Int

  /// A model's annotations.
  public init(annotations: [AlpacaAnnotation], promptCount: Int) {
    self.annotations = annotations
    self.promptCount = promptCount
  }

  /// The win rate; nil when no annotation has a preference.
  public var winRate: AlpacaWinRate? { AlpacaWinRate(annotations.lazy.map(\.preference)) }

  /// The mean length of the model's responses in code points, rounded down; nil for an empty set.
  public var averageLength: Int? {
    promptCount == 0 ? nil : annotations.reduce(0) { $0 + $1.modelLength } / promptCount
  }

  /// What length control sees.
  ///
  /// - Parameter difficulties: one per prompt of the set; nil when there are none.
  public func lengthControlRows(
    difficulties: [Double]?, alignment: DifficultyAlignment
  ) -> LengthControlRows {
    if let difficulties {
      precondition(
        difficulties.count >= promptCount, "\(difficulties.count) difficulties for \(promptCount) prompts")
    }
    return LengthControlRows(
      baselineLengths: annotations.map(\.baselineLength), modelLengths: annotations.map(\.modelLength),
      difficulties: difficulties.map { difficulties in
        annotations.indices.map {
          difficulties[alignment == .byPrompt ? annotations[$0].place : $0]
        }
      }, preferences: annotations.map(\.preference))
  }
}
