public import Foundation
public import Hustings
public import HustingsStore

/// One part of a run that is cut into several, to be merged afterwards.
public struct Shard: Sendable, Hashable {
  /// Which part, from 1.
  public let index: Int
  /// How many parts.
  public let count: Int

  /// Part `index` of `count`.
  public init(_ index: Int, of count: Int) throws {
    guard count >= 1, (1...count).contains(index) else {
      throw RunError.badShard(index: index, count: count)
    }
    self.index = index
    self.count = count
  }

  /// Whether the item at a place belongs to this part.
  func holds(_ ordinal: Int) -> Bool { ordinal % count == index - 1 }
}

/// What a run leaves behind for one model.
public struct RunResult: Sendable {
  /// The model.
  public let card: ModelCard
  /// The run as the store has it.
  public let run: Run
  /// How many items were judged now.
  public let judged: Int
  /// How many items had an answer before.
  public let reused: Int
  /// How many items could not be asked; they are left open, and the next run asks them again.
  public let failed: Int
  /// Why the first of them could not, or why the model stopped altogether.
  public let failure: String?
  /// What the metrics came to, the headline first; empty while the run is not finished.
  public let estimates: [RecordedEstimate]
}

/// Judges the examples of a benchmark and records what comes of it.
///
/// Items that have an answer are never judged again. Batches are stored as they come, so that an interrupted run goes on
/// where it stopped. Reading, judging and storing overlap.
public struct Runner: Sendable {
  /// What a run is asked to do.
  public struct Options: Sendable {
    /// What every random choice is a function of, beside the item.
    public var seed: UInt64
    /// The part to do; everything when nil.
    public var shard: Shard?
    /// Whether an item without a row in a recording is an abstention; otherwise it is an error.
    public var allowsMissing: Bool
    /// How many slates a model is given at once.
    public var batchSize: Int

    /// Options.
    public init(seed: UInt64, shard: Shard? = nil, allowsMissing: Bool = false, batchSize: Int = 2_048) {
      self.seed = seed
      self.shard = shard
      self.allowsMissing = allowsMissing
      self.batchSize = batchSize
    }
  }

  /// How far a run has come.
  public struct Progress: Sendable {
    /// The benchmark.
    public let benchmark: String
    /// Items dealt with so far, over all models.
    public let done: Int
    /// Items to deal with, over all models.
    public let total: Int
    /// Items of models whose calls are counted, as their meter counts them.
    public var metered = 0
  }

  let store: Store
  let options: Options
  let now: @Sendable () -> Date
  let progress: @Sendable (Progress) -> Void

  /// A runner that writes to `store`.
  public init(
    store: Store, options: Options, now: @escaping @Sendable () -> Date,
    progress: @escaping @Sendable (Progress) -> Void
  ) {
    self.store = store
    self.options = options
    self.now = now
    self.progress = progress
  }

  /// Runs every model on a benchmark.
  ///
  /// - Returns: one result per model, in order. A model that fails leaves what it answered before and does not stop the
  ///   others.
  public func run(
    _ benchmark: any Benchmark, survey: Survey, models: [any PreferenceModel]
  ) async throws -> [RunResult] {
    for model in models where benchmark.card.content == .names && model.card.readsTexts {
      throw RunError.noTexts(benchmark: benchmark.card.name, model: model.card.name)
    }
    let matched = try Runner.matched(models, to: survey.wholeKeys, allowsMissing: options.allowsMissing)
    let knownByItem = matched.allSatisfy { ($0 as? any MatchedRecording)?.needsTexts == false }
    if knownByItem, options.shard == nil, !matched.isEmpty,
      let results = try await runRecordings(benchmark, survey: survey, models: matched)
    {
      return results
    }
    try store.register(survey.identity, card: benchmark.card, keys: survey.keys)
    var entries = try matched.map { try entry(for: $0, survey: survey) }
    let total = entries.reduce(0) { $0 + $1.open.count }
    if total > 0 {
      try await judge(&entries, benchmark: benchmark, survey: survey, total: total)
    }
    return try entries.map { try finish($0, benchmark: benchmark, survey: survey) }
  }

  /// One model's part of the work.
  struct Entry: Sendable {
    let model: any PreferenceModel
    let run: Run
    let open: ItemSet
    let reused: Int
    var judged = 0
    var failed = 0
    var failure: String?
    var isStopped = false
  }

