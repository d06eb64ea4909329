import CCurl
public import Foundation

/// What a server's header fields say about how fast it may be asked.
public struct RateLimitNotice: Sendable, Equatable {
  /// How long the server wants to be left alone; nil when it did not say.
  public var wait: Duration?
  /// Requests left in the current window, when said.
  public var requestsLeft: Int?
  /// Tokens left in the current window, when said.
  public var tokensLeft: Int?

  /// Reads `Retry-After` (seconds or a date), `retry-after-ms`, and the `x-ratelimit-*` and `anthropic-ratelimit-*`
  /// families. A family's reset counts as a wait only when nothing of it is left.
  public init(_ headers: Headers, date: Date) {
    requestsLeft = RateLimitNotice.left(headers, "requests")
    tokensLeft = RateLimitNotice.left(headers, "tokens")
    let asked = RateLimitNotice.retryAfter(headers, date: date)
    var resets: [Duration] = []
    for (kind, left) in [("requests", requestsLeft), ("tokens", tokensLeft)] where left == 0 {
      if let reset = RateLimitNotice.reset(headers, kind, date: date) { resets.append(reset) }
    }
    // The server's own word about waiting counts before what its windows imply.
    wait = asked ?? resets.max()
  }

  /// Nothing was said.
  init() {}

  /// Whether any field may be one of those that are read, judged by its first letters.
  static func isAny(in headers: Headers) -> Bool {
    headers.fields.contains { field in
      ["retry-after", "x-ratelimit-", "ratelimit-", "anthropic-ratelimit-"].contains {
        Headers.begins(field.name, with: $0)
      }
    }
  }

  private static func retryAfter(_ headers: Headers, date: Date) -> Duration? {
    if let text = headers["retry-after-ms"], let value = Double(text), value >= 0, value < 1e12 {
      return .seconds(value / 1_000)
    }
    return headers["Retry-After"].flatMap { moment($0, date: date) }
  }

  private static func left(_ headers: Headers, _ kind: String) -> Int? {
    let names = ["x-ratelimit-remaining-\(kind)", "anthropic-ratelimit-\(kind)-remaining"]
    let plain = kind == "requests" ? ["x-ratelimit-remaining", "ratelimit-remaining"] : []
    return (names + plain).lazy.compactMap { headers[$0].flatMap { Int($0) } }.first
  }

  private static func reset(_ headers: Headers, _ kind: String, date: Date) -> Duration? {
    let names = ["x-ratelimit-reset-\(kind)", "anthropic-ratelimit-\(kind)-reset"]
    let plain = kind == "requests" ? ["x-ratelimit-reset", "ratelimit-reset"] : []
    return (names + plain).lazy.compactMap { headers[$0].flatMap { moment($0, date: date) } }.first
  }

  /// Reads a wait: seconds (`1.5`), a span (`6m0s`, `20ms`), a Unix time, an HTTP date or an RFC 3339 date. A moment in
  /// the past is a wait of zero.
  static func moment(_ text: String, date: Date) -> Duration? {
    let text = Headers.trimmed(text)
    if let value = Double(text) {
      guard value.isFinite, value >= 0 else { return nil }
      // A billion seconds is no wait but a Unix time, and a trillion is one in milliseconds.
      if value >= 1e12 { return until(value / 1_000, date) }
      return value >= 1e9 ? until(value, date) : .seconds(value)
    }
    return span(text) ?? internetDate(text).map { until($0, date) } ?? httpDate(text).map { until($0, date) }
  }

  private static func until(_ epoch: Double, _ date: Date) -> Duration {
    .seconds(max(0, min(epoch - date.timeIntervalSince1970, 1e9)))
  }

  private static func span(_ text: String) -> Duration? {
    let units: [String: Double] = ["ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400]
    var rest = Substring(text)
    var total = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let value = Double(number), let scale = units[String(unit)] else { return nil }
      total += value * scale
    }
    return total < 1e9 ? .seconds(total) : nil
  }

  private static func internetDate(_ text: String) -> Double? {
    guard text.contains("T") else { return nil }
    return (try? Date(text, strategy: .iso8601))?.timeIntervalSince1970
  }

  /// The three forms of RFC 9110, section 5.6.7, by curl's own reader.
  private static func httpDate(_ text: String) -> Double? {
    guard text.contains(":"), text.utf8.count < 64 else { return nil }
    let seconds = curl_getdate(text, nil)
    return seconds < 0 ? nil : Double(seconds)
  }
}
