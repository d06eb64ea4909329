import CCurl
import Foundation

/// A curl handle with what belongs to it for longer than one transfer.
///
/// It keeps its options from transfer to transfer: one that differs from the last in its body alone sets nothing else.
final class CurlHandle {
  let easy: UnsafeMutableRawPointer
  /// Curl writes its own words about a failure here.
  let words: UnsafeMutablePointer<CChar>
  /// The header fields, which curl reads and does not copy.
  fileprivate var fields: UnsafeMutablePointer<curl_slist>?
  /// The address taken apart, which curl copies for each transfer: reading and writing it anew takes longer.
  fileprivate var address: OpaquePointer?
  /// The body on its way, which curl reads and does not copy.
  private var body = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  /// What the options are for; nil when they are not to be kept.
  fileprivate var purpose: (request: HTTPRequest, timeouts: Timeouts)?

  init?() {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    words = .allocate(capacity: Int(CURL_ERROR_SIZE))
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(fields)
    curl_url_cleanup(address)
    body.deallocate()
    words.deallocate()
  }

  /// Idle handles keep the room of bodies up to this.
  private static let keptBody = 64 << 10

  /// Lets go of a transfer and of a large body.
  func rest() {
    if purpose == nil || body.count > CurlHandle.keptBody { clear() }
  }

  fileprivate func clear() {
    curl_easy_reset(easy)
    curl_slist_free_all(fields)
    fields = nil
    curl_url_cleanup(address)
    address = nil
    body.deallocate()
    body = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    purpose = nil
  }

  /// The place of a copy of `bytes` that stays until the handle rests.
  fileprivate func keep(_ bytes: [UInt8]) -> UnsafeMutableRawPointer? {
    if body.count < bytes.count {
      body.deallocate()
      body = .allocate(byteCount: max(4_096, bytes.count * 5 / 4), alignment: 16)
    }
    bytes.withUnsafeBytes { body.copyMemory(from: $0) }
    return body.baseAddress
  }
}

extension HTTPRequest {
  /// Whether the two differ in their bodies at most.
  fileprivate func isLike(_ other: HTTPRequest) -> Bool {
    method == other.method && address == other.address && headers == other.headers
      && credentials.count == other.credentials.count
      && zip(credentials, other.credentials).allSatisfy { $0.field == $1.field }
  }
}

