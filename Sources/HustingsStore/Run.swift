public import Foundation
public import Hustings

/// One model on one benchmark with one seed: what a store knows of it at the moment of asking.
public struct Run: Sendable, Hashable, Identifiable {
  /// The digest of the benchmark's identity, the model's fingerprint and the seed.
  public let identity: Digest
  /// The benchmark's identity.
  public let benchmark: Digest
  /// The model's fingerprint.
  public let model: Digest
  /// What every random choice of the run is a function of, beside the item.
  public let seed: UInt64
  /// When its first row was written.
  public let startedAt: Date
  /// When it was marked as finished; nil while items are without an answer.
  public let finishedAt: Date?
  /// How many items have an answer.
  public let scored: Int
  /// How many items the benchmark has.
  public let itemCount: Int
  let rowID: Int64
  let sheet: Int64

  /// Its identity.
  public var id: Digest { identity }
  /// Whether every item has an answer and the run was marked as finished.
  public var isFinished: Bool { finishedAt != nil }

  /// The identity of a model's run on a benchmark with a seed.
  public static func identity(benchmark: Digest, model: Digest, seed: UInt64) -> Digest {
    var hash = SHA256()
    hash.update(benchmark)
    hash.update(model)
    hash.update(seed)
    return hash.finalize()
  }
}

/// A metric's estimate as a finished run keeps it.
public struct RecordedEstimate: Sendable, Hashable {
  /// The metric's name.
  public let metric: String
  /// Which way it improves.
  public let direction: Direction
  /// How its value is printed.
  public let unit: MetricUnit
  /// The value with its interval and count; nil when the metric does not apply to the run.
  public let estimate: Estimate?

  /// An estimate under its metric's name.
  public init(metric: String, direction: Direction, unit: MetricUnit, estimate: Estimate?) {
    self.metric = metric
    self.direction = direction
    self.unit = unit
    self.estimate = estimate
  }
}
