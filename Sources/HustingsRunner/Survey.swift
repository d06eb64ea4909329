import Dispatch
public import Hustings

/// What a first reading of a benchmark finds: its answer keys and its identity, without keeping any text.
public struct Survey: Sendable {
  /// One answer key per item, in the order read.
  public let keys: [AnswerKey]
  /// The keys of the whole benchmark, those beyond a limit included: what a recording is matched to.
  public let wholeKeys: [AnswerKey]
  /// The identity: a digest of the rules and of every item with its texts and its key. Names of files and of the
  /// benchmark take no part.
  public let identity: Digest
  /// One digest per item of what models see, to notice a file that changes between two readings.
  let contents: [Digest]

  /// Reads a benchmark once.
  ///
  /// - Parameter limit: how many items to take, from the first on; all when nil. A limited benchmark has an identity of
  ///   its own, so its numbers never mix with those of the whole.
  public init(of benchmark: any Benchmark, limit: Int?) throws {
    var keys: [AnswerKey] = []
    var contents: [Digest] = []
    var places: [String: Int] = [:]
    let hashing = Hashing()
    hashing.take { Survey.feed(benchmark.card, benchmark.metrics, to: &$0) }
    var waiting: [(AnswerKey, Digest)] = []
    var beyond: [AnswerKey] = []
    try benchmark.examples { example in
      if let first = places.updateValue(keys.count + beyond.count, forKey: example.id) {
        throw RunError.duplicateItem(
          benchmark: benchmark.card.name, item: example.id, first: first + 1,
          second: keys.count + beyond.count + 1)
      }
      if let limit, keys.count >= limit { return beyond.append(example.key) }
      let content = example.slate.contentDigest
      waiting.append((example.key, content))
      if waiting.count == 1_024 {
        let batch = waiting
        hashing.take { hash in for (key, content) in batch { Survey.feed(key, content: content, to: &hash) } }
        waiting.removeAll(keepingCapacity: true)
      }
      keys.append(example.key)
      contents.append(content)
    }
    guard !keys.isEmpty else { throw RunError.noItems(benchmark: benchmark.card.name) }
    self.keys = keys
    wholeKeys = beyond.isEmpty ? keys : keys + beyond
    self.contents = contents
    let rest = waiting
    hashing.take { hash in for (key, content) in rest { Survey.feed(key, content: content, to: &hash) } }
    identity = hashing.finish()
  }

  /// A digest that is fed on another thread, in the order given, while the benchmark is being read.
  private final class Hashing: @unchecked Sendable {
    private let queue = DispatchQueue(label: "hustings.survey")
    private var hash = SHA256()

    func take(_ feed: @escaping @Sendable (inout SHA256) -> Void) { queue.async { feed(&self.hash) } }
    func finish() -> Digest { queue.sync { hash.finalize() } }
  }

  private static func feed(_ card: BenchmarkCard, _ metrics: [any Metric], to hash: inout SHA256) {
    for text in [
      card.version, card.content.rawValue, card.ties.rawValue, card.failures.rawValue, card.aggregation,
    ] {
      hash.updateFramed(text)
    }
    for metric in metrics { hash.updateFramed(metric.name) }
  }

  private static func feed(_ key: AnswerKey, content: Digest, to hash: inout SHA256) {
    hash.updateFramed(key.item)
    hash.updateFramed(key.subset)
    hash.updateFramed(key.cluster)
    hash.update(content)
    hash.update(UInt64(key.names.count))
    for (name, place) in zip(key.names, key.candidates) {
      hash.updateFramed(name)
      hash.update(UInt64(place))
    }
    feed(key.gold, to: &hash)
    for rater in key.raters.keys.sorted() {
      hash.updateFramed(rater)
      if let votes = key.raters[rater] { feed(votes, to: &hash) }
    }
  }

  private static func feed(_ tournament: Tournament, to hash: inout SHA256) {
    if let rewards = tournament.rewards {
      hash.update(UInt64(rewards.count))
      for reward in rewards { hash.update((reward ?? .nan).bitPattern) }
    } else {
      let matchups = tournament.matchups
      hash.update(UInt64(matchups.count))
      for matchup in matchups {
        hash.update(UInt64(matchup.first) << 32 | UInt64(matchup.second))
        hash.update((tournament.judgment(matchup)?.logOdds ?? .nan).bitPattern)
      }
    }
  }
}
