import BenchmarkPlugins
import HustingsData
import HustingsMetrics

extension Reproductions {
  /// AlpacaEval 1 and the annotators that answer with a ranking: leaderboard rows, read from the replies where those were
  /// kept.
  static let alpacaEvalDiscrete = Reproduction(
    folder: "alpaca_eval_discrete", tolerance: .init(absolute: 1e-12),
    quoted: [
      "alpaca_eval_gpt4/falcon-7b-instruct / avg_length":
        "published for responses other than the judged ones, which have a mean length of 662"
    ], select: \.withoutMissing
  ) { folder in
    let prompts = try JSONNode.read("\(folder)/instructions.json").strings()
    let swaps = prompts.map { AlpacaSeeding.isSwapped(prompt: $0) }
    var contests: [String: AlpacaContest] = [:]
    for (path, stem) in FolderListing.files("\(folder)/numeric", suffix: ".jsonl") {
      guard let (annotator, model) = names(stem) else { continue }
      let rows = try AlpacaRecordedRow.read(path)
      var check = AlpacaReplyCheck()
      let annotations = try rows.map { row in
        guard let length = row.baselineLength else { throw MissingLength(file: path, place: row.place) }
        guard prompts.indices.contains(row.place) else {
          throw UnknownPrompt(file: path, place: row.place, count: prompts.count)
        }
        return row.annotation(
          baselineLength: length, isSwapped: swaps[row.place], annotator: AlpacaAnnotator.named(annotator),
          check: &check)
      }
      contests["\(annotator)/\(model)"] = AlpacaContest(annotations: annotations, promptCount: prompts.count)
        .trusting(check, stored: rows)
    }
    for (path, stem) in FolderListing.files("\(folder)/official", suffix: ".json") {
      guard let (annotator, model) = names(stem) else { continue }
      var check = AlpacaReplyCheck()
      contests["\(annotator)/\(model)"] = AlpacaContest(
        try AlpacaAnnotationRow.read(path), prompts: prompts, check: &check)
    }
    return .object(
      contests.compactMapValues { contest in
        contest.winRate.map { rate in
          .object(
            AlpacaRow(
              name: "", rate: rate, mode: nil, averageLength: contest.averageLength, lengthControlled: nil,
              lengthControlledSpread: nil
            ).figures)
        }
      })
  }

  /// The annotator and the model of a file named `annotator__model`.
  private static func names(_ stem: String) -> (annotator: String, model: String)? {
    guard let split = stem.firstRange(of: "__") else { return nil }
    return (String(stem[..<split.lowerBound]), String(stem[split.upperBound...]))
  }
}

/// A row without the length of the baseline's response, which nothing else in the folder tells.
private struct MissingLength: Error, CustomStringConvertible {
  let file: String
  let place: Int

  var description: String {
    "\(file): the row of prompt \(place) has no 'l1', the length of the baseline's response. Add it."
  }
}

extension AlpacaContest {
  /// These annotations, or the stored preferences where most replies contradict them: the file was then written by another
  /// parser than its annotator's name says, as has happened upstream.
  fileprivate func trusting(
    _ check: AlpacaReplyCheck, stored: [AlpacaRecordedRow]
  ) -> AlpacaContest {
    guard check.mismatches * 10 > check.read else { return self }
    return AlpacaContest(
      annotations: zip(annotations, stored).map { annotation, row in
        AlpacaAnnotation(
          place: annotation.place, baselineLength: annotation.baselineLength,
          modelLength: annotation.modelLength, preference: AlpacaPreference.probability(code: row.code),
          isIdentical: annotation.isIdentical)
      }, promptCount: promptCount)
  }
}
