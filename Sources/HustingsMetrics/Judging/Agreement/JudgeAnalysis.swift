public import HustingsStatistics

/// Everything that one judge said of two responses to a prompt, perhaps several times.
public struct JudgedPair: Sendable, Hashable {
  /// What was asked and answered, by which judgments of different judges are matched.
  public struct Question: Sendable, Hashable {
    /// The prompt, with its input where it has one.
    public let prompt: String
    /// The first response.
    public let first: String
    /// The second response.
    public let second: String

    /// Two responses to a prompt.
    public init(prompt: String, first: String, second: String) {
      self.prompt = prompt
      self.first = first
      self.second = second
    }
  }

  /// The prompt and the responses.
  public let question: Question
  /// Who wrote the second response; nil where the file does not say.
  public let author: String?
  /// Preferences for the second response, in [0, 1], one per repeat; nil where the reply was unreadable.
  public private(set) var preferences: [Double?]
  /// What each judgment cost in US dollars, where it is known.
  public private(set) var dollars: [Double]
  /// How long each took in seconds, where it is known.
  public private(set) var seconds: [Double]
  /// Whether the judge was shown the second response first; nil where that is not known.
  public let isSwapped: Bool?

  /// Judgments of two responses.
  public init(
    question: Question, author: String?, preferences: [Double?], dollars: [Double], seconds: [Double],
    isSwapped: Bool?
  ) {
    self.question = question
    self.author = author
    self.preferences = preferences
    self.dollars = dollars
    self.seconds = seconds
    self.isSwapped = isSwapped
  }

  /// The pairs with the judgments of equal questions put together, in the order in which they first occur.
  public static func merged(_ pairs: some Sequence<JudgedPair>) -> [JudgedPair] {
    var places: [Question: Int] = [:]
    var merged: [JudgedPair] = []
    for pair in pairs {
      if let place = places[pair.question] {
        merged[place].preferences += pair.preferences
        merged[place].dollars += pair.dollars
        merged[place].seconds += pair.seconds
      } else {
        places[pair.question] = merged.count
        merged.append(pair)
      }
    }
    return merged
  }
}

/// What is known of a judge from its judgments alone, and by the side of people's: the columns of AlpacaEval's table of
/// evaluators (`analyze_evaluators`), each with an interval and the number of judgments behind it.
public struct JudgeAnalysis: Sendable, Hashable {
  /// One number.
  public struct Figure: Sendable, Hashable {
    /// The value: a share, a correlation, dollars or seconds.
    public let value: Double
    /// Its 95 % interval; nil where there is none.
    public let interval: Interval?
    /// Pairs behind it.
    public let count: Int
  }

  /// Pairs.
  public let pairs: Int
  /// Judgments that could be read.
  public let parsed: Int
  /// Judgments that could not.
  public let unreadable: Int
  /// 1 less the mean distance of a single judgment from the consensus of people.
  public let humanAgreement: Figure?
  /// The distance of the consensus of the judge from that of people.
  public let bias: Figure?
  /// How often one repeat differs from the consensus of the others.
  public let variance: Figure?
  /// Rank correlation of win rates by judge and by people, over authors of more than `generatorMinimum` responses.
  public let spearman: Figure?
  /// The same for the win rates themselves.
  public let pearson: Figure?
  /// The taste for the response that is longer by more than 30 code points.
  public let longer: Figure?
  /// The taste for the response with a list, where the other has none.
  public let lists: Figure?
  /// The mean preference for the first response of the file.
  public let first: Figure?
  /// The mean preference for the response that the judge was shown first, where the order is known.
  public let shownFirst: Figure?
  /// The share of ties.
  public let ties: Figure?
  /// US dollars for 1,000 judgments.
  public let price: Double?
  /// Seconds for 1,000 judgments.
  public let time: Double?

  /// Authors need more responses than this to enter the correlations.
  public static let generatorMinimum = 100

