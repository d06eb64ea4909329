import Foundation
@testable import HustingsHTTP
import Testing

@Suite struct AdaptiveLimitTests {
  @Test func theLimitDoublesEachRoundUntilTheFirstOverload() {
    var limit = AdaptiveLimit(ConcurrencyPolicy(start: 4, ceiling: 64))
    for expected in [8, 16, 32, 64, 64] {
      for _ in 0..<limit.allowed { limit.succeeded(inFlight: limit.allowed) }
      #expect(limit.allowed == expected)
    }
  }

  @Test func afterAnOverloadItGrowsByOneEachRound() {
    var limit = AdaptiveLimit(ConcurrencyPolicy(start: 40, ceiling: 64))
    limit.overloaded(request: 1, latest: 40)
    #expect(limit.allowed == 20)
    // A round of n successes adds just under 1, since the steps shrink as the limit grows; n + 1 reach it.
    for _ in 0..<21 { limit.succeeded(inFlight: 20) }
    #expect(limit.allowed == 21)
  }

  @Test func requestsUnderWayTogetherHalveItOnce() {
    var limit = AdaptiveLimit(ConcurrencyPolicy(start: 32, ceiling: 64))
    for request in 1...32 { limit.overloaded(request: request, latest: 32) }
    #expect(limit.allowed == 16)
    limit.overloaded(request: 33, latest: 40)
    #expect(limit.allowed == 8)
  }

  @Test func itNeverFallsBelowOneOrRisesAboveTheCeiling() {
    var limit = AdaptiveLimit(ConcurrencyPolicy(start: 3, ceiling: 5))
    for _ in 0..<100 { limit.succeeded(inFlight: 5) }
    #expect(limit.allowed == 5)
    for request in 1...100 { limit.overloaded(request: request, latest: request) }
    #expect(limit.allowed == 1)
  }

  @Test func aLimitThatIsNotUsedDoesNotGrow() {
    var limit = AdaptiveLimit(ConcurrencyPolicy(start: 8, ceiling: 64))
    for _ in 0..<100 { limit.succeeded(inFlight: 3) }
    #expect(limit.allowed == 8)
  }
}

@Suite struct BudgetWindowTests {
  /// Sends as early as the window allows and returns the moments.
  private func moments(_ budget: RateBudget, tokens: [Int]) -> [Duration] {
    var window = BudgetWindow(budget)
    var now = Duration.zero
    return tokens.enumerated().map { index, count in
      now = window.opening(tokens: count, now: now)
      window.spend(request: index, tokens: count, now: now)
      return now
    }
  }

  @Test func noSixtySecondsHoldMoreRequestsThanAllowed() {
    let sent = moments(RateBudget(requests: 7), tokens: Array(repeating: 1, count: 50))
    for start in sent { #expect(sent.filter { $0 >= start && $0 < start + .seconds(60) }.count <= 7) }
    #expect(sent.last == .seconds(7 * 60))
  }

  @Test func noSixtySecondsHoldMoreTokensThanAllowed() {
    let sizes = (0..<60).map { 10 + ($0 * 37) % 50 }
    let sent = moments(RateBudget(tokens: 200), tokens: sizes)
    for start in sent {
      let spent = zip(sent, sizes).filter { $0.0 >= start && $0.0 < start + .seconds(60) }.reduce(0) {
        $0 + $1.1
      }
      #expect(spent <= 200)
    }
  }

  @Test func aRequestLargerThanTheBudgetGoesAlone() {
    #expect(moments(RateBudget(tokens: 100), tokens: [60, 500, 10]) == [.zero, .seconds(60), .seconds(120)])
  }

  @Test func withoutABudgetNothingWaits() {
    #expect(moments(.unlimited, tokens: [1, 1_000_000, 1]) == [.zero, .zero, .zero])
  }

  @Test func whatWasReallyUsedReplacesTheEstimate() {
    var window = BudgetWindow(RateBudget(tokens: 100))
    window.spend(request: 1, tokens: 90, now: .zero)
    #expect(window.opening(tokens: 50, now: .zero) == .seconds(60))
    window.correct(request: 1, tokens: 20)
    #expect(window.opening(tokens: 50, now: .zero) == .zero)
    window.correct(request: 1, tokens: 95)
    #expect(window.opening(tokens: 50, now: .zero) == .seconds(60))
  }

  @Test func aLongRunForgetsWhatIsOver() {
    var window = BudgetWindow(RateBudget(requests: 10, tokens: 1_000))
    var now = Duration.zero
    for index in 0..<20_000 {
      now = window.opening(tokens: 5, now: now)
      window.spend(request: index, tokens: 5, now: now)
    }
    #expect(now == .seconds(60 * 1_999))
  }
}

@Suite struct FleetTests {
  private func fleet(_ servers: Int, start: Int = 4, ceiling: Int = 64, budget: RateBudget = .unlimited)
    -> Fleet
  {
    Fleet(
      servers: servers, concurrency: ConcurrencyPolicy(start: start, ceiling: ceiling),
      health: HealthPolicy(failures: 3, rest: .seconds(5), longestRest: .seconds(20)), budget: budget)
  }

