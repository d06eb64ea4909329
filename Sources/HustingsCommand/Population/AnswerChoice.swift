import BenchmarkPlugins
import EncoderPlugins
import Foundation
import Hustings
import HustingsNumerics
import HustingsTraining

/// Policies that choose among recorded responses, trained on some instructions and scored by recorded judgments on the others:
/// `hustings run --benchmark answer-choice`.
///
/// Five folds, or as many as `folds=` says, by the position of the instruction. Every policy reads the same surface features of a
/// response, centred and scaled within its instruction, so that what is compared is how preferences are modelled. A reward is linear
/// in them; a general preference adds Σ_{i<j} u_ij·(φ_i(a)·φ_j(b) - φ_j(a)·φ_i(b)), every skew form of the same features.
struct AnswerChoice {
  static let name = AnswerChoiceBenchmark.name

  /// Whether a benchmark's name is this one, with or without settings behind a colon.
  static func isNamed(_ text: String) -> Bool { text == name || text.hasPrefix("\(name):") }

  /// Pairs of candidates that a training instruction gives at most.
  private static let pairsPerInstruction = 40

  private struct Item {
    let id: String
    let menu: VotePanel.Menu
    let values: [Double]
    let lengths: [Double]
    var features: [[Float]]
  }

  /// How often each response to each instruction is chosen, by the name of the chooser.
  private var shares: [String: [String: [Digest: Double]]] = [:]
  private var order: [String] = []
  private let folds: Int
  /// The instructions as items.
  let benchmark: any Benchmark

  /// Trains, and chooses.
  init(_ text: String, _ workplace: Workplace) async throws {
    let specification = try Workplace.specification(text)
    benchmark = try workplace.benchmark(text)
    let folds = try AnswerChoiceBenchmark.folds(specification.argument)
    self.folds = folds
    let items = try await AnswerChoice.items(try benchmark.allExamples(), workplace)
    guard items.count >= folds else {
      throw InvalidRequest(
        "\(AnswerChoice.name) needs \(folds) instructions or more; there are \(items.count).")
    }
    for fold in 0..<folds {
      Terminal.progress("\(AnswerChoice.name), fold \(fold + 1) of \(folds)")
      let training = items.enumerated().filter { $0.offset % folds != fold }.map(\.element)
      let test = items.enumerated().filter { $0.offset % folds == fold }.map(\.element)
      try choose(test, by: Choosers(training, seed: workplace.seed))
    }
    Terminal.endProgress()
  }

  /// The ways of choosing as models, in the order in which they are told.
  var models: [any PreferenceModel] {
    order.map { name in
      // What learned nothing is the same however instructions are dealt.
      let isTrained = name.contains(",")
      return ChoicePolicy(
        name: isTrained && folds != 5 ? "\(name), \(folds) folds" : name, shares: shares[name] ?? [:])
    }
  }

  /// What should be known of the numbers.
  static let notes = [
    "Trained on the other folds of instructions and scored by recorded judgments, fold by fold, by position. Longer responses are "
      + "preferred by this judge: the rate at equal length is AlpacaEval's, fitted to the expected win rate and length of what is chosen.",
    "Left out by default are responses made to please the judge; answer-choice:without= takes everybody in.",
  ]

  private static func items(_ examples: [Example], _ workplace: Workplace) async throws -> [Item] {
    let context = EncoderContext(seed: workplace.seed) { workplace.resolved($0) }
    var passages: [Passage] = []
    for example in examples {
      passages += example.slate.responses.map { Passage(example.slate.prompt, $0) }
    }
    // Columns are scaled within each instruction below, so nothing is learned from what is held out.
    let encoder = try await Encoders.fit(
      "hashed?surface=yes", on: Array(passages.prefix(1000)), context: context)
    let matrix = try await encoder.encode(passages)
    let width = matrix.denseWidth
    var start = 0
    return examples.compactMap { example in
      let responses = example.slate.responses
      defer { start += responses.count }
      guard let rewards = example.key.gold.rewards, rewards.allSatisfy({ $0 != nil }), responses.count > 1
      else {
        return nil
      }
      var rows = responses.indices.map {
        Array(matrix.dense[(start + $0) * width..<(start + $0 + 1) * width])
      }
      for column in 0..<width {
        let values = rows.map { Double($0[column]) }
        let mean = sum(values) / Double(values.count)
        let spread = (sum(values.map { ($0 - mean) * ($0 - mean) }) / Double(values.count)).squareRoot()
        for row in rows.indices {
          rows[row][column] = spread > 1e-9 ? Float(max(-4, min(4, (values[row] - mean) / spread))) : 0
        }
      }
      return Item(
        id: example.id,
        menu: VotePanel.Menu(prompt: example.slate.prompt, responses: responses, rows: 0..<responses.count),
        values: rewards.compactMap { $0 }, lengths: responses.map { Double($0.text.codePointCount) },
        features: rows)
    }
  }

