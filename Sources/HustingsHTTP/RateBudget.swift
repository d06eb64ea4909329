/// What may be asked of a model per minute; nil is no limit.
public struct RateBudget: Sendable, Equatable {
  /// Requests in any 60 seconds.
  public var requests: Int?
  /// Tokens in any 60 seconds.
  public var tokens: Int?

  /// A budget.
  public init(requests: Int? = nil, tokens: Int? = nil) {
    precondition((requests ?? 1) > 0 && (tokens ?? 1) > 0, "a budget of nothing sends nothing")
    self.requests = requests
    self.tokens = tokens
  }

  /// No limit.
  public static let unlimited = RateBudget()
}

/// What was spent in the last 60 seconds.
///
/// A sliding window rather than a bucket: a bucket that refills while it is drained lets twice its size through in the
/// first minute.
struct BudgetWindow: Sendable {
  private struct Spending: Sendable {
    var at: Duration
    var request: Int
    var tokens: Int
  }

  private static let length = Duration.seconds(60)
  private let budget: RateBudget
  private var spendings: [Spending] = []
  private var head = 0
  private var tokens = 0

  init(_ budget: RateBudget) { self.budget = budget }

  /// When a request of `tokens` tokens may go; `now` when it may go at once. A request larger than the whole budget
  /// goes when nothing else was spent, for otherwise it would never go.
  mutating func opening(tokens wanted: Int, now: Duration) -> Duration {
    forget(now)
    var count = spendings.count - head
    var spent = tokens
    var index = head
    var opening = now
    while index < spendings.count, !fits(count: count, spent: spent, wanted: wanted) {
      opening = max(opening, spendings[index].at + BudgetWindow.length)
      count -= 1
      spent -= spendings[index].tokens
      index += 1
    }
    return opening
  }

  /// Notes a request.
  mutating func spend(request: Int, tokens: Int, now: Duration) {
    guard budget != .unlimited else { return }
    spendings.append(Spending(at: now, request: request, tokens: tokens))
    self.tokens += tokens
  }

  /// Replaces the estimate made for a request by what it used.
  mutating func correct(request: Int, tokens actual: Int) {
    guard let index = spendings[head...].lastIndex(where: { $0.request == request }) else { return }
    tokens += actual - spendings[index].tokens
    spendings[index].tokens = actual
  }

  private func fits(count: Int, spent: Int, wanted: Int) -> Bool {
    if let requests = budget.requests, count >= requests { return false }
    if let limit = budget.tokens, spent + wanted > limit { return false }
    return true
  }

  private mutating func forget(_ now: Duration) {
    while head < spendings.count, spendings[head].at + BudgetWindow.length <= now {
      tokens -= spendings[head].tokens
      head += 1
    }
    if head > 1_024, head > spendings.count / 2 {
      spendings.removeFirst(head)
      head = 0
    }
  }
}
