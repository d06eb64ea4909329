import Foundation
import HustingsHTTP
import Testing

@Suite struct RetryPolicyTests {
  private func answer(_ status: Int, _ headers: Headers = [:]) throws -> HTTPResponse {
    HTTPResponse(
      status: status, headers: headers, body: Data(), address: try Address("http://h/"), version: .http1)
  }

  @Test func busySlowAndBrokenServersAreAskedAgain() throws {
    let policy = RetryPolicy()
    for status in [408, 429, 500, 502, 503, 504, 529] { #expect(policy.isWorthRepeating(try answer(status))) }
    for status in [200, 204, 301, 400, 401, 403, 404, 409, 413, 422] {
      #expect(!policy.isWorthRepeating(try answer(status)))
    }
  }

  @Test func theServersOwnWordCounts() throws {
    let policy = RetryPolicy()
    #expect(!policy.isWorthRepeating(try answer(429, ["X-Should-Retry": "false"])))
    #expect(policy.isWorthRepeating(try answer(409, ["x-should-retry": "true"])))
  }

  @Test func failuresOfTheNetworkAreRepeatedAndRefusalsAreNot() throws {
    let policy = RetryPolicy()
    let address = try Address("http://h/")
    #expect(policy.isWorthRepeating(.broken(address, detail: "")))
    #expect(policy.isWorthRepeating(.unreachable(address, detail: "")))
    #expect(policy.isWorthRepeating(.totalTimeout(address, limit: .seconds(1))))
    for failure: HTTPFailure in [
      .untrusted(address, detail: ""), .tooLarge(address, limit: 1), .invalidHeader("x"), .closed,
      .redirectRefused(from: address, to: "", .carriesBody), .unreadableCertificates("x"),
    ] { #expect(!policy.isWorthRepeating(failure)) }
  }

  @Test func waitsStayBelowACeilingThatDoubles() {
    let policy = RetryPolicy(attempts: 20, base: .seconds(1), cap: .seconds(20))
    for (attempt, ceiling) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 20), (7, 20), (90, 20)] {
      for item in 0..<200 {
        let wait = policy.delay(after: attempt, identity: "item-\(item)")
        #expect(wait >= .zero && wait < .seconds(ceiling))
      }
    }
  }

  @Test func theJitterIsUniform() {
    // Mean 1/2 and variance 1/12 of a uniform share; 4000 draws put 5 standard errors at 0.023 and 0.006.
    let policy = RetryPolicy(base: .seconds(1))
    let shares = (0..<4_000).map { policy.delay(after: 1, identity: "item-\($0)") / .seconds(1) }
    let mean = shares.reduce(0, +) / 4_000
    let variance = shares.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 3_999
    #expect(abs(mean - 0.5) < 0.023)
    #expect(abs(variance - 1.0 / 12) < 0.006)
  }

  @Test func waitsArePureFunctionsOfSeedIdentityAndAttempt() {
    let policy = RetryPolicy(seed: 7)
    #expect(policy.delay(after: 3, identity: "a") == policy.delay(after: 3, identity: "a"))
    let others = [
      policy.delay(after: 3, identity: "b"), policy.delay(after: 4, identity: "a"),
      RetryPolicy(seed: 8).delay(after: 3, identity: "a"),
    ]
    #expect(!others.contains(policy.delay(after: 3, identity: "a")))
  }

  @Test func aWaitTheServerAskedForIsTheLeastAndIsCapped() {
    let policy = RetryPolicy(base: .seconds(1), cap: .seconds(60), patience: .seconds(30))
    for attempt in 1...6 {
      let asked = policy.delay(after: attempt, identity: "a", asked: .seconds(10))
      #expect(asked >= .seconds(10) && asked <= .seconds(11))
      let capped = policy.delay(after: attempt, identity: "a", asked: .seconds(86_400))
      #expect(capped >= .seconds(30) && capped <= .seconds(31))
    }
  }
}

@Suite struct RateLimitNoticeTests {
  /// 6 November 1994, 08:49:37 GMT: the date of every example in RFC 9110, section 5.6.7.
  private let date = Date(timeIntervalSince1970: 784_111_777)

  private func wait(_ headers: Headers) -> Duration? { RateLimitNotice(headers, date: date).wait }

  @Test func secondsAreRead() {
    #expect(wait(["Retry-After": "20"]) == .seconds(20))
    #expect(wait(["retry-after": " 1.5 "]) == .milliseconds(1_500))
    #expect(wait(["retry-after": "0"]) == .zero)
    #expect(wait(["retry-after-ms": "250", "retry-after": "9"]) == .milliseconds(250))
  }

  @Test(arguments: [
    "Sun, 06 Nov 1994 08:49:57 GMT", "Sunday, 06-Nov-94 08:49:57 GMT", "Sun Nov  6 08:49:57 1994",
  ])
  func theThreeDateFormsAreRead(_ text: String) {
    #expect(wait(["Retry-After": text]) == .seconds(20))
  }

  @Test func aDateInThePastIsNoWait() {
    #expect(wait(["Retry-After": "Sun, 06 Nov 1994 08:00:00 GMT"]) == .zero)
  }

  @Test(arguments: ["soon", "-5", "", "nan", "inf", "12 parsecs", "::"])
  func whatIsNoWaitIsIgnored(_ text: String) {
    #expect(wait(["Retry-After": text]) == nil)
  }

  @Test func anEmptyWindowWaitsForItsReset() {
    #expect(
      wait(["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0.5s"])
        == .milliseconds(360_500))
    #expect(
      wait(["x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "20ms"]) == .milliseconds(20))
    #expect(wait(["x-ratelimit-remaining-tokens": "1", "x-ratelimit-reset-tokens": "1h"]) == nil)
    #expect(
      wait([
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "1994-11-06T08:50:07Z",
      ]) == .seconds(30))
    #expect(wait(["x-ratelimit-remaining": "0"]) == nil)
  }

  @Test func aUnixTimeIsAMoment() {
    let later = Date(timeIntervalSince1970: 1_800_000_000)
    let headers: Headers = ["X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1800000042"]
    #expect(RateLimitNotice(headers, date: later).wait == .seconds(42))
  }

  @Test func theServersOwnWordCountsBeforeItsWindows() {
    #expect(
      wait([
        "Retry-After": "3", "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "60s",
      ]) == .seconds(3))
  }

  @Test func whatIsLeftIsReported() {
    let notice = RateLimitNotice(
      ["x-ratelimit-remaining-requests": "17", "anthropic-ratelimit-tokens-remaining": "9000"], date: date)
    #expect(notice.requestsLeft == 17)
    #expect(notice.tokensLeft == 9_000)
    #expect(notice.wait == nil)
  }
}