  private mutating func choose(_ items: [Item], by choosers: Choosers) throws {
    for item in items {
      let rewards = choosers.rewards(item.features)
      let even = [Double](repeating: 1 / Double(item.values.count), count: item.values.count)
      add("one at random", item, even)
      add("the longest", item, AnswerChoice.best(item.lengths))
      add("the shortest", item, AnswerChoice.best(item.lengths.map { -$0 }))
      add("oracle", item, AnswerChoice.best(item.values))
      add("recorded win rate, policy", item, AnswerChoice.best(choosers.valued(item.features)))
      add("Bradley–Terry, best", item, AnswerChoice.best(rewards))
      add("Bradley–Terry, policy", item, AnswerChoice.best(choosers.tuned(.reward, item.features)))
      let reference = try PolicyTable.uniform([item.menu])
      let scalar = try PreferenceGames(
        menus: [item.menu], margins: [rewards.map { a in rewards.map { a - $0 } }])
      let general = try PreferenceGames(menus: [item.menu], margins: [choosers.margins(item.features)])
      func play(_ games: PreferenceGames, _ name: String) throws {
        let play = try SelfPlay(games, reference: reference, rule: .gpo(beta: 0.5), iterations: 3, name: name)
        add(name, item, play.policy.probabilities)
      }
      try play(scalar, "Bradley–Terry, GPO x3")
      add("general preference, policy", item, AnswerChoice.best(choosers.tuned(.general, item.features)))
      try play(general, "general preference, GPO x3")
      add(
        "general preference, von Neumann", item,
        try general.vonNeumannWinner(score: .winRate, name: "von Neumann").probabilities)
    }
  }

  private mutating func add(_ name: String, _ item: Item, _ policy: [Double]) {
    if shares[name] == nil { order.append(name) }
    shares[name, default: [:]][item.id] = Dictionary(
      zip(item.menu.responses.map(\.digest), policy), uniquingKeysWith: +)
  }

  /// All on the highest, the first of several.
  private static func best(_ values: [Double]) -> [Double] {
    let place = values.indices.max { (values[$0], -$0) < (values[$1], -$1) }
    return values.indices.map { $0 == place ? 1 : 0 }
  }

  /// Models of preference fitted to training instructions.
  private struct Choosers {
    private let reward: [Double]
    private let valuedWeights: [Double]
    private let general: [Double]
    private let byReward: [Double]
    private let byGeneral: [Double]

    /// Which learned preference a policy is tuned against.
    enum Preference { case reward, general }

    init(_ items: [Item], seed: UInt64) throws {
      var rows: [Float] = []
      var menus: [Range<Int>] = []
      for item in items {
        let start = menus.last?.upperBound ?? 0
        menus.append(start..<start + item.values.count)
        rows += item.features.joined()
      }
      let width = items.first?.features.first?.count ?? 0
      let scores = LinearScores(
        FeatureMatrix(count: menus.last?.upperBound ?? 0, denseWidth: width, dense: rows))
      /// The log-linear policy whose answers are worth most on the training instructions.
      func policy(_ values: [Double]) -> [Double] {
        ValuedChoice(scores, menus: menus, values: values, ridge: 1e-4).parameters
      }
      var pairs = Pairs(width: width)
      for (number, item) in items.enumerated() { pairs.add(item, number, seed) }
      let (reward, general) = (try pairs.fit(skew: false), try pairs.fit(skew: true))
      self.reward = reward
      self.general = general
      valuedWeights = policy(items.flatMap(\.values))
      byReward = policy(
        items.flatMap { item in
          Choosers.wins(Choosers.differences(item.features.map { Choosers.dot(reward, $0) }))
        })
      byGeneral = policy(items.flatMap { Choosers.wins(Choosers.margins(general, $0.features)) })
    }