  private func take(
    _ fleet: inout Fleet, avoiding: Int? = nil, now: Duration = .zero
  ) throws -> Berth {
    let choice = fleet.choose(tokens: 0, avoiding: avoiding, now: now)
    guard case .take(let berth) = choice else { throw Unexpected(choice: choice) }
    return berth
  }

  private struct Unexpected: Error { let choice: Fleet.Choice }

  private func fail(_ fleet: inout Fleet, server: Int, now: Duration) throws {
    while true {
      let berth = try take(&fleet, now: now)
      let isWanted = berth.server == server
      fleet.leave(berth, isWanted ? .failed : .answered, wait: nil, tokens: nil, now: now)
      if isWanted { return }
    }
  }

  @Test func requestsGoToTheLeastLoadedServer() throws {
    var fleet = fleet(3)
    let berths = try (0..<9).map { _ in try take(&fleet) }
    #expect(berths.map(\.server) == [0, 1, 2, 0, 1, 2, 0, 1, 2])
    fleet.leave(berths[4], .answered, wait: nil, tokens: nil, now: .zero)
    #expect(try take(&fleet).server == 1)
  }

  @Test func requestsInTurnAreSharedEvenly() throws {
    var fleet = fleet(3)
    var counts = [0, 0, 0]
    for _ in 0..<30 {
      let berth = try take(&fleet)
      counts[berth.server] += 1
      fleet.leave(berth, .answered, wait: nil, tokens: nil, now: .zero)
    }
    #expect(counts == [10, 10, 10])
  }

  @Test func aServerThatJustFailedTheRequestIsAvoided() throws {
    var fleet = fleet(2)
    #expect(try take(&fleet, avoiding: 0).server == 1)
    #expect(try take(&fleet, avoiding: 0).server == 1)
    var alone = self.fleet(1)
    #expect(try take(&alone, avoiding: 0).server == 0)
  }

  @Test func aFullFleetWaitsForARequestToEnd() throws {
    var fleet = fleet(2, start: 1)
    let first = try take(&fleet)
    _ = try take(&fleet)
    #expect(fleet.choose(tokens: 0, avoiding: nil, now: .zero) == .full)
    fleet.leave(first, .answered, wait: nil, tokens: nil, now: .zero)
    #expect(try take(&fleet).server == first.server)
  }

  @Test func theCeilingHoldsForAllServersTogether() throws {
    var fleet = fleet(4, start: 4, ceiling: 6)
    for _ in 0..<6 { _ = try take(&fleet) }
    #expect(fleet.choose(tokens: 0, avoiding: nil, now: .zero) == .full)
  }

  @Test func aFailingServerIsTakenOutAndTriedAgain() throws {
    var fleet = fleet(2)
    for _ in 0..<3 { try fail(&fleet, server: 0, now: .zero) }
    for _ in 0..<10 {
      let berth = try take(&fleet, now: .seconds(1))
      #expect(berth.server == 1)
      fleet.leave(berth, .answered, wait: nil, tokens: nil, now: .seconds(1))
    }
    // After its rest exactly one request tries it.
    let trial = try take(&fleet, now: .seconds(5))
    #expect(trial.server == 0)
    #expect(try take(&fleet, now: .seconds(5)).server == 1)
    // A failed trial doubles the rest.
    fleet.leave(trial, .failed, wait: nil, tokens: nil, now: .seconds(5))
    #expect(try take(&fleet, now: .seconds(14)).server == 1)
    let second = try take(&fleet, now: .seconds(15))
    #expect(second.server == 0)
    fleet.leave(second, .answered, wait: nil, tokens: nil, now: .seconds(15))
    #expect(try take(&fleet, now: .seconds(15)).server == 0)
  }

