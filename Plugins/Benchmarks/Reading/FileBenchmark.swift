import Hustings
import HustingsData

/// A benchmark whose examples stand in files: a card, metrics, and a way of reading.
struct FileBenchmark: Benchmark {
  let card: BenchmarkCard
  let metrics: [any Metric]
  private let read: @Sendable (inout ExampleSink) throws -> Void

  /// - Parameter read: opens the files anew each time and puts every example into the sink.
  init(
    _ card: BenchmarkCard, metrics: [any Metric],
    read: @escaping @Sendable (inout ExampleSink) throws -> Void
  ) {
    self.card = card
    self.metrics = metrics
    self.read = read
  }

  func examples(_ body: (Example) throws -> Void) throws {
    try withoutActuallyEscaping(body) { body in
      var sink = ExampleSink(body)
      try read(&sink)
    }
  }
}

/// Where a reader puts its examples. It refuses an id that was there before.
struct ExampleSink {
  private let body: (Example) throws -> Void
  private var seen = NameTable()

  init(_ body: @escaping (Example) throws -> Void) { self.body = body }

  /// Hands over an example that was read at `place`.
  mutating func put(_ example: Example, at place: @autoclosure () -> Place) throws {
    guard seen.insert(example.id).isNew else {
      throw BenchmarkError.duplicateItem(example.id, at: place())
    }
    try body(example)
  }
}

extension BenchmarkContext {
  /// The folder of a data set below the data root.
  func folder(_ name: String) -> BenchmarkFolder { DataFolder(path: dataRoot).benchmark(name) }
}