    /// How often each candidate is preferred to one at random, a response meeting itself with ½.
    private static func wins(_ margins: [[Double]]) -> [Double] {
      margins.map { row in sum(row.map { 1 / (1 + exp(-$0)) }) / Double(row.count) }
    }

    private static func differences(_ rewards: [Double]) -> [[Double]] {
      rewards.map { a in rewards.map { a - $0 } }
    }

    /// Scores of the policy that was tuned against a learned preference.
    func tuned(_ preference: Preference, _ features: [[Float]]) -> [Double] {
      features.map { Choosers.dot(preference == .reward ? byReward : byGeneral, $0) }
    }

    func rewards(_ features: [[Float]]) -> [Double] { features.map { Choosers.dot(reward, $0) } }

    func valued(_ features: [[Float]]) -> [Double] { features.map { Choosers.dot(valuedWeights, $0) } }

    func margins(_ features: [[Float]]) -> [[Double]] { Choosers.margins(general, features) }

    private static func margins(_ general: [Double], _ features: [[Float]]) -> [[Double]] {
      features.indices.map { i in
        features.indices.map { j in
          i == j ? 0 : dot(general, Pairs.row(features[i], features[j], skew: true))
        }
      }
    }

    private static func dot(_ weights: [Double], _ row: [Float]) -> Double {
      var total = 0.0
      for i in row.indices { total += weights[i] * Double(row[i]) }
      return total
    }
  }

  /// Pairs of candidates of which recorded judgments prefer the first.
  private struct Pairs {
    let width: Int
    private var pairs: [(better: [Float], worse: [Float])] = []

    init(width: Int) { self.width = width }

    /// Some pairs of an instruction whose probabilities differ by more than 0.1.
    mutating func add(_ item: Item, _ number: Int, _ seed: UInt64) {
      var found: [(Int, Int)] = []
      for i in item.values.indices {
        for j in item.values.indices where item.values[i] > item.values[j] + 0.1 { found.append((i, j)) }
      }
      var dice = CounterGenerator(seed: seed, identity: "pairs of instruction \(number)")
      for (i, j) in dice.shuffled(found).prefix(AnswerChoice.pairsPerInstruction) {
        pairs.append((item.features[i], item.features[j]))
      }
    }

    /// φ(a) - φ(b), then, for a skew form, φ_i(a)·φ_j(b) - φ_j(a)·φ_i(b).
    static func row(_ a: [Float], _ b: [Float], skew: Bool) -> [Float] {
      var row = zip(a, b).map { $0 - $1 }
      guard skew else { return row }
      row.reserveCapacity(a.count * (a.count + 1) / 2)
      for i in a.indices {
        for j in i + 1..<max(i + 1, a.count) { row.append((a[i] * b[j] - a[j] * b[i]) / 4) }
      }
      return row
    }

    /// Weights of the likeliest Bradley–Terry model of the pairs, each against an even margin.
    func fit(skew: Bool) throws -> [Double] {
      var builder = VotePanelBuilder()
      let annotator = try builder.annotator("judge")
      var rows: [Float] = []
      for (number, pair) in pairs.enumerated() {
        let menu = builder.menu(Prompt("\(number)"))
        let places = ["better", "worse"].map { builder.response(Response($0), to: menu) }
        let row = Pairs.row(pair.better, pair.worse, skew: skew)
        rows += row
        rows += [Float](repeating: 0, count: row.count)
        try builder.add(.best(0, of: 2), on: places, of: menu, by: annotator)
      }
      let panel = try builder.build()
      let features = FeatureMatrix(
        count: panel.rowCount, denseWidth: rows.count / max(1, panel.rowCount), dense: rows)
      let settings = TypeSettings(
        types: 1, iterations: 1, ridge: 0.005 * Double(pairs.count), steps: 100, precision: 1e-5)
      return try TypeSearch(panel, LinearScores(features), settings, workers: PopulationText.workers)
        .run(from: .uniform).parameters[0]
    }
  }
}
