import Dispatch
import Foundation
import Hustings

/// Reads a benchmark on a thread of its own and hands its examples over in batches, so that reading, judging and storing
/// overlap. At most `depth` batches wait at a time, whatever the size of the benchmark.
struct ExampleFeed: Sendable {
  struct Batch: Sendable {
    /// The place of each example in the benchmark.
    let ordinals: [Int]
    let slates: [Slate]
  }

  let batches: AsyncThrowingStream<Batch, any Error>
  private let slots: DispatchSemaphore

  /// - Parameter wanted: whether the item at a place is to be judged.
  init(
    of benchmark: any Benchmark, survey: Survey, batchSize: Int, depth: Int = 4,
    wanted: @escaping @Sendable (Int) -> Bool
  ) {
    let slots = DispatchSemaphore(value: depth)
    self.slots = slots
    batches = AsyncThrowingStream { continuation in
      let stopped = Flag()
      continuation.onTermination = { _ in
        stopped.raise()
        slots.signal()
      }
      Thread.detachNewThread {
        do {
          try ExampleFeed.read(benchmark, survey, batchSize, wanted) { batch in
            slots.wait()
            if stopped.isRaised { throw CancellationError() }
            continuation.yield(batch)
          }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
    }
  }

  /// The items of a benchmark without their texts, for models that know their answers by item.
  init(blank survey: Survey, batchSize: Int, wanted: (Int) -> Bool) {
    slots = DispatchSemaphore(value: 0)
    let ordinals = survey.keys.indices.filter(wanted)
    batches = AsyncThrowingStream { continuation in
      for start in stride(from: 0, to: ordinals.count, by: batchSize) {
        let part = Array(ordinals[start..<min(start + batchSize, ordinals.count)])
        continuation.yield(Batch(ordinals: part, slates: ExampleFeed.blankSlates(survey, ordinals: part)))
      }
      continuation.finish()
    }
  }

  /// Slates of the right size with nothing to read.
  static func blankSlates(_ survey: Survey, ordinals: [Int]) -> [Slate] {
    let prompt = Prompt([])
    let blank = Response("")
    var sized: [Int: [Response]] = [:]
    return ordinals.map { ordinal in
      let count = survey.keys[ordinal].gold.count
      let responses = sized[count] ?? [Response](repeating: blank, count: count)
      sized[count] = responses
      return Slate(id: survey.keys[ordinal].item, prompt: prompt, presenting: responses)
    }
  }

  /// Frees the place of a batch that has been dealt with.
  func release() { slots.signal() }

  private static func read(
    _ benchmark: any Benchmark, _ survey: Survey, _ batchSize: Int, _ wanted: (Int) -> Bool,
    _ yield: (Batch) throws -> Void
  ) throws {
    var ordinals: [Int] = []
    var slates: [Slate] = []
    var next = 0
    func flush() throws {
      guard !slates.isEmpty else { return }
      try yield(Batch(ordinals: ordinals, slates: slates))
      ordinals.removeAll(keepingCapacity: true)
      slates.removeAll(keepingCapacity: true)
    }
    struct Enough: Error {}
    do {
      try benchmark.examples { example in
        guard next < survey.keys.count else { throw Enough() }
        guard example.slate.contentDigest == survey.contents[next], example.id == survey.keys[next].item
        else {
          throw RunError.changedWhileReading(benchmark: benchmark.card.name, item: example.id)
        }
        if wanted(next) {
          ordinals.append(next)
          slates.append(example.slate)
          if slates.count == batchSize { try flush() }
        }
        next += 1
      }
    } catch is Enough {}
    guard next == survey.keys.count else {
      throw RunError.changedWhileReading(
        benchmark: benchmark.card.name, item: survey.keys[next].item)
    }
    try flush()
  }
}

/// A flag that one thread raises and another sees.
private final class Flag: @unchecked Sendable {
  private let lock = NSLock()
  private var raised = false

  func raise() { lock.withLock { raised = true } }
  var isRaised: Bool { lock.withLock { raised } }
}