  /// The analysis of one judge's pairs.
  ///
  /// - Parameters:
  ///   - people: judgments of the same questions by people; nil without any.
  ///   - lists: what counts as a list.
  public init(_ pairs: [JudgedPair], people: [JudgedPair]?, lists rule: ListRule) {
    self.pairs = pairs.count
    let all = pairs.flatMap(\.preferences)
    let read = all.compactMap { $0 }
    parsed = read.count
    unreadable = all.count - read.count
    price = Descriptive.mean(pairs.flatMap(\.dollars)).map { 1000 * $0 }
    time = Descriptive.mean(pairs.flatMap(\.seconds)).map { 1000 * $0 }
    // Tastes are read off the first judgment of each pair, as upstream does.
    let judged = pairs.compactMap { pair in
      pair.preferences.first.flatMap { $0 }.map {
        JudgeTaste.Pair(
          first: pair.question.first, second: pair.question.second, label: PairLabel(preference: $0))
      }
    }
    longer = Self.figure(JudgeTaste.longer(judged))
    lists = Self.figure(JudgeTaste.lists(judged, by: rule))
    let known = pairs.map { pair in (pair, pair.preferences.compactMap { $0 }) }.filter { !$0.1.isEmpty }
    first = Self.mean(known.map { _, values in values.map { 1 - $0 } })
    shownFirst = Self.mean(
      known.compactMap { pair, values in
        guard pair.question.first != pair.question.second, let isSwapped = pair.isSwapped else { return nil }
        return values.map { isSwapped ? $0 : 1 - $0 }
      })
    ties = Self.mean(known.map { _, values in values.map { $0 == 0.5 ? 1 : 0 } })
    variance = Self.variance(known.map(\.1))
    let shared = Self.shared(known, people ?? [])
    humanAgreement = Self.mean(
      shared.map { pair in pair.ours.map { 1 - abs($0 - Self.consensus(pair.theirs)) } })
    bias = Self.mean(
      shared.map { [abs(Self.consensus($0.ours) - Self.consensus($0.theirs))] })
    (spearman, pearson) = Self.correlations(shared)
  }

  private struct Shared {
    let author: String?
    let ours: [Double]
    let theirs: [Double]
  }

  private static func shared(_ ours: [(JudgedPair, [Double])], _ people: [JudgedPair]) -> [Shared] {
    var votes: [JudgedPair.Question: [Double]] = [:]
    for pair in people { votes[pair.question, default: []] += pair.preferences.compactMap { $0 } }
    return ours.compactMap { pair, values in
      guard let theirs = votes[pair.question], !theirs.isEmpty else { return nil }
      return Shared(author: pair.author, ours: values, theirs: theirs)
    }
  }

  private static func correlations(_ shared: [Shared]) -> (Figure?, Figure?) {
    let groups = Dictionary(grouping: shared.filter { $0.author != nil }) { $0.author ?? "" }
      .filter { $0.value.count > generatorMinimum }
    let names = groups.keys.sorted()
    let ours = names.map { name in Descriptive.mean((groups[name] ?? []).flatMap(\.ours)) ?? 0 }
    let theirs = names.map { name in Descriptive.mean((groups[name] ?? []).flatMap(\.theirs)) ?? 0 }
    func figure(_ kind: Correlation) -> Figure? {
      guard names.count > 2, let value = kind.value(ours, theirs) else { return nil }
      return Figure(
        value: value, interval: kind.interval(value, count: names.count, level: 0.95), count: names.count)
    }
    return (figure(.spearman), figure(.pearson))
  }

  /// AlpacaEval's variance over the pairs with the most repeats.
  private static func variance(_ repeats: [[Double]]) -> Figure? {
    guard let most = repeats.map(\.count).max(), most > 1 else { return nil }
    let complete = repeats.filter { $0.count == most }
    return mean(
      complete.map { row in
        row.indices.map { left in
          var others = row
          let own = others.remove(at: left)
          return abs(own - consensus(others))
        }
      })
  }

  private static func consensus(_ preferences: [Double]) -> Double {
    RepeatedJudgments.consensus(preferences.map { 1 + $0 }) - 1
  }

  /// The mean over all values, those of one pair being dependent.
  private static func mean(_ values: [[Double]]) -> Figure? {
    let clusters = Clustering(labels: values.enumerated().flatMap { pair, row in row.map { _ in "\(pair)" } })
    guard let mean = ClusteredMean(values.flatMap { $0 }, clusters: clusters) else { return nil }
    return Figure(
      value: mean.mean, interval: mean.interval(level: 0.95)?.withinShares, count: values.count)
  }

  private static func figure(_ taste: JudgeTaste) -> Figure? {
    Proportion(successes: Double(taste.preferring), trials: taste.eligible).map {
      Figure(value: $0.value, interval: $0.wilson(level: 0.95), count: taste.eligible)
    }
  }
}
