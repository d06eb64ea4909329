public import Hustings

/// A benchmark whose examples are made, not read: a pure function of the seed.
struct GeneratedBenchmark: Benchmark {
  let card: BenchmarkCard
  let metrics: [any Metric]
  private let make: @Sendable () throws -> [Example]

  /// - Parameter make: makes every example, the same each time.
  init(_ card: BenchmarkCard, metrics: [any Metric], make: @escaping @Sendable () throws -> [Example]) {
    self.card = card
    self.metrics = metrics
    self.make = make
  }

  func examples(_ body: (Example) throws -> Void) throws {
    for example in try make() { try body(example) }
  }
}

/// Every benchmark that makes its own data, and what can be trained on for it.
public enum GeneratedBenchmarks {
  /// Sources of training pairs, by the name of the benchmark they belong to.
  public static let training: [TrainingPlugin] = [
    Cycles.training, Subjectivity.training, Population.training,
  ]
}
