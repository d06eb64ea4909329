import Hustings
import HustingsData

extension RecordingFormat {
  /// RewardBench's scores item by item: `id`, `subset`, and `scores_chosen` with `scores_rejected` (RewardBench 1), or
  /// `scores` over all answers with `num_correct` (RewardBench 2), or `results` alone.
  ///
  /// `results` without scores are a judge's: 1 is right, 0 is wrong, and 0.5 is read as a tie, since the authors write it for
  /// ties, refusals and failed calls alike.
  static let rewardBench = RecordingFormat { names in
    names.contains("id") && !["scores_chosen", "scores", "results"].filter(names.contains).isEmpty
  } read: { row, line, file in
    guard case .json(let node) = row else { return }
    let entry = RewardBenchEntry(
      id: try node.node("id"), subset: try node.optionalString("subset"),
      chosen: try node.optionalNode("scores_chosen"), rejected: try node.optionalNode("scores_rejected"),
      scores: try node.optionalNode("scores"), correct: try node.optionalInteger("num_correct"),
      result: try node.optionalNode("results"))
    try entry.add(line: line, to: try node.optionalString("model") ?? file.stem, &file)
  }
}

/// RewardBench's `eval-set-scores`: one JSON object of columns, each a list over the items.
enum RewardBenchColumns {
  static func fits(_ keys: [String]) -> Bool { RecordingFormat.rewardBench.fits(keys) }

  static func read(_ root: JSONNode, _ path: String) throws -> RecordedFile {
    let ids = try root.array("id")
    func column(_ name: String) throws -> [JSONNode]? {
      guard let values = try root.optionalArray(name) else { return nil }
      guard values.count == ids.count else {
        throw RecordingError.lengths(
          at: root.place, first: "id", count: ids.count, second: name, other: values.count)
      }
      return values
    }
    let (subsets, chosen, rejected) = (
      try column("subset"), try column("scores_chosen"), try column("scores_rejected")
    )
    let (scores, correct, results) = (try column("scores"), try column("num_correct"), try column("results"))
    let model: String? =
      if case .string(let name) = try root.optionalNode("model")?.value { name } else { nil }
    var file = RecordedFile(file: path) { index in
      let id = try? JSONNode.read(path).array("id")[Int(index)]
      return id?.place ?? Place(file: path)
    }
    for index in ids.indices {
      let entry = RewardBenchEntry(
        id: ids[index], subset: try subsets?[index].string(), chosen: chosen?[index],
        rejected: rejected?[index],
        scores: scores?[index], correct: try correct?[index].integer(), result: results?[index])
      try entry.add(line: Int32(index), to: model ?? RecordedReader.stem(path), &file)
    }
    return file
  }
}

private struct RewardBenchEntry {
  let id: JSONNode
  let subset: String?
  let chosen: JSONNode?
  let rejected: JSONNode?
  let scores: JSONNode?
  let correct: Int?
  let result: JSONNode?

  func add(line: Int32, to model: String, _ file: inout RecordedFile) throws {
    let item = file.items.index(of: try itemName())
    func add(_ name: String, _ score: JSONNode) throws {
      file.add(
        RewardRow(
          item: item, response: file.responses.index(of: name), line: line, reward: try score.optionalReward()
        ),
        to: model)
    }
    if let scores {
      let correct = correct ?? 1
      for (index, score) in try scores.elements().enumerated() {
        try add(index < correct ? "chosen_\(index + 1)" : "rejected_\(index - correct + 1)", score)
      }
    } else if let chosen, let rejected, !(chosen.isNull && rejected.isNull && result != nil) {
      try add("chosen", chosen)
      try add("rejected", rejected)
    } else if let result {
      let value = try result.double()
      let verdicts: [Double: Verdict] = [1: .first, 0: .second, 0.5: .tie]
      guard let verdict = verdicts[value] else {
        throw result.fault(.notAllowed(found: "\(value)", expected: "1, 0.5 or 0"))
      }
      file.add(
        JudgmentRow(
          item: item, first: file.responses.index(of: "chosen"), second: file.responses.index(of: "rejected"),
          line: line, judgment: verdict.judgment),
        to: model, areVerdicts: true)
    } else {
      throw DataError.field(
        at: id.place, path: chosen == nil ? "scores_chosen" : "scores_rejected", fault: .missing(nearest: nil)
      )
    }
  }

  /// Items of Ties are named by their id alone.
  private func itemName() throws -> String {
    let id = try id.identifier()
    guard let subset, subset.lowercased() != "ties" else { return id }
    return "\(subset)/\(id)"
  }
}
