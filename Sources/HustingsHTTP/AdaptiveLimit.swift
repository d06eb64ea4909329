/// How many requests a server may have at once, and how that number adapts.
public struct ConcurrencyPolicy: Sendable, Equatable {
  /// Requests at once before anything is known about the server.
  public var start: Int
  /// Never more than this.
  public var ceiling: Int

  /// A policy; `start` counts at most as `ceiling`.
  public init(start: Int = 8, ceiling: Int = 64) {
    precondition(start >= 1 && ceiling >= 1, "start \(start), ceiling \(ceiling)")
    self.start = min(start, ceiling)
    self.ceiling = ceiling
  }
}

/// Additive increase, multiplicative decrease (Chiu and Jain, 1989), with TCP's slow start.
///
/// Until the first sign of overload every success adds one, which doubles the limit in each round; afterwards a whole
/// round of successes adds one. A sign of overload halves the limit, once for all requests that were under way
/// together.
struct AdaptiveLimit: Sendable {
  private let ceiling: Double
  private var value: Double
  private var isStarting = true
  private var lastCut: Int?

  init(_ policy: ConcurrencyPolicy) {
    ceiling = Double(policy.ceiling)
    value = Double(policy.start)
  }

  /// Requests allowed at once.
  var allowed: Int { Int(value) }

  /// Notes a success while `inFlight` requests were under way. A limit that was not half used has not been tried, and
  /// does not grow.
  mutating func succeeded(inFlight: Int) {
    guard 2 * inFlight >= allowed else { return }
    value = min(ceiling, value + (isStarting ? 1 : 1 / value))
  }

  /// Notes overload seen by the request that began as number `request`, while `latest` is the newest number.
  mutating func overloaded(request: Int, latest: Int) {
    if let lastCut, request <= lastCut { return }
    lastCut = latest
    isStarting = false
    value = max(1, (value / 2).rounded(.down))
  }
}
