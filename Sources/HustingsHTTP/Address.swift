import CCurl

/// An http or https address, read by the same parser that later connects to it.
///
/// A password in the address is refused: addresses end up in logs, error messages and stored runs.
public struct Address: Sendable, Hashable, CustomStringConvertible {
  /// The whole address, query included, as it goes to the server.
  public var text: String { parts.text }
  /// `http` or `https`.
  public var scheme: String { parts.scheme }
  /// The host name in lower case, or a numeric address.
  public var host: String { parts.host }
  /// The port, given or implied by the scheme.
  public var port: Int { parts.port }
  /// The path, beginning with a slash, without query and fragment.
  public var path: String { parts.path }

  /// Shared by all copies: every waiting request and every answer holds an address.
  private final class Parts: Sendable {
    let text: String
    let scheme: String
    let host: String
    let port: Int
    let path: String

    init(text: String, scheme: String, host: String, port: Int, path: String) {
      self.text = text
      self.scheme = scheme
      self.host = host
      self.port = port
      self.path = path
    }
  }

  private let parts: Parts

  /// Reads an address such as `https://api.example.org/v1`.
  public init(_ text: String) throws(HTTPFailure) {
    self = try Address.read(text, relativeTo: nil)
  }

  /// The address a server names in `Location`, which may be relative to this one.
  func resolving(_ location: String) throws(HTTPFailure) -> Address {
    try Address.read(location, relativeTo: self.text)
  }

  /// This address with `path` below its own path; a query stays at the end.
  public func appending(_ path: String) throws(HTTPFailure) -> Address {
    var base = Substring(text)
    var query = Substring()
    if let mark = base.firstIndex(of: "?") {
      query = base[mark...]
      base = base[..<mark]
    }
    while base.last == "/" { base.removeLast() }
    return try Address(base + "/" + path.drop { $0 == "/" } + query)
  }

  /// Whether a secret meant for this address may also go to `other`: same scheme, host and port.
  public func sharesOrigin(with other: Address) -> Bool {
    scheme == other.scheme && host == other.host && port == other.port
  }

  /// Scheme, host, port and path. The query is left out, because signed addresses carry keys in it.
  public var description: String {
    let implied = scheme == "https" ? 443 : 80
    return "\(scheme)://\(host)\(port == implied ? "" : ":\(port)")\(path)"
  }

  private static func read(_ text: String, relativeTo base: String?) throws(HTTPFailure) -> Address {
    guard !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) else {
      throw .invalidAddress(shown(text), reason: "it contains a space or a control character")
    }
    guard let url = curl_url() else { throw .invalidAddress(shown(text), reason: "out of memory") }
    defer { curl_url_cleanup(url) }
    if let base { _ = curl_url_set(url, CURLUPART_URL, base, 0) }
    let code = curl_url_set(url, CURLUPART_URL, text, 0)
    if code == CURLUE_UNSUPPORTED_SCHEME {
      throw .invalidAddress(shown(text), reason: "only http and https are spoken here")
    }
    guard code == CURLUE_OK else {
      throw .invalidAddress(shown(text), reason: "it is not an address like https://host/path")
    }
    guard part(url, CURLUPART_USER) == nil, part(url, CURLUPART_PASSWORD) == nil else {
      throw .credentialsInAddress(host: part(url, CURLUPART_HOST) ?? "?")
    }
    _ = curl_url_set(url, CURLUPART_FRAGMENT, nil, 0)
    guard let whole = part(url, CURLUPART_URL),
      let scheme = part(url, CURLUPART_SCHEME)?.lowercased(),
      let host = part(url, CURLUPART_HOST)?.lowercased(),
      let port = part(url, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)).flatMap({ Int($0) }),
      let path = part(url, CURLUPART_PATH)
    else {
      throw .invalidAddress(shown(text), reason: "it names no host")
    }
    guard scheme == "http" || scheme == "https" else {
      throw .invalidAddress(shown(text), reason: "only http and https are spoken here")
    }
    return Address(parts: Parts(text: whole, scheme: scheme, host: host, port: port, path: path))
  }

  private init(parts: Parts) { self.parts = parts }

  /// Two addresses are the same when their texts are.
  public static func == (a: Address, b: Address) -> Bool { a.parts === b.parts || a.text == b.text }

  /// Hashes the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }

  private static func part(_ url: OpaquePointer, _ what: CURLUPart, _ flags: UInt32 = 0) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(url, what, &text, flags) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }

  /// An unreadable address as far as it can be repeated safely: what stands before an `@` may be a password, what
  /// follows a `?` a key.
  private static func shown(_ text: String) -> String {
    let head = text.prefix { $0 != "?" }
    guard let at = head.lastIndex(of: "@") else { return String(head.prefix(200)) }
    return "…" + head[at...].prefix(200)
  }
}
