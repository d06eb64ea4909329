import Foundation

/// What a model's tokens cost.
public struct TokenPrice: Sendable, Hashable {
  /// Dollars per million tokens read.
  public let input: Double
  /// Dollars per million tokens written.
  public let output: Double

  /// Dollars per million tokens.
  public init(input: Double, output: Double) {
    self.input = input
    self.output = output
  }

  /// What so many tokens cost, in dollars.
  public func dollars(input read: Int, output written: Int) -> Double {
    (Double(read) * input + Double(written) * output) / 1_000_000
  }
}

/// What calls to endpoints came to so far.
public struct CallCount: Sendable, Hashable {
  /// Calls that were sent and answered.
  public var answered = 0
  /// Calls that a kept reply answered.
  public var kept = 0
  /// Calls that ended without an answer.
  public var failed = 0
  /// Calls for which no reply was kept while nothing might be sent.
  public var missing = 0
  /// Calls that were held back by the limit on cost.
  public var heldBack = 0
  /// Tokens read, as the endpoints count them.
  public var inputTokens = 0
  /// Tokens written, as the endpoints count them.
  public var outputTokens = 0
  /// Dollars spent on the calls that were sent and whose price is known.
  public var dollars = 0.0
  /// Calls that were sent to a model without a price.
  public var unpriced = 0
  /// Items that were dealt with.
  public var items = 0

  /// Nothing yet.
  public init() {}
}

/// Something about an item that its answer does not say, such as that it was cut short before it was read.
public struct ItemNotice: Sendable, Hashable {
  /// The model.
  public let model: String
  /// The item's identity within its benchmark.
  public let item: String
  /// The response it is about, by its index in the slate; nil when it is about the whole item.
  public let response: Int?
  /// What happened.
  public let text: String

  /// A notice.
  public init(model: String, item: String, response: Int?, text: String) {
    self.model = model
    self.item = item
    self.response = response
    self.text = text
  }
}

/// Counts calls and their cost, and holds calls back that would cost more than was allowed.
///
/// A call's price is set aside before it is sent, at the most it can come to, so that calls under way together never spend
/// more than the limit between them. A lock rather than an actor guards the numbers: a task that leaves its thread for each of
/// them takes longer than the counting.
public final class CallMeter: @unchecked Sendable {
  private struct State {
    var count = CallCount()
    var notices: [ItemNotice] = []
    var reserved = 0.0
    var waiting: [UnsafeContinuation<Void, Never>] = []
  }

  /// The most that may be spent, in dollars; nil for no limit.
  public let limit: Double?
  private let lock = NSLock()
  private var state = State()

  /// A meter that starts at nothing.
  public init(limit: Double? = nil) { self.limit = limit }

  /// What calls came to so far.
  public var count: CallCount { withLock { $0.count } }

  /// What was noticed so far.
  public var notices: [ItemNotice] { withLock { $0.notices } }

  /// Sets aside what a call may cost. Waits while calls under way may still leave enough.
  ///
  /// - Returns: false when the limit does not allow the call.
  public nonisolated(nonsending) func reserve(dollars: Double) async -> Bool {
    guard let limit else { return true }
    while true {
      let answer: Bool? = withLock { state in
        if state.count.dollars + state.reserved + dollars <= limit {
          state.reserved += dollars
          return true
        }
        guard state.reserved <= 0 else { return nil }
        state.count.heldBack += 1
        return false
      }
      if let answer { return answer }
      await withUnsafeContinuation { continuation in
        let isWaiting = withLock { state in
          // What was under way may have ended meanwhile, and wakes nobody any more.
          guard state.reserved > 0 else { return false }
          state.waiting.append(continuation)
          return true
        }
        if !isWaiting { continuation.resume() }
      }
    }
  }

  /// Books a call that was answered; `reserved` is what was set aside for it.
  public func answered(
    inputTokens: Int, outputTokens: Int, price: TokenPrice?, reserved: Double
  ) {
    book(releasing: reserved) { count in
      count.answered += 1
      count.inputTokens += inputTokens
      count.outputTokens += outputTokens
      if let price {
        count.dollars += price.dollars(input: inputTokens, output: outputTokens)
      } else {
        count.unpriced += 1
      }
    }
  }

  /// Books a call that brought no answer.
  public func failed(reserved: Double) { book(releasing: reserved) { $0.failed += 1 } }

  /// Books a call that a kept reply answered.
  public func foundKept() { withLock { $0.count.kept += 1 } }

  /// Books a call that no kept reply answers while nothing may be sent.
  public func missedKept() { withLock { $0.count.missing += 1 } }

  /// Books an item that was dealt with.
  public func finishedItem() { withLock { $0.count.items += 1 } }

  /// Books something noticed about an item.
  public func notice(_ notice: ItemNotice) { withLock { $0.notices.append(notice) } }

  private func book(releasing dollars: Double, _ change: (inout CallCount) -> Void) {
    let everybody = withLock { state -> [UnsafeContinuation<Void, Never>] in
      change(&state.count)
      guard limit != nil else { return [] }
      state.reserved = max(0, state.reserved - dollars)
      // With nothing under way, sums of fractions must not leave a rest that somebody waits for.
      if state.reserved < 1e-12 { state.reserved = 0 }
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in everybody { continuation.resume() }
  }

  private func withLock<Result>(_ body: (inout State) -> Result) -> Result {
    lock.withLock { body(&state) }
  }
}
