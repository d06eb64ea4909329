/// Lets requests through to a fleet in the order they came, as soon as a server, the budget and the limits allow.
final class Turnstile: Sendable {
  /// One waiting request: no object of its own, for there may be very many.
  private struct Visitor {
    let tokens: Int
    let avoiding: Int?
    /// Nil before it has begun to wait, and after it was let in.
    var continuation: UnsafeContinuation<Berth, any Error>?
    /// Whether nobody waits for it any more: it was let in or has left.
    var isGone = false
  }

  private enum Arrival {
    case admitted(Berth)
    /// The number by which the visitor is found again.
    case queued(Int)
  }

  /// What there is to do outside the lock.
  private enum Step {
    case admit(UnsafeContinuation<Berth, any Error>, Berth)
    case ring(at: Duration)
    case rest
  }

  private struct State {
    var fleet: Fleet
    var queue: [Visitor] = []
    /// The number of the first visitor of `queue`; later ones count on from there.
    var first = 0
    /// The place of the first visitor still waiting, as far as known.
    var head = 0
    /// When the next alarm rings; nil without one.
    var alarm: Duration?

    /// Whether there is a first visitor still waiting. Those who left are forgotten.
    mutating func hasNext() -> Bool {
      while head < queue.count, queue[head].isGone { head += 1 }
      if head == queue.count || (head > 1_024 && head > queue.count / 2) {
        queue.removeFirst(head)
        first += head
        head = 0
      }
      return head < queue.count
    }

    mutating func step(_ now: () -> Duration) -> Step {
      // One who has not yet begun to wait looks by himself when he has.
      guard hasNext(), let continuation = queue[head].continuation else { return .rest }
      switch fleet.choose(tokens: queue[head].tokens, avoiding: queue[head].avoiding, now: now()) {
      case .take(let berth):
        queue[head].continuation = nil
        queue[head].isGone = true
        return .admit(continuation, berth)
      case .full: return .rest
      case .wait(let moment):
        if let alarm, alarm <= moment { return .rest }
        alarm = moment
        return .ring(at: moment)
      }
    }

    /// Takes a visitor out; what it waits with, when it has begun to wait.
    mutating func remove(_ number: Int) -> UnsafeContinuation<Berth, any Error>? {
      guard number >= first, !queue[number - first].isGone else { return nil }
      queue[number - first].isGone = true
      defer { queue[number - first].continuation = nil }
      return queue[number - first].continuation
    }
  }

  private let state: Lock<State>
  private let time: TimeSource

  init(_ fleet: Fleet, time: TimeSource) {
    state = Lock(State(fleet: fleet))
    self.time = time
  }

  /// Waits for a place. Every place is given back by `leave`.
  nonisolated(nonsending) func enter(tokens: Int, avoiding: Int?) async throws -> Berth {
    try Task.checkCancellation()
    switch arrive(tokens: tokens, avoiding: avoiding) {
    case .admitted(let berth): return berth
    case .queued(let number): return try await wait(number)
    }
  }

  /// Gives a place back and says how the request went, how long the server wants to be left alone, and what it used.
  func leave(_ berth: Berth, _ verdict: Verdict, wait: Duration? = nil, tokens: Int? = nil) {
    let step = state.withLock { state in
      state.fleet.leave(berth, verdict, wait: wait, tokens: tokens, now: time.now())
      return state.step(time.now)
    }
    if go(step) { admit() }
  }

  /// Requests allowed at once on each server at this moment.
  func allowed(servers: Int) -> [Int] {
    state.withLock { state in (0..<servers).map { state.fleet.allowed($0) } }
  }

  /// A place at once when nobody stands before, else one in the queue.
  private func arrive(tokens: Int, avoiding: Int?) -> Arrival {
    state.withLock { state in
      if !state.hasNext(),
        case .take(let berth) = state.fleet.choose(tokens: tokens, avoiding: avoiding, now: time.now())
      {
        return .admitted(berth)
      }
      state.queue.append(Visitor(tokens: tokens, avoiding: avoiding))
      return .queued(state.first + state.queue.count - 1)
    }
  }

  private nonisolated(nonsending) func wait(_ number: Int) async throws -> Berth {
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        let isThere = state.withLock { state in
          // The cancellation handler may already have run, and runs only once.
          guard number >= state.first, !state.queue[number - state.first].isGone else { return false }
          state.queue[number - state.first].continuation = continuation
          return true
        }
        if isThere { admit() } else { continuation.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      state.withLock { $0.remove(number) }?.resume(throwing: CancellationError())
      // Whoever stood behind may have less to wait for.
      admit()
    }
  }

  private func admit() {
    while go(state.withLock({ $0.step(time.now) })) {}
  }

  /// Does a step; whether there may be another.
  private func go(_ step: Step) -> Bool {
    switch step {
    case .admit(let continuation, let berth):
      continuation.resume(returning: berth)
      return true
    case .ring(let moment):
      ring(at: moment)
      return false
    case .rest: return false
    }
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
