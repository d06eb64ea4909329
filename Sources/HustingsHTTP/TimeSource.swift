public import Foundation

/// The clock and the waiting of everything that paces itself, so that a test can let an hour pass in no time.
public struct TimeSource: Sendable {
  /// Time since some fixed moment; never goes back.
  public var now: @Sendable () -> Duration
  /// The date, for header fields that name one.
  public var date: @Sendable () -> Date
  /// Waits; throws `CancellationError` when the task is cancelled meanwhile.
  public var sleep: @Sendable (Duration) async throws -> Void

  /// A clock of one's own.
  public init(
    now: @escaping @Sendable () -> Duration, date: @escaping @Sendable () -> Date,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.now = now
    self.date = date
    self.sleep = sleep
  }

  /// The machine's clock.
  public static let system: TimeSource = {
    let start = ContinuousClock.now
    return TimeSource(
      now: { ContinuousClock.now - start }, date: { Date() }, sleep: { try await Task.sleep(for: $0) })
  }()
}
