import Hustings
import HustingsMetrics

/// A benchmark with several raters a candidate, reported as `subjectivity` reports its own populations.
///
/// Items are cut by how alike their responses are: near-paraphrases share at least half of their distinct words (Jaccard's
/// index), on average over pairs. Where responses have names in place of texts every item is distinct.
struct RealVotes: Benchmark {
  let base: any Benchmark

  /// The benchmarks that name their raters.
  static let sources: [BenchmarkPlugin] = [PandaLM.plugin, WMT23.plugin, SQuALITY.plugin]

  var card: BenchmarkCard {
    let card = base.card
    return BenchmarkCard(
      name: "subjectivity:\(card.name)", version: "subjectivity/1 of \(card.version)",
      summary: "whether rewards tell how many of the raters of \(card.name) prefer a response",
      source: card.source, licence: card.licence, content: card.content, ties: .half, failures: .excluded,
      aggregation: "one correlation over all pairs of candidates")
  }

  var metrics: [any Metric] {
    Subjectivity.correlations(of: [(nil, nil)] + ["distinct", "paraphrase"].map { ($0, [$0]) })
      + [PreferencePairs("accuracy", ties: .half, failures: .excluded)]
  }

  func examples(_ body: (Example) throws -> Void) throws {
    try base.examples { example in
      let alike = base.card.content == .texts && RealVotes.likeness(example.slate) >= 0.5
      try body(example.with(subset: alike ? "paraphrase" : "distinct"))
    }
  }

  /// The mean over pairs of responses of the share of their distinct words that both have; 0 with fewer than two.
  static func likeness(_ slate: Slate) -> Double {
    let words = slate.responses.map { response in
      Set(response.text.lowercased().split { !$0.isLetter && !$0.isNumber })
    }
    let shares = slate.matchups.map { matchup -> Double in
      let union = words[matchup.first].union(words[matchup.second]).count
      let both = words[matchup.first].intersection(words[matchup.second]).count
      return union == 0 ? 1 : Double(both) / Double(union)
    }
    return shares.isEmpty ? 0 : shares.reduce(0, +) / Double(shares.count)
  }
}
