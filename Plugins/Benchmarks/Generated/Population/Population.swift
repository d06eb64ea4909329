import Foundation
public import Hustings
import HustingsMetrics

/// Real soft labels: how often a strong judge prefers each of many models' responses to one baseline's.
///
/// The recorded probabilities and responses of AlpacaEval 2 (see `RecordedPreferences`). Subset `baseline` has one item per
/// response, against the baseline's; subset `candidates` one per instruction, with every model's response and its
/// probability as a rating.
///
/// Settings: `without=NAME+NAME` leaves out models; by default the two entries of this data set that were made to please the
/// judge and answer nothing, `NullModel` and `gpt4_gamed`, and with `without=` nobody. `fold=0` to `fold=4` keeps the instructions i with i mod 5 equal to it for the test and leaves the others to
/// training, so that no instruction is on both sides; without it the test has all of them and so has training. `kind` is
/// `baseline`, `candidates` or `both`.
///
/// Rules. The headline is agreement on pairs of candidates whose probabilities differ by more than 0.1; a tie is half.
/// Accuracy against the baseline says nothing, for the baseline nearly always wins: log loss and rank correlation do.
public enum Population {
  /// `population`, `population:fold=0`.
  public static let plugin = BenchmarkPlugin(
    name: "population", usage: "population or population:fold=0,kind=baseline,without=NAME+NAME",
    summary: summary, folder: "alpaca_eval2_outputs"
  ) { argument, context in
    let settings = try Settings(argument)
    let card = BenchmarkCard(
      name: argument.map { "population:\($0)" } ?? "population", version: "population/1 \(settings)",
      summary: summary, source: "Dubois et al. 2024, github.com/tatsu-lab/alpaca_eval",
      licence: "CC BY-NC 4.0", ties: .half, failures: .excluded,
      aggregation: "every pair of candidates further apart than 0.1 counts the same")
    return GeneratedBenchmark(card, metrics: metrics) {
      let recorded = try RecordedPreferences(
        context, without: settings.without, wanted: { settings.tests($0) })
      return recorded.instructions.flatMap { examples($0, settings) }
    }
  }

  /// The training pairs of `population`: every response against the baseline's with its recorded probability, or pairs of
  /// candidates further apart than 0.1, the better one chosen.
  public static let training = TrainingPlugin(
    name: "population", usage: "population:fold=0,kind=baseline",
    summary: "responses against a baseline with a judge's recorded probability, or against each other"
  ) { argument, context in
    let settings = try Settings(argument)
    let recorded = try RecordedPreferences(
      context, without: settings.without, wanted: { settings.trains($0) })
    return recorded.instructions.flatMap { pairs($0, settings) }
  }

  /// The entries that are left out when nothing is said of whom to leave out.
  public static let adversarial = RecordedPreferences.adversarial

  private static let summary = "soft labels of a strong judge on many models' responses"

  /// Which instructions and which comparisons.
  struct Settings: Sendable, Hashable, CustomStringConvertible {
    var fold: Int?
    var hasBaseline = true
    var hasCandidates = true
    /// Whom to leave out; nil for the entries that are known to be adversarial, where they are there.
    var without: [String]?

    init(_ argument: String?) throws {
      var options = try GeneratedOptions(argument, of: "population")
      fold = try options.integer("fold", in: 0...4)
      let kinds = try options.choice(
        "kind", ["baseline": (true, false), "candidates": (false, true), "both": (true, true)])
      (hasBaseline, hasCandidates) = kinds ?? (true, true)
      without = options.names("without")
      try options.finish()
    }

    func tests(_ index: Int) -> Bool { fold == nil || index % 5 == fold }
    func trains(_ index: Int) -> Bool { fold == nil || index % 5 != fold }

    var description: String {
      "fold \(fold.map(String.init) ?? "all") baseline \(hasBaseline) candidates \(hasCandidates) "
        + "without \(without?.joined(separator: "+") ?? "the adversarial")"
    }
  }

  private static func examples(
    _ instruction: RecordedPreferences.Instruction, _ settings: Settings
  ) -> [Example] {
    var examples: [Example] = []
    if settings.hasBaseline {
      // The judge was never asked about a response equal to the baseline's.
      for answer in instruction.answers where answer.response != instruction.baseline {
        examples.append(
          Example(
            id: "\(instruction.index)/\(answer.model)", subset: "baseline", prompt: instruction.prompt,
            cluster: String(instruction.index),
            candidates: [
              Candidate(answer.model, answer.response), Candidate("baseline", instruction.baseline),
            ], gold: .margins([Matchup(0, 1): logOdds(answer.probability)])))
      }
    }
    if settings.hasCandidates, instruction.answers.count > 1 {
      examples.append(
        Example(
          id: String(instruction.index), subset: "candidates", prompt: instruction.prompt,
          cluster: String(instruction.index),
          candidates: instruction.answers.map { Candidate($0.model, $0.response) },
          gold: .ratings(instruction.answers.map { $0.probability })))
    }
    return examples
  }

  private static func pairs(
    _ instruction: RecordedPreferences.Instruction, _ settings: Settings
  ) -> [PreferencePair] {
    let cluster = String(instruction.index)
    var pairs: [PreferencePair] = []
    if settings.hasBaseline {
      for answer in instruction.answers where answer.response != instruction.baseline {
        pairs.append(
          PreferencePair(
            id: "\(instruction.index)/\(answer.model)", subset: "baseline", cluster: cluster,
            prompt: instruction.prompt, chosen: answer.response, rejected: instruction.baseline,
            probability: answer.probability))
      }
    }
    guard settings.hasCandidates else { return pairs }
    for matchup in Matchup.all(among: instruction.answers.count) {
      let (a, b) = (instruction.answers[matchup.first], instruction.answers[matchup.second])
      guard abs(a.probability - b.probability) > 0.1, a.response != b.response else { continue }
      let (better, worse) = a.probability > b.probability ? (a, b) : (b, a)
      pairs.append(
        PreferencePair(
          id: "\(instruction.index)/\(better.model)/\(worse.model)", subset: "candidates", cluster: cluster,
          prompt: instruction.prompt, chosen: better.response, rejected: worse.response))
    }
    return pairs
  }

  /// Log-odds, with a probability of 0 or 1 counted as a billionth away from it.
  private static func logOdds(_ probability: Double) -> Double {
    let p = min(1 - 1e-9, max(1e-9, probability))
    return log(p / (1 - p))
  }

  private static let metrics: [any Metric] = {
    let separated = SeparatedPairs("pairs", gap: 0.1, ties: .half, failures: .excluded)
    let loss = PairLogLoss("loss", against: .probability)
    return [
      SubsetMetric("candidates", separated, subsets: ["candidates"]),
      SubsetMetric("log loss against baseline", loss, subsets: ["baseline"]),
      AggregateCorrelation("Spearman against baseline", .spearman, of: .margin, subsets: ["baseline"]),
      AggregateCorrelation("Pearson against baseline", .pearson, of: .probability, subsets: ["baseline"]),
      SubsetMetric(
        "preferred, best of all", BestOfValue("best", ties: .averaged, unit: .share), subsets: ["candidates"]),
      SubsetMetric(
        "preferred, one at random", BestOfValue("random", draws: 1, ties: .averaged, unit: .share),
        subsets: ["candidates"]),
      SubsetMetric("queries per candidate", QueriesPerResponse("queries"), subsets: ["candidates"]),
    ]
  }()
}
