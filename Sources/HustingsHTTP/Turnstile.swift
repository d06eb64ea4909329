/// Lets requests through to a fleet in the order they came, as soon as a server, the budget and the limits allow.
final class Turnstile: Sendable {
  /// One waiting request. Everything but the constants is touched under the turnstile's lock only.
  private final class Visitor: @unchecked Sendable {
    let tokens: Int
    let avoiding: Int?
    var continuation: CheckedContinuation<Berth, any Error>?
    var isCancelled = false

    init(tokens: Int, avoiding: Int?) {
      self.tokens = tokens
      self.avoiding = avoiding
    }
  }

  private struct State {
    var fleet: Fleet
    var queue: [Visitor] = []
    var head = 0
    /// When the next alarm rings; nil without one.
    var alarm: Duration?

    /// The first visitor still waiting; those who left are forgotten.
    mutating func next() -> Visitor? {
      while head < queue.count, queue[head].continuation == nil { head += 1 }
      if head > 1_024, head > queue.count / 2 {
        queue.removeFirst(head)
        head = 0
      }
      return head < queue.count ? queue[head] : nil
    }
  }

  private let state: Lock<State>
  private let time: TimeSource

  init(_ fleet: Fleet, time: TimeSource) {
    state = Lock(State(fleet: fleet))
    self.time = time
  }

  /// Waits for a place. Every place is given back by `leave`.
  func enter(tokens: Int, avoiding: Int?) async throws -> Berth {
    let visitor = Visitor(tokens: tokens, avoiding: avoiding)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isCancelled = state.withLock { state in
          // The cancellation handler may already have run, and runs only once.
          guard !visitor.isCancelled else { return true }
          visitor.continuation = continuation
          state.queue.append(visitor)
          return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) } else { admit() }
      }
    } onCancel: {
      let continuation = state.withLock { _ in
        visitor.isCancelled = true
        defer { visitor.continuation = nil }
        return visitor.continuation
      }
      continuation?.resume(throwing: CancellationError())
      // Whoever stood behind may have less to wait for.
      admit()
    }
  }

  /// Gives a place back and says how the request went, how long the server wants to be left alone, and what it used.
  func leave(_ berth: Berth, _ verdict: Verdict, wait: Duration? = nil, tokens: Int? = nil) {
    state.withLock { $0.fleet.leave(berth, verdict, wait: wait, tokens: tokens, now: time.now()) }
    admit()
  }

  /// Requests allowed at once on each server at this moment.
  func allowed(servers: Int) -> [Int] {
    state.withLock { state in (0..<servers).map { state.fleet.allowed($0) } }
  }

  private func admit() {
    var admitted: [(CheckedContinuation<Berth, any Error>, Berth)] = []
    let alarm = state.withLock { state -> Duration? in
      let now = time.now()
      while let visitor = state.next() {
        switch state.fleet.choose(tokens: visitor.tokens, avoiding: visitor.avoiding, now: now) {
        case .take(let berth):
          state.head += 1
          if let continuation = visitor.continuation { admitted.append((continuation, berth)) }
          visitor.continuation = nil
        case .full: return nil
        case .wait(let moment):
          if let earlier = state.alarm, earlier <= moment { return nil }
          state.alarm = moment
          return moment
        }
      }
      return nil
    }
    for (continuation, berth) in admitted { continuation.resume(returning: berth) }
    if let alarm { ring(at: alarm) }
  }

  private func ring(at moment: Duration) {
    Task { [weak self, time] in
      try? await time.sleep(moment - time.now())
      guard let self else { return }
      state.withLock { if $0.alarm == moment { $0.alarm = nil } }
      admit()
    }
  }
}
