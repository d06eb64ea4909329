/// When a server counts as failing, and when it is tried again.
public struct HealthPolicy: Sendable, Equatable {
  /// Failures in a row that take a server out.
  public var failures: Int
  /// How long it stays out the first time; each failed trial doubles it.
  public var rest: Duration
  /// The longest it stays out.
  public var longestRest: Duration

  /// A policy.
  public init(failures: Int = 3, rest: Duration = .seconds(5), longestRest: Duration = .seconds(60)) {
    precondition(failures >= 1, "\(failures) failures take a server out before it was tried")
    precondition(longestRest >= rest, "rests from \(rest) up to \(longestRest)")
    self.failures = failures
    self.rest = rest
    self.longestRest = longestRest
  }
}

/// A circuit breaker: in use; out until a moment; then one request on trial, which decides.
struct ServerHealth: Sendable {
  private enum State: Sendable {
    case inUse(failures: Int)
    case out(until: Duration, rest: Duration)
    case onTrial(rest: Duration)
  }

  private let policy: HealthPolicy
  private var state = State.inUse(failures: 0)

  init(_ policy: HealthPolicy) { self.policy = policy }

  /// Whether a request may go there at `now`.
  func isOpen(_ now: Duration) -> Bool {
    switch state {
    case .inUse: true
    case .out(let until, _): now >= until
    case .onTrial: false
    }
  }

  /// When it may be tried; nil when it is in use or on trial.
  var dueBack: Duration? {
    if case .out(let until, _) = state { until } else { nil }
  }

  /// Whether it has been taken out and not yet proved itself.
  var isSuspended: Bool {
    if case .inUse = state { false } else { true }
  }

  /// Notes a request sent there.
  mutating func began() {
    if case .out(_, let rest) = state { state = .onTrial(rest: rest) }
  }

  /// Notes an answer.
  mutating func answered() { state = .inUse(failures: 0) }

  /// Notes a failure at `now`.
  mutating func failed(_ now: Duration) {
    switch state {
    case .inUse(let failures):
      state =
        failures + 1 >= policy.failures
        ? .out(until: now + policy.rest, rest: policy.rest) : .inUse(failures: failures + 1)
    case .onTrial(let rest):
      let longer = min(policy.longestRest, rest * 2)
      state = .out(until: now + longer, rest: longer)
    case .out: break
    }
  }

  /// Notes that a request was given up before it could tell; a trial may then begin again at once.
  mutating func abandoned(_ now: Duration) {
    if case .onTrial(let rest) = state { state = .out(until: now, rest: rest) }
  }
}
