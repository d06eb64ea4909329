public import Foundation

/// What a server answered, whatever its status.
public struct HTTPResponse: Sendable {
  /// The protocol an answer came over.
  public enum Version: String, Sendable {
    /// One request at a time on a connection.
    case http1 = "HTTP/1.1"
    /// Many requests on one connection.
    case http2 = "HTTP/2"
    /// Anything else.
    case other = "other"
  }

  /// The three-digit status code.
  public var status: Int
  /// The fields of the final answer; those of redirects are gone.
  public var headers: Headers
  /// The body, decompressed.
  public var bytes: [UInt8]
  /// Who answered, after redirects.
  public var address: Address
  /// The protocol spoken.
  public var version: Version

  /// An answer as it would arrive over the wire.
  public init(status: Int, headers: Headers, bytes: [UInt8], address: Address, version: Version) {
    self.status = status
    self.headers = headers
    self.bytes = bytes
    self.address = address
    self.version = version
  }

  /// An answer as it would arrive over the wire.
  public init(status: Int, headers: Headers, body: Data, address: Address, version: Version) {
    self.init(status: status, headers: headers, bytes: Array(body), address: address, version: version)
  }

  /// A copy of the body.
  public var body: Data { Data(bytes) }

  /// Whether the status is 200 to 299.
  public var isSuccess: Bool { (200...299).contains(status) }

  /// The media type in lower case without parameters, such as `application/json`; nil when none was sent.
  public var mediaType: String? {
    guard let value = headers["Content-Type"] else { return nil }
    let type = Headers.trimmed(value.prefix { $0 != ";" })
    return type.isEmpty ? nil : type.lowercased()
  }

  /// Throws what the server said when the status is not a success.
  @discardableResult
  public func requiringSuccess() throws(HTTPFailure) -> HTTPResponse {
    guard isSuccess else { throw .status(status, at: address, excerpt: excerpt) }
    return self
  }

  /// Throws when the answer declares another media type, as a login page or a gateway's error page does. An answer
  /// that declares none passes.
  @discardableResult
  public func requiring(mediaType wanted: String) throws(HTTPFailure) -> HTTPResponse {
    guard headers["Content-Type"] != wanted, let found = mediaType, found != wanted.lowercased() else {
      return self
    }
    throw .wrongMediaType(found, wanted: wanted, at: address, excerpt: excerpt)
  }

  /// The first characters of the body on one line, for a message.
  public var excerpt: String {
    let text = String(decoding: bytes.prefix(1_200), as: UTF8.self)
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 240 ? line.prefix(240) + "…" : line
  }
}
