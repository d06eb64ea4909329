public import Hustings
import HustingsStore

extension Runner {
  /// Keeps the texts of a benchmark in the store, beside its answer keys, for pages that show what was asked. What is there
  /// stays.
  ///
  /// - Parameter survey: of the same benchmark; a benchmark that has changed since is refused.
  public func keepTexts(of benchmark: any Benchmark, survey: Survey) async throws {
    guard benchmark.card.content != .names else { return }
    try store.register(survey.identity, card: benchmark.card, keys: survey.keys)
    let feed = ExampleFeed(of: benchmark, survey: survey, batchSize: options.batchSize) { _ in true }
    for try await batch in feed.batches {
      try store.append(
        texts: zip(batch.ordinals, batch.slates).map { (ordinal: $0, slate: $1) }, to: survey.identity)
      feed.release()
    }
  }
}
