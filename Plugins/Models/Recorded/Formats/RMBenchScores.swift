import HustingsData

extension RecordingFormat {
  /// RM-Bench's results: `id`, `score_chosen` and `score_rejected`, a list over the styles each, and perhaps `domain`.
  static let rmBench = RecordingFormat { names in
    ["id", "score_chosen", "score_rejected"].allSatisfy(names.contains)
  } read: { row, line, file in
    guard case .json(let node) = row else { return }
    let id = try node.node("id").identifier()
    let item = file.items.index(of: try node.optionalString("domain").map { "\($0)/\(id)" } ?? id)
    for side in ["chosen", "rejected"] {
      for (style, score) in try node.array("score_\(side)").enumerated() {
        file.add(
          RewardRow(
            item: item, response: file.responses.index(of: "\(side)_\(style + 1)"), line: line,
            reward: try score.optionalReward()),
          to: file.stem)
      }
    }
  }
}
