// Every failure of this room in words: what happened, where, and the next move.

extension HTTPFailure: CustomStringConvertible {
  /// One sentence or two. Addresses appear without query, so keys in them are not repeated.
  public var description: String {
    switch self {
    case .invalidAddress(let text, let reason):
      "'\(text)' is not usable as an address: \(reason). Write it like https://host:port/path."
    case .credentialsInAddress(let host):
      "The address of \(host) contains a user name or password, which would end up in logs. "
        + "Remove it and name an environment variable or a key file instead."
    case .invalidHeader(let name):
      "The header field '\(name)' contains a line break or another control character. Remove it."
    case .unknownHost(let address):
      "The host name \(address.host) does not resolve. Check its spelling, and the network."
    case .unknownProxy(let address):
      "The proxy for \(address) does not resolve. Check http_proxy, https_proxy and all_proxy."
    case .unreachable(let address, let detail):
      "Cannot connect to \(address) (\(detail)). Check that the server runs and listens on that port."
    case .connectTimeout(let address, let limit):
      "No connection to \(address) within \(seconds(limit)). Check the address, the network and any proxy."
    case .idleTimeout(let address, let limit):
      "\(address) sent nothing for \(seconds(limit)). Try again, or allow a longer idle time."
    case .totalTimeout(let address, let limit):
      "\(address) did not finish within \(seconds(limit)). Try again, or allow a longer total time."
    case .untrusted(let address, let detail):
      "The certificate of \(address) does not verify (\(detail)). "
        + "If it is your own authority, name its file in CURL_CA_BUNDLE or SSL_CERT_FILE."
    case .tlsFailed(let address, let detail):
      "The TLS connection to \(address) failed (\(detail)). Check that the port speaks https."
    case .unreadableCertificates(let path):
      "The certificate authorities in \(path) cannot be read. Check CURL_CA_BUNDLE and SSL_CERT_FILE."
    case .broken(let address, let detail):
      "The connection to \(address) broke before the answer was complete (\(detail)). Try again."
    case .tooLarge(let address, let limit):
      "The answer of \(address) is longer than \(limit) bytes. Check the address, or raise the limit."
    case .headersTooLarge(let address, let limit):
      "The header fields of \(address) are longer than \(limit) bytes. Check the address."
    case .unreadableEncoding(let address):
      "The body from \(address) is not compressed the way its header says. Check any proxy in between."
    case .tooManyRedirects(let address, let limit):
      "More than \(limit) redirects, the last one to \(address). Check the address for a loop."
    case .redirectRefused(let from, let to, .leavesEncryption):
      "\(from) redirects from https to \(to), which is not encrypted; nothing was sent there. "
        + "Name the https address of the new place."
    case .redirectRefused(let from, let to, .carriesBody):
      "\(from) redirects a request with a body to \(to), another host; nothing was sent there. "
        + "If you trust that host, name its address itself."
    case .redirectRefused(let from, let to, .unreadable):
      "\(from) redirects to '\(to)', which is no usable http address. Check the server."
    case .status(let code, let address, let excerpt):
      "\(address) answered \(code)\(meaning(code))\(quoted(excerpt)). \(advice(code))"
    case .wrongMediaType(let found, let wanted, let address, let excerpt):
      "\(address) answered with \(found) where \(wanted) was expected\(quoted(excerpt)). "
        + "Check the address, and any login page or proxy in between."
    case .curl(let code, let address, let detail):
      "The request to \(address) failed (\(detail), curl error \(code)). Try again, or look that number up."
    case .closed:
      "The client was shut down before the answer came. Start the run again."
    case .gaveUp(let attempts, let last):
      "\(last) This was attempt \(attempts), the last one."
    }
  }
}

extension DownloadFailure: CustomStringConvertible {
  /// One sentence or two.
  public var description: String {
    switch self {
    case .transfer(let failure): failure.description
    case .diskFull(let partial):
      "The disk is full; what arrived is kept in \(partial). Free some space and start again to continue there."
    case .unwritable(let path, let reason):
      "Cannot write \(path): \(reason). Choose a folder you may write to, or change its permissions."
    case .busy(let path):
      "Another process is fetching \(path). Wait for it to finish and start again."
    case .wrongLength(let address, let expected, let got):
      "\(address) gave \(got) bytes where \(expected) were promised. "
        + "The source may have changed: check its version, or try again."
    case .wrongDigest(let address, let expected, let got):
      "The content of \(address) has the digest \(got) where \(expected) was promised; nothing was kept. "
        + "The source may have changed: check its version, or try again."
    }
  }
}

extension SecretFailure: CustomStringConvertible {
  /// One sentence or two.
  public var description: String {
    switch self {
    case .variableNotSet(let name):
      "The environment variable \(name) is not set. Export it with the key in it."
    case .empty(let source): "\(source) holds no key, only blanks. Put the key in it."
    case .notOneLine(let source): "\(source) holds more than one line of text. Put nothing but the key in it."
    case .unreadableFile(let path, let reason): "Cannot read the key file \(path): \(reason). Check the path."
    }
  }
}

private func seconds(_ duration: Duration) -> String {
  let parts = duration.components
  let milliseconds = parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000
  return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
}

private func quoted(_ excerpt: String) -> String { excerpt.isEmpty ? "" : ": \"\(excerpt)\"" }

private func meaning(_ status: Int) -> String {
  switch status {
  case 400: " (bad request)"
  case 401: " (not authorised)"
  case 403: " (forbidden)"
  case 404: " (not found)"
  case 408: " (request timed out)"
  case 413: " (too large)"
  case 422: " (not understood)"
  case 429: " (too many requests)"
  case 500: " (server error)"
  case 502, 503, 504: " (unavailable)"
  case 529: " (overloaded)"
  default: ""
  }
}

private func advice(_ status: Int) -> String {
  switch status {
  case 401, 403: "Check the key, and what it is allowed to use."
  case 404: "Check the address and the model's name."
  case 408, 429, 529: "Wait a while, or send fewer requests at a time."
  case 500...599: "Try again later, or ask whoever runs the server."
  case 300...399: "Name the final address."
  default: "Check what was sent."
  }
}