extension Transfer {
  /// Sets every option of a handle, or what is new to one that has just done the like.
  func configure(_ handle: CurlHandle) throws(HTTPFailure) {
    self.handle = handle
    handle.words[0] = 0
    if let purpose = handle.purpose, sink == nil, purpose.timeouts == timeouts,
      purpose.request.isLike(request)
    {
      try setBody()
      return try setContext()
    }
    handle.clear()
    try check(ccurl_allow_web_only(easy))
    try check(ccurl_close_on_exec(easy))
    try set(CURLOPT_NOSIGNAL, 1)
    try check(ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, handle.words))
    try setAddress(of: handle)
    try set(CURLOPT_USERAGENT, settings.agent)
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    try set(CURLOPT_TCP_KEEPALIVE, 1)
    try setProtocol()
    try setTrust(settings.trust)
    try setProxy(settings.proxy)
    try setTimeouts()
    try setMethod()
    try setFields(of: handle)
    try setCallbacks()
    guard sink == nil else { return }
    var request = request
    request.bytes = nil
    handle.purpose = (request, timeouts)
  }

  private var easy: UnsafeMutableRawPointer? { handle?.easy }

  private func setAddress(of handle: CurlHandle) throws(HTTPFailure) {
    handle.address = curl_url()
    guard let address = handle.address,
      curl_url_set(address, CURLUPART_URL, request.address.text, 0) == CURLUE_OK
    else { throw failure(CURLE_URL_MALFORMAT) }
    try check(ccurl_set_pointer(easy, CURLOPT_CURLU, UnsafeMutableRawPointer(address)))
  }

  private func setProtocol() throws(HTTPFailure) {
    // HTTP/2 only where TLS negotiates it: libcurl 7.88 fails on reused cleartext HTTP/2 connections (curl #10643).
    try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
    if request.address.scheme == "https" { try set(CURLOPT_PIPEWAIT, 1) }
    // Ranges count the bytes of the file, not of a compressed copy, so a sink asks for no compression.
    if sink == nil { try set(CURLOPT_ACCEPT_ENCODING, "") }
  }

  private func setTrust(_ trust: Trust) throws(HTTPFailure) {
    try set(CURLOPT_SSL_VERIFYPEER, 1)
    try set(CURLOPT_SSL_VERIFYHOST, 2)
    if let bundle = trust.bundle { try set(CURLOPT_CAINFO, bundle) }
    if let folder = trust.folder { try set(CURLOPT_CAPATH, folder) }
  }

  private func setProxy(_ proxy: Proxy) throws(HTTPFailure) {
    switch proxy {
    case .environment: break
    case .direct: try set(CURLOPT_PROXY, "")
    case .server(let address):
      try set(CURLOPT_PROXY, address)
      try set(CURLOPT_NOPROXY, "")
    }
  }

  private func setTimeouts() throws(HTTPFailure) {
    try set(CURLOPT_CONNECTTIMEOUT_MS, max(1, timeouts.connect.milliseconds))
    if let total = timeouts.total { try set(CURLOPT_TIMEOUT_MS, max(1, total.milliseconds)) }
  }

  private func setMethod() throws(HTTPFailure) {
    switch request.method {
    case .get: try set(CURLOPT_HTTPGET, 1)
    case .head: try set(CURLOPT_NOBODY, 1)
    case .post:
      try set(CURLOPT_POST, 1)
      try setBody()
    }
  }

  private func setBody() throws(HTTPFailure) {
    guard let handle, request.method == .post else { return }
    // Without any pointer curl would read the body from standard input.
    guard let bytes = request.bytes, !bytes.isEmpty else {
      try check(ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, 0))
      try set(CURLOPT_COPYPOSTFIELDS, "")
      return
    }
    try check(ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count)))
    try check(ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, handle.keep(bytes)))
  }

  private func setFields(of handle: CurlHandle) throws(HTTPFailure) {
    var seen = request.headers
    // Waiting for "100 Continue" costs a round trip, and many small servers never send it.
    if request.method == .post, seen["Expect"] == nil { try add("Expect:", to: handle) }
    if sink != nil, seen["Accept-Encoding"] == nil { try add("Accept-Encoding: identity", to: handle) }
    for credential in request.credentials {
      let field = credential.field
      seen.remove(field.name)
      try add(field, to: handle)
    }
    for field in seen.fields { try add(field, to: handle) }
    try check(ccurl_set_list(easy, CURLOPT_HTTPHEADER, handle.fields))
  }

  private func add(_ field: Headers.Field, to handle: CurlHandle) throws(HTTPFailure) {
    guard Headers.isSafe(field) else { throw .invalidHeader(Headers.printable(field.name)) }
    // curl drops a field without value unless it is written with a semicolon.
    try add(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)", to: handle)
  }

  private func add(_ line: String, to handle: CurlHandle) throws(HTTPFailure) {
    guard let longer = curl_slist_append(handle.fields, line) else { throw failure(CURLE_OUT_OF_MEMORY) }
    handle.fields = longer
  }

  private func setCallbacks() throws(HTTPFailure) {
    try setContext()
    try check(
      ccurl_set_data_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
        Transfer.pass(bytes, size * count, context) { $0.receiveHeader($1) }
      })
    try check(
      ccurl_set_data_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
        Transfer.pass(bytes, size * count, context) { $0.receiveBody($1) }
      })
  }

  private func setContext() throws(HTTPFailure) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    try check(ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context))
    try check(ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context))
  }

  /// Returns the count when taken; anything else makes curl stop the transfer.
  private static func pass(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    _ take: (Transfer, UnsafeRawBufferPointer) -> Bool
  ) -> Int {
    guard let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return take(transfer, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : count &+ 1
  }

  private func set(_ option: CURLoption, _ value: Int) throws(HTTPFailure) {
    try check(ccurl_set_long(easy, option, value))
  }

  private func set(_ option: CURLoption, _ value: String) throws(HTTPFailure) {
    try check(ccurl_set_string(easy, option, value))
  }

  private func check(_ code: CURLcode) throws(HTTPFailure) {
    guard code == CURLE_OK else { throw failure(code) }
  }
}

extension Duration {
  /// Whole milliseconds, rounded down, at least 0 and small enough for a C `int`.
  var milliseconds: Int {
    let parts = components
    let value = parts.seconds.multipliedReportingOverflow(by: 1_000)
    guard !value.overflow else { return Int(Int32.max) }
    return Int(max(0, min(Int64(Int32.max), value.partialValue + parts.attoseconds / 1_000_000_000_000_000)))
  }
}

extension Headers {
  /// Whether a field stays one line: a visible name without a colon, a value without control characters.
  static func isSafe(_ field: Field) -> Bool {
    !field.name.isEmpty
      && field.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
      && field.value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
  }

  static func printable(_ name: String) -> String {
    String(name.prefix(60).map { $0.isNewline || $0 == ":" ? "?" : $0 })
  }
}
