import Hustings
import HustingsStore

extension Runner {
  /// Runs recordings that know their answers by item alone: no text is read again, and the answers are judged and measured
  /// while the benchmark's keys are being stored.
  ///
  /// - Parameter models: matched recordings that need no texts.
  /// - Returns: nil when a model fails, which is for the ordinary way to deal with item by item.
  func runRecordings(
    _ benchmark: any Benchmark, survey: Survey, models: [any PreferenceModel]
  ) async throws -> [RunResult]? {
    let store = self.store
    let card = benchmark.card
    async let registered: Void = Runner.register(survey, card, in: store)
    let slates = ExampleFeed.blankSlates(survey, ordinals: Array(survey.keys.indices))
    var answers: [(tournaments: [Tournament], estimates: [RecordedEstimate])] = []
    for model in models {
      guard let tournaments = try? await model.judge(slates), tournaments.count == slates.count else {
        try await registered
        return nil
      }
      let trials = zip(survey.keys, tournaments).map { Trial(key: $0, tournament: $1) }
      answers.append((tournaments, Runner.estimates(of: benchmark, trials)))
    }
    try await registered
    return try zip(models, answers).map { model, answer in
      let entry = try entry(for: model, survey: survey)
      let open = survey.keys.indices.filter { entry.open.contains($0) }
      for start in stride(from: 0, to: open.count, by: options.batchSize) {
        let part = open[start..<min(start + options.batchSize, open.count)]
        try store.append(part.map { (ordinal: $0, tournament: answer.tournaments[$0]) }, to: entry.run)
        progress(Progress(benchmark: card.name, done: start + part.count, total: open.count))
      }
      let run = try store.finish(entry.run, estimates: answer.estimates, now: now())
      return RunResult(
        card: model.card, run: run, judged: open.count, reused: entry.reused, failed: 0, failure: nil,
        estimates: try store.estimates(of: run))
    }
  }

  private static func register(_ survey: Survey, _ card: BenchmarkCard, in store: Store) async throws {
    try store.register(survey.identity, card: card, keys: survey.keys)
  }

  /// Every metric's estimate, ready to be stored.
  static func estimates(of benchmark: any Benchmark, _ trials: [Trial]) -> [RecordedEstimate] {
    benchmark.metrics.map { metric in
      RecordedEstimate(
        metric: metric.name, direction: metric.direction, unit: metric.unit, estimate: metric.estimate(trials)
      )
    }
  }
}