  @Test func anAbandonedTrialIsFollowedByAnother() throws {
    var fleet = fleet(2)
    for _ in 0..<3 { try fail(&fleet, server: 0, now: .zero) }
    #expect(try take(&fleet, now: .seconds(1)).server == 1)
    let trial = try take(&fleet, now: .seconds(6))
    #expect(trial.server == 0)
    fleet.leave(trial, .abandoned, wait: nil, tokens: nil, now: .seconds(6))
    #expect(try take(&fleet, now: .seconds(6)).server == 0)
  }

  @Test func whenAllServersAreOutNobodyWaitsForThem() throws {
    var alone = fleet(1)
    for _ in 0..<10 { try fail(&alone, server: 0, now: .zero) }
    #expect(try take(&alone).server == 0)
    var pair = fleet(2)
    for _ in 0..<3 { try fail(&pair, server: 0, now: .zero) }
    for _ in 0..<3 { try fail(&pair, server: 1, now: .seconds(1)) }
    #expect(try take(&pair, now: .seconds(2)).server == 0)
  }

  @Test func aPausedServerIsLeftAloneAndItsMomentIsKnown() throws {
    var fleet = fleet(1)
    let berth = try take(&fleet)
    fleet.leave(berth, .overloaded, wait: .seconds(20), tokens: nil, now: .zero)
    #expect(fleet.choose(tokens: 0, avoiding: nil, now: .seconds(19)) == .wait(until: .seconds(20)))
    #expect(try take(&fleet, now: .seconds(20)).server == 0)
    #expect(fleet.allowed(0) == 2)
  }

  @Test func aPausedServersShareGoesToTheOthers() throws {
    var fleet = fleet(2)
    let berth = try take(&fleet)
    fleet.leave(berth, .overloaded, wait: .seconds(20), tokens: nil, now: .zero)
    for _ in 0..<4 { #expect(try take(&fleet, now: .seconds(1)).server == 1) }
  }

  @Test func theBudgetIsSharedByAllServers() throws {
    var fleet = fleet(3, budget: RateBudget(requests: 2))
    _ = try take(&fleet)
    _ = try take(&fleet)
    #expect(fleet.choose(tokens: 0, avoiding: nil, now: .seconds(1)) == .wait(until: .seconds(60)))
  }
}

@Suite struct TurnstileTests {
  private func turnstile(start: Int, time: TimeSource = .system) -> Turnstile {
    Turnstile(
      Fleet(
        servers: 1, concurrency: ConcurrencyPolicy(start: start, ceiling: start), health: HealthPolicy(),
        budget: .unlimited), time: time)
  }

  @Test func visitorsCancelledAtOnceLeaveAndHoldNothing() async throws {
    let turnstile = turnstile(start: 1)
    let held = try await turnstile.enter(tokens: 0, avoiding: nil)
    let tasks = (0..<300).map { _ in
      Task { () -> Bool in
        do {
          turnstile.leave(try await turnstile.enter(tokens: 0, avoiding: nil), .answered)
          return false
        } catch { return error is CancellationError }
      }
    }
    for task in tasks { task.cancel() }
    for task in tasks { #expect(await task.value) }
    turnstile.leave(held, .answered)
    turnstile.leave(try await turnstile.enter(tokens: 0, avoiding: nil), .answered)
  }

  @Test func everybodyGetsThroughAndNeverMoreThanAllowed() async throws {
    let turnstile = turnstile(start: 3)
    let crowd = Crowd()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<500 {
        group.addTask {
          let berth = try await turnstile.enter(tokens: 0, avoiding: nil)
          await crowd.come()
          await Task.yield()
          await crowd.go()
          turnstile.leave(berth, index % 7 == 0 ? .abandoned : .answered)
        }
      }
      try await group.waitForAll()
    }
    #expect(await crowd.most <= 3)
    #expect(await crowd.total == 500)
  }

  @Test func aPauseEndsByTheClock() async throws {
    let time = ManualTime()
    let turnstile = turnstile(start: 2, time: time.source)
    let first = try await turnstile.enter(tokens: 0, avoiding: nil)
    turnstile.leave(first, .overloaded, wait: .seconds(30))
    _ = try await turnstile.enter(tokens: 0, avoiding: nil)
    #expect(time.now == .seconds(30))
  }

  private actor Crowd {
    var here = 0
    var most = 0
    var total = 0
    func come() {
      here += 1
      total += 1
      most = max(most, here)
    }
    func go() { here -= 1 }
  }
}