  /// The models, recordings matched to the benchmark's items. A recording is matched even when nothing is open, so that a wrong
  /// file never passes for a right one.
  private static func matched(
    _ models: [any PreferenceModel], to keys: [AnswerKey], allowsMissing: Bool
  ) throws -> [any PreferenceModel] {
    try models.map { model in
      try (model as? any Recording)?.matched(to: keys, allowsMissing: allowsMissing) ?? model
    }
  }

  func entry(for model: any PreferenceModel, survey: Survey) throws -> Entry {
    try store.register(model.card)
    let run = try store.beginRun(
      benchmark: survey.identity, model: model.card.fingerprint, seed: options.seed, now: now())
    let scored = try store.scoredItems(of: run)
    var open = ItemSet()
    var mine = 0
    for ordinal in survey.keys.indices where options.shard?.holds(ordinal) ?? true {
      mine += 1
      if !scored.contains(ordinal) { open.insert(ordinal) }
    }
    return Entry(model: model, run: run, open: open, reused: mine - open.count)
  }

  private func judge(
    _ entries: inout [Entry], benchmark: any Benchmark, survey: Survey, total: Int
  ) async throws {
    let open = entries.map(\.open)
    let wanted: @Sendable (Int) -> Bool = { ordinal in open.contains { $0.contains(ordinal) } }
    let needsTexts = entries.contains {
      $0.open.count > 0 && ($0.model as? any MatchedRecording)?.needsTexts ?? true
    }
    let feed =
      needsTexts
      ? ExampleFeed(of: benchmark, survey: survey, batchSize: options.batchSize, wanted: wanted)
      : ExampleFeed(blank: survey, batchSize: options.batchSize, wanted: wanted)
    var done = 0
    var writing: Task<Void, any Error>?
    let metered = entries.reduce(0) { sum, entry in
      sum + entry.open.count * ((entry.model as? any MeteredModel)?.itemsPerSlate ?? 0)
    }
    progress(Progress(benchmark: benchmark.card.name, done: 0, total: total, metered: metered))
    for try await batch in feed.batches {
      let answers = try await answers(
        to: batch, from: entries, isMixed: benchmark.card.content == .mixed)
      try await writing?.value
      var rows: [(run: Run, kept: [(ordinal: Int, tournament: Tournament)], answer: BatchAnswer)] = []
      for (index, answer) in answers {
        let kept = entries[index].take(answer, benchmark: benchmark.card.name)
        rows.append((entries[index].run, kept, answer))
        done += answer.ordinals.count
      }
      let store = self.store
      let batchRows = rows
      writing = Task {
        for (run, kept, answer) in batchRows {
          // An item counts as answered once its tournament is there, so what belongs to it is written before.
          try store.append(traits: zip(answer.ordinals, answer.traits).map { ($0, $1) }, to: run)
          try store.append(kept, to: run)
        }
      }
      feed.release()
      progress(Progress(benchmark: benchmark.card.name, done: done, total: total, metered: metered))
    }
    try await writing?.value
  }

  /// What one model said of one batch.
  fileprivate struct BatchAnswer: Sendable {
    let ordinals: [Int]
    let tournaments: Result<[Tournament], any Error>
    /// One element per item, or none at all.
    var traits: [[String: [Double?]]] = []
  }

  private func answers(
    to batch: ExampleFeed.Batch, from entries: [Entry], isMixed: Bool
  ) async throws -> [(Int, BatchAnswer)] {
    try await withThrowingTaskGroup(of: (Int, BatchAnswer).self) { group in
      for (index, entry) in entries.enumerated() where !entry.isStopped {
        let places = batch.ordinals.indices.filter { entry.open.contains(batch.ordinals[$0]) }
        guard !places.isEmpty else { continue }
        let slates = places.count == batch.slates.count ? batch.slates : places.map { batch.slates[$0] }
        let ordinals = places.map { batch.ordinals[$0] }
        let model = entry.model
        group.addTask {
          do {
            let (tournaments, traits) =
              isMixed && !(model is any MatchedRecording)
              ? try await Runner.askedOfTexts(model, slates) : try await Runner.asked(model, slates)
            try Runner.check(tournaments, slates, model: model.card.name)
            return (
              index, BatchAnswer(ordinals: ordinals, tournaments: .success(tournaments), traits: traits)
            )
          } catch is CancellationError {
            throw CancellationError()
          } catch {
            return (index, BatchAnswer(ordinals: ordinals, tournaments: .failure(error)))
          }
        }
      }
      var all: [(Int, BatchAnswer)] = []
      for try await answer in group { all.append(answer) }
      return all.sorted { $0.0 < $1.0 }
    }
  }

