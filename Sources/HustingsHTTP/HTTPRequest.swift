public import Foundation

/// One thing to ask a server.
public struct HTTPRequest: Sendable {
  /// The three methods judging and downloading need.
  public enum Method: String, Sendable {
    /// Fetch.
    case get = "GET"
    /// Fetch the header fields only.
    case head = "HEAD"
    /// Send a body.
    case post = "POST"
  }

  /// What to do.
  public var method: Method
  /// Where to.
  public var address: Address
  /// Fields that may be printed. Secrets belong in `credentials`.
  public var headers: Headers
  /// Secrets, sent to the origin of `address` alone.
  public var credentials: [Credential]
  /// What to send; nil sends nothing.
  public var bytes: [UInt8]?
  /// Limits for this request alone; nil takes the client's.
  public var timeouts: Timeouts?

  /// A request for `address`.
  public init(
    _ method: Method, _ address: Address, headers: Headers = [:], credentials: [Credential] = [],
    body: Data? = nil, timeouts: Timeouts? = nil
  ) {
    self.method = method
    self.address = address
    self.headers = headers
    self.credentials = credentials
    bytes = body.map { Array($0) }
    self.timeouts = timeouts
  }
}

/// How long a request may take.
public struct Timeouts: Sendable, Equatable {
  /// Until the connection stands, TLS included.
  public var connect: Duration
  /// Connected, but without a single byte in either direction; nil waits as long as `total` allows. A model that
  /// answers in one piece is silent while it thinks, so calls leave this nil and downloads set it.
  public var idle: Duration?
  /// From the first step to the last byte, redirects included; nil has no limit, as large downloads need.
  public var total: Duration?

  /// Limits for one request.
  public init(connect: Duration = .seconds(10), idle: Duration? = nil, total: Duration? = .seconds(600)) {
    self.connect = connect
    self.idle = idle
    self.total = total
  }

  /// For files of any size: no total limit, but a server may not stay silent for half a minute.
  public static let download = Timeouts(connect: .seconds(10), idle: .seconds(30), total: nil)
}
