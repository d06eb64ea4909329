import HustingsHTTP
import Testing

/// The words of every failure, whole: they are what a user sees.
@Suite struct SentenceTests {
  private static let address = try? Address("https://judge.example:8443/v1/chat?key=hidden")

  private static func failures() throws -> [(HTTPFailure, String)] {
    let at = try #require(address)
    let name = "https://judge.example:8443/v1/chat"
    return [
      (
        .invalidAddress("judge", reason: "it names no host"),
        "'judge' is not usable as an address: it names no host. Write it like https://host:port/path."
      ),
      (
        .credentialsInAddress(host: "h"),
        "The address of h contains a user name or password, which would end up in logs. Remove it and name an "
          + "environment variable or a key file instead."
      ),
      (
        .invalidHeader("X"),
        "The header field 'X' contains a line break or another control character. Remove it."
      ),
      (
        .unknownHost(at),
        "The host name judge.example does not resolve. Check its spelling, and the network."
      ),
      (
        .unknownProxy(at),
        "The proxy for \(name) does not resolve. Check http_proxy, https_proxy and all_proxy."
      ),
      (
        .unreachable(at, detail: "connection refused"),
        "Cannot connect to \(name) (connection refused). Check that the server runs and listens on that port."
      ),
      (
        .connectTimeout(at, limit: .seconds(10)),
        "No connection to \(name) within 10 s. Check the address, the network and any proxy."
      ),
      (
        .idleTimeout(at, limit: .milliseconds(1_500)),
        "\(name) sent nothing for 1500 ms. Try again, or allow a longer idle time."
      ),
      (
        .totalTimeout(at, limit: .seconds(600)),
        "\(name) did not finish within 600 s. Try again, or allow a longer total time."
      ),
      (
        .untrusted(at, detail: "it has expired"),
        "The certificate of \(name) does not verify (it has expired). If it is your own authority, name its file in "
          + "CURL_CA_BUNDLE or SSL_CERT_FILE."
      ),
      (
        .tlsFailed(at, detail: "wrong version number"),
        "The TLS connection to \(name) failed (wrong version number). Check that the port speaks https."
      ),
      (
        .unreadableCertificates("/x.pem"),
        "The certificate authorities in /x.pem cannot be read. Check CURL_CA_BUNDLE and SSL_CERT_FILE."
      ),
      (
        .broken(at, detail: "reset"),
        "The connection to \(name) broke before the answer was complete (reset). Try again."
      ),
      (
        .tooLarge(at, limit: 9),
        "The answer of \(name) is longer than 9 bytes. Check the address, or raise the limit."
      ),
      (
        .headersTooLarge(at, limit: 9),
        "The header fields of \(name) are longer than 9 bytes. Check the address."
      ),
      (
        .unreadableEncoding(at),
        "The body from \(name) is not compressed the way its header says. Check any proxy in between."
      ),
      (
        .tooManyRedirects(at, limit: 5),
        "More than 5 redirects, the last one to \(name). Check the address for a loop."
      ),
      (
        .redirectRefused(from: at, to: "http://h/", .leavesEncryption),
        "\(name) redirects from https to http://h/, which is not encrypted; nothing was sent there. Name the https "
          + "address of the new place."
      ),
      (
        .redirectRefused(from: at, to: "https://h/", .carriesBody),
        "\(name) redirects a request with a body to https://h/, another host; nothing was sent there. If you trust "
          + "that host, name its address itself."
      ),
      (
        .redirectRefused(from: at, to: "x:", .unreadable),
        "\(name) redirects to 'x:', which is no usable http address. Check the server."
      ),
      (
        .status(401, at: at, excerpt: "no"),
        "\(name) answered 401 (not authorised): \"no\". Check the key, and what it is allowed to use."
      ),
      (
        .status(429, at: at, excerpt: ""),
        "\(name) answered 429 (too many requests). Wait a while, or send fewer requests at a time."
      ),
      (
        .status(503, at: at, excerpt: ""),
        "\(name) answered 503 (unavailable). Try again later, or ask whoever runs the server."
      ),
      (.status(302, at: at, excerpt: ""), "\(name) answered 302. Name the final address."),
      (
        .status(422, at: at, excerpt: "x"),
        "\(name) answered 422 (not understood): \"x\". Check what was sent."
      ),
      (
        .wrongMediaType("text/html", wanted: "application/json", at: at, excerpt: "<html>"),
        "\(name) answered with text/html where application/json was expected: \"<html>\". Check the address, and "
          + "any login page or proxy in between."
      ),
      (
        .curl(99, at, detail: "odd"),
        "The request to \(name) failed (odd, curl error 99). Try again, or look that number up."
      ),
      (.closed, "The client was shut down before the answer came. Start the run again."),
      (
        .gaveUp(attempts: 3, .broken(at, detail: "reset")),
        "The connection to \(name) broke before the answer was complete (reset). Try again. This was attempt 3, the "
          + "last one."
      ),
    ]
  }

  @Test func everyHTTPFailureSaysWhatWhereAndTheNextMove() throws {
    for (failure, sentence) in try Self.failures() { #expect(failure.description == sentence) }
  }

  @Test func noSentenceRepeatsTheQuery() throws {
    for (failure, _) in try Self.failures() { #expect(!failure.description.contains("hidden")) }
  }

  @Test func everyDownloadFailureSaysWhatWhereAndTheNextMove() throws {
    let at = try #require(Self.address)
    let sentences: [(DownloadFailure, String)] = [
      (
        .unwritable("/data/x.part", reason: "permission denied"),
        "Cannot write /data/x.part: permission denied. Choose a folder you may write to, or change its permissions."
      ),
      (
        .busy("/data/x"),
        "Another process is fetching /data/x. Wait for it to finish and start again."
      ),
      (
        .wrongLength(at, expected: 10, got: 9),
        "https://judge.example:8443/v1/chat gave 9 bytes where 10 were promised. The source may have changed: check "
          + "its version, or try again."
      ),
      (.transfer(.closed), "The client was shut down before the answer came. Start the run again."),
    ]
    for (failure, sentence) in sentences { #expect(failure.description == sentence) }
  }

  @Test func anUnreadableAddressIsShownWithoutWhatMayBeSecret() {
    for text in ["https://user:pass word@h/", "ftp://h/x?key=hidden", "https://h/a b?key=hidden"] {
      do {
        _ = try Address(text)
        Issue.record("'\(text)' was accepted")
      } catch {
        #expect(!error.description.contains("pass"))
        #expect(!error.description.contains("hidden"))
      }
    }
  }
}