  /// What a model says, and of each slate the numbers about it; none at all from a model that has no such numbers.
  private static func asked(
    _ model: any PreferenceModel, _ slates: [Slate]
  ) async throws -> (tournaments: [Tournament], traits: [[String: [Double?]]]) {
    guard let source = model as? any TraitSource else { return (try await model.judge(slates), []) }
    let answers = try await source.answers(to: slates)
    return (answers.map(\.tournament), answers.map(\.traits))
  }

  /// The same of a mixed benchmark's slates, of which a model that is no recording is asked about texts alone.
  private static func askedOfTexts(
    _ model: any PreferenceModel, _ slates: [Slate]
  ) async throws -> (tournaments: [Tournament], traits: [[String: [Double?]]]) {
    let read = slates.filter { !$0.prompt.messages.isEmpty }
    let answers = read.isEmpty ? (tournaments: [], traits: []) : try await asked(model, read)
    guard answers.tournaments.count == read.count else { return answers }
    var (tournaments, traits) = (answers.tournaments[...], answers.traits[...])
    let silence = Absence(.abstention, "the data has names in place of texts")
    let all = slates.map { slate in
      guard slate.prompt.messages.isEmpty else { return tournaments.removeFirst() }
      return model.card.kind == .reward
        ? Tournament(count: slate.responses.count, absent: silence)
        : Tournament(count: slate.responses.count, absentPairs: silence)
    }
    guard answers.traits.count == read.count else { return (all, answers.traits) }
    return (all, slates.map { $0.prompt.messages.isEmpty ? [:] : traits.removeFirst() })
  }

  private static func check(_ tournaments: [Tournament], _ slates: [Slate], model: String) throws {
    guard tournaments.count == slates.count else {
      throw RunError.wrongShape(
        model: model, item: slates[0].id, expected: slates.count, given: tournaments.count)
    }
    for (slate, tournament) in zip(slates, tournaments) where tournament.count != slate.responses.count {
      throw RunError.wrongShape(
        model: model, item: slate.id, expected: slate.responses.count, given: tournament.count)
    }
  }

  private func finish(_ entry: Entry, benchmark: any Benchmark, survey: Survey) throws -> RunResult {
    var run = try store.run(entry.run.identity)
    var estimates: [RecordedEstimate] = []
    if run.isFinished {
      estimates = try store.estimates(of: run)
    } else if run.scored == run.itemCount {
      let trials = try store.trials(of: run, keys: survey.keys)
      estimates = Runner.estimates(of: benchmark, trials)
      run = try store.finish(run, estimates: estimates, now: now())
    }
    return RunResult(
      card: entry.model.card, run: run, judged: entry.judged, reused: entry.reused, failed: entry.failed,
      failure: entry.failure, estimates: estimates)
  }
}

extension Runner.Entry {
  /// Books an answer, and returns what of it is to be stored: all but the items that could not be asked.
  fileprivate mutating func take(
    _ answer: Runner.BatchAnswer, benchmark: String
  ) -> [(ordinal: Int, tournament: Tournament)] {
    switch answer.tournaments {
    case .failure(let error):
      isStopped = true
      failure = "\(error)"
      failed += answer.ordinals.count
      return []
    case .success(let tournaments):
      var kept: [(ordinal: Int, tournament: Tournament)] = []
      kept.reserveCapacity(tournaments.count)
      for (ordinal, tournament) in zip(answer.ordinals, tournaments) {
        if let error = tournament.firstError {
          failed += 1
          failure = failure ?? error.reason
        } else {
          kept.append((ordinal, tournament))
        }
      }
      judged += kept.count
      return kept
    }
  }
}

extension Tournament {
  /// The first matchup that could not be asked; nil when all were.
  fileprivate var firstError: Absence? {
    if rewards != nil { return absences.values.first { $0.kind == .error } }
    for matchup in matchups {
      if let absence = judgment(matchup)?.absence, absence.kind == .error { return absence }
    }
    return nil
  }
}
