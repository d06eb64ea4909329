import Dispatch
import Foundation
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
    let taking = Taking(limit: limit) { Survey.feed(benchmark.card, benchmark.metrics, to: &$0) }
    var waiting: [Example] = []
    try benchmark.examples { example in
      waiting.append(example)
      if waiting.count == 256 {
        taking.take(waiting)
        waiting.removeAll(keepingCapacity: true)
      }
    }
    taking.take(waiting)
    if let twice = taking.duplicate() {
      throw RunError.duplicateItem(
        benchmark: benchmark.card.name, item: twice.item, first: twice.first + 1, second: twice.second + 1)
    }
    (keys, wholeKeys, contents, identity) = taking.finish()
    guard !keys.isEmpty else { throw RunError.noItems(benchmark: benchmark.card.name) }
  }

  /// What is kept of the examples and the digest that they are fed to, on another thread and in the order given, while the
  /// benchmark is being read. At most sixteen batches wait at a time.
  private final class Taking: @unchecked Sendable {
    private let queue = DispatchQueue(label: "hustings.survey")
    private let slots = DispatchSemaphore(value: 16)
    private let limit: Int
    private var keys: [AnswerKey] = []
    private var contents: [Digest] = []
    private var shared = SharedParts()
    private var items = NameTable()
    private var twice: (item: String, first: Int, second: Int)?
    private let done = Spent()
    private var hash = SHA256()

    init(limit: Int?, _ feed: (inout SHA256) -> Void) {
      self.limit = limit ?? .max
      feed(&hash)
    }

    func take(_ examples: [Example]) {
      slots.wait()
      done.clear()
      let batch = Batch(examples)
      queue.async {
        let examples = batch.taken()
        for example in examples {
          let (place, isNew) = self.items.insert(example.id)
          if !isNew { self.twice = self.twice ?? (example.id, place, self.keys.count) }
          let key = self.shared.key(example.key)
          self.keys.append(key)
          guard self.contents.count < self.limit else { continue }
          let content = example.slate.contentDigest
          self.contents.append(content)
          Survey.feed(key, content: content, to: &self.hash)
        }
        self.done.add(examples)
        self.slots.signal()
      }
    }

    /// The first item that has the name of an earlier one, and the places of both.
    func duplicate() -> (item: String, first: Int, second: Int)? { queue.sync { twice } }

    func finish() -> (taken: [AnswerKey], all: [AnswerKey], contents: [Digest], identity: Digest) {
      queue.sync {
        let taken = keys.count > contents.count ? Array(keys[..<contents.count]) : keys
        return (taken, keys, contents, hash.finalize())
      }
    }
  }

  /// Examples on their way to another thread, which takes them out.
  private final class Batch: @unchecked Sendable {
    private var examples: [Example]

    init(_ examples: [Example]) { self.examples = examples }

    func taken() -> [Example] {
      defer { examples = [] }
      return examples
    }
  }

  /// Examples that nobody needs any more, for the thread that made them to let go of: memory that one thread takes and
  /// another gives back makes the two wait for each other.
  private final class Spent: @unchecked Sendable {
    private let lock = NSLock()
    private var batches: [[Example]] = []

    func add(_ examples: consuming [Example]) {
      lock.lock()
      batches.append(examples)
      lock.unlock()
    }

    func clear() {
      lock.lock()
      let spent = batches
      batches = []
      lock.unlock()
      withExtendedLifetime(spent) {}
    }
  }

  private static func feed(_ card: BenchmarkCard, _ metrics: [any Metric], to hash: inout SHA256) {
    for text in [
      card.version, card.content.rawValue, card.ties.rawValue, card.failures.rawValue, card.aggregation,
    ] {
      hash.updateFramed(text)
    }
    for metric in metrics { hash.updateFramed(metric.name) }
    if let judge = card.judge { hash.update(judge.fingerprint) }
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

/// The parts that the keys of most benchmarks have in common, each of them in memory once.
private struct SharedParts {
  private var recent: [AnswerKey] = []
  /// A benchmark of pairs has two kinds of key: the first response is preferred, or the second.
  private let kinds = 2

  /// The same key, with the candidates and gold of an earlier one when they are the same.
  mutating func key(_ key: AnswerKey) -> AnswerKey {
    let alike = recent.first {
      $0.candidates == key.candidates && $0.names == key.names && $0.gold == key.gold
    }
    guard let alike else {
      if recent.count == kinds { recent.removeFirst() }
      recent.append(key)
      return key
    }
    return AnswerKey(
      item: key.item, subset: key.subset, cluster: key.cluster, names: alike.names,
      candidates: alike.candidates, gold: alike.gold, raters: key.raters)
  }
}
