/// When an attempt is worth repeating, and after what wait.
///
/// Waits follow full jitter: a uniform share of a ceiling that doubles from attempt to attempt, so that clients which
/// failed together do not come back together (M. Brooker, "Exponential Backoff And Jitter", 2015). The share is a
/// pure function of seed, request identity and attempt.
public struct RetryPolicy: Sendable, Equatable {
  /// Attempts in all, the first included.
  public var attempts: Int
  /// The ceiling of the wait after the first attempt.
  public var base: Duration
  /// The highest ceiling, however many attempts failed.
  public var cap: Duration
  /// The longest wait a server may ask for; a longer one counts as this.
  public var patience: Duration
  /// Chooses one of many equally good sequences of waits.
  public var seed: UInt64

  /// A policy.
  public init(
    attempts: Int = 6, base: Duration = .seconds(1), cap: Duration = .seconds(60),
    patience: Duration = .seconds(120), seed: UInt64 = 0
  ) {
    precondition(attempts >= 1, "\(attempts) attempts send nothing")
    precondition(base >= .zero && cap >= base, "waits from \(base) up to \(cap)")
    self.attempts = attempts
    self.base = base
    self.cap = cap
    self.patience = patience
    self.seed = seed
  }

  /// One attempt and no other.
  public static let once = RetryPolicy(attempts: 1)

  /// Whether asking again may bring another answer: the server was too busy, too slow or broken. A server that knows
  /// better says so in `x-should-retry`.
  public func isWorthRepeating(_ response: HTTPResponse) -> Bool {
    switch response.headers["x-should-retry"]?.lowercased() {
    case "true": true
    case "false": false
    default: response.status == 408 || response.status == 429 || response.status >= 500
    }
  }

  /// Whether the network rather than the request was at fault.
  public func isWorthRepeating(_ failure: HTTPFailure) -> Bool {
    switch failure {
    case .unreachable, .unknownHost, .unknownProxy, .connectTimeout, .idleTimeout, .totalTimeout, .tlsFailed,
      .broken:
      true
    default: false
    }
  }

  /// The wait after attempt number `attempt`, counted from 1. A wait the server asked for is the least it can be; the
  /// jitter comes on top, so that everybody who was told the same second does not come in the same second.
  public func delay(after attempt: Int, identity: String, asked: Duration? = nil) -> Duration {
    precondition(attempt >= 1, "attempts count from 1, not \(attempt)")
    let doublings = min(attempt - 1, 62)
    var ceiling = base
    for _ in 0..<doublings where ceiling < cap { ceiling *= 2 }
    let share = Jitter.share(seed: seed, identity: identity, attempt: attempt)
    let own = min(ceiling, cap) * share
    guard let asked else { return own }
    return min(max(asked, .zero), patience) + min(own, base)
  }
}

/// Uniform numbers that depend on nothing but what they are for.
enum Jitter {
  /// A number in [0, 1): FNV-1a over the identity, then two rounds of SplitMix64's finaliser over seed and attempt.
  static func share(seed: UInt64, identity: String, attempt: Int) -> Double {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in identity.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let mixed = finalise(finalise(hash ^ seed &* 0x9E37_79B9_7F4A_7C15) &+ UInt64(bitPattern: Int64(attempt)))
    return Double(mixed >> 11) * 0x1p-53
  }

  private static func finalise(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
