import BenchmarkPlugins
import HustingsData
import HustingsMetrics

extension AlpacaNumericRow {
  /// The row as an annotation. The preference is read from the judge's reply where that was kept, and compared with the stored
  /// one; where the judge was not asked it is a draw.
  func annotation(
    baselineLength: Int, isSwapped: Bool, annotator: AlpacaAnnotator?,
    check: inout AlpacaEval2Folder.ReplyCheck
  ) throws -> AlpacaAnnotation {
    let stored = AlpacaPreference.probability(code: code)
    return AlpacaAnnotation(
      place: place, baselineLength: baselineLength, modelLength: modelLength,
      preference: isIdentical
        ? 0.5
        : check.preference(stored: stored, reply) { reply in
          annotator.flatMap {
            try? AlpacaPreference.probability(
              in: reply, parser: $0.parser, isSwapped: $0.randomisesOrder && isSwapped)
          }
        }, isIdentical: isIdentical)
  }
}

extension AlpacaEval2Folder.ReplyCheck {
  /// The preference read from the reply, or the stored one where there is no reply or its rule is not known.
  mutating func preference(
    stored: Double?, _ reply: JudgeReply?, reading: (JudgeReply) -> Double?
  ) -> Double? {
    guard let reply else { return stored }
    read += 1
    let found = reading(reply)
    // Stored preferences have ten decimals.
    if let found, let stored, abs(found - stored) <= 6e-11 { return found }
    if found != nil || stored != nil { mismatches += 1 }
    return found
  }
}

extension AlpacaContest {
  /// A model's annotations as upstream writes them. Rows of prompts that the set does not have are left out.
  init(_ rows: [AlpacaAnnotationRow], prompts: [String], check: inout AlpacaEval2Folder.ReplyCheck) throws {
    let places = Dictionary(prompts.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var annotations: [AlpacaAnnotation] = []
    for row in rows {
      guard let place = places[row.prompt] else { continue }
      let stored = AlpacaPreference.probability(code: row.code)
      let annotator = row.annotator.flatMap(AlpacaAnnotator.named)
      annotations.append(
        AlpacaAnnotation(
          place: place, baselineLength: row.baselineResponse.unicodeScalars.count,
          modelLength: row.modelResponse.unicodeScalars.count,
          preference: row.isIdentical
            ? 0.5
            : check.preference(stored: stored, row.reply) { reply in
              try? annotator?.probability(in: reply, prompt: row.prompt)
            }, isIdentical: row.isIdentical))
    }
    self.init(annotations: annotations, promptCount: prompts.count)
  }
}

/// A row that names a prompt which the set does not have.
struct UnknownPrompt: Error, CustomStringConvertible {
  let place: Int
  let count: Int

  var description: String {
    "A row is about prompt \(place), but the set has prompts 0 to \(count - 1). Use files of one set."
  }
}

extension Array {
  /// The element at a place that a file names.
  subscript(checked place: Int) -> Element {
    get throws(UnknownPrompt) {
      guard indices.contains(place) else { throw UnknownPrompt(place: place, count: count) }
      return self[place]
    }
  }
}
