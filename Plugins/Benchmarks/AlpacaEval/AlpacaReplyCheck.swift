import Hustings
public import HustingsMetrics

/// How far preferences read from the judge's replies lie from the stored ones.
public struct AlpacaReplyCheck: Sendable, Hashable {
  /// Rows whose reply was kept.
  public private(set) var read = 0
  /// Of those, rows whose reply and stored preference differ by more than the ten digits stored.
  public private(set) var mismatches = 0

  /// A check before the first row.
  public init() {}

  /// Adds the rows of another file.
  public mutating func add(_ other: AlpacaReplyCheck) {
    read += other.read
    mismatches += other.mismatches
  }

  /// The preference read from the reply, or the stored one where there is no reply.
  public mutating func preference(
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
  /// A model's annotations as upstream writes them, with preferences read from the replies where those were kept. Rows of
  /// prompts that the set does not have are left out.
  public init(_ rows: [AlpacaAnnotationRow], prompts: [String], check: inout AlpacaReplyCheck) {
    let places = Dictionary(prompts.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var annotations: [AlpacaAnnotation] = []
    for row in rows {
      guard let place = places[row.prompt] else { continue }
      let stored = AlpacaPreference.probability(code: row.code)
      let annotator = row.annotator.flatMap(AlpacaAnnotator.named)
      annotations.append(
        AlpacaAnnotation(
          place: place, baselineLength: row.baselineResponse.codePointCount,
          modelLength: row.modelResponse.codePointCount,
          preference: row.isIdentical
            ? 0.5
            : check.preference(stored: stored, row.reply) { reply in
              try? annotator?.probability(in: reply, prompt: row.prompt)
            }, isIdentical: row.isIdentical))
    }
    self.init(annotations: annotations, promptCount: prompts.count)
  }
}
