/// Why a request brought no answer, or not the one that was needed. `Sentences.swift` puts each into words.
public indirect enum HTTPFailure: Error, Sendable, Equatable {
  /// The text is no http or https address.
  case invalidAddress(String, reason: String)
  /// The address carries a user name or password.
  case credentialsInAddress(host: String)
  /// A header name or value holds a character that would end the line.
  case invalidHeader(String)
  /// The name does not resolve.
  case unknownHost(Address)
  /// The proxy's name does not resolve.
  case unknownProxy(Address)
  /// Nothing listens there, or the network has no way to it.
  case unreachable(Address, detail: String)
  /// No connection within the limit.
  case connectTimeout(Address, limit: Duration)
  /// Connected, but silent for the limit.
  case idleTimeout(Address, limit: Duration)
  /// Not finished within the limit.
  case totalTimeout(Address, limit: Duration)
  /// The certificate does not verify.
  case untrusted(Address, detail: String)
  /// The two sides could not agree on TLS, or it broke.
  case tlsFailed(Address, detail: String)
  /// The file of certificate authorities cannot be read.
  case unreadableCertificates(String)
  /// The connection ended before the answer was complete.
  case broken(Address, detail: String)
  /// The body is longer than the client keeps.
  case tooLarge(Address, limit: Int)
  /// The header fields are longer than any honest server's.
  case headersTooLarge(Address, limit: Int)
  /// The body claims a compression it does not have.
  case unreadableEncoding(Address)
  /// More redirects than allowed.
  case tooManyRedirects(Address, limit: Int)
  /// A redirect that would have moved secrets or texts where nobody sent them.
  case redirectRefused(from: Address, to: String, RedirectRefusal)
  /// The status is not the one needed; `excerpt` is the beginning of the body.
  case status(Int, at: Address, excerpt: String)
  /// The body declares another type; `excerpt` is its beginning.
  case wrongMediaType(String, wanted: String, at: Address, excerpt: String)
  /// Something else curl reports, with its number.
  case curl(Int, Address, detail: String)
  /// The client was shut down first.
  case closed
  /// Several attempts were made; this is the last one's failure.
  case gaveUp(attempts: Int, HTTPFailure)
}

/// Why a redirect was not followed.
public enum RedirectRefusal: Sendable, Equatable {
  /// From https to http.
  case leavesEncryption
  /// A request with a body was sent on to another host.
  case carriesBody
  /// The new address is not one this client reads.
  case unreadable
}

/// Why a file is not where it was wanted. Nothing is left under its name in any of these cases.
public enum DownloadFailure: Error, Sendable, Equatable {
  /// The transfer itself failed.
  case transfer(HTTPFailure)
  /// No room left; `partial` holds what arrived, for the next try.
  case diskFull(partial: String)
  /// The file or its folder cannot be written.
  case unwritable(String, reason: String)
  /// Another process is fetching the same file.
  case busy(String)
  /// The number of bytes is not the promised one.
  case wrongLength(Address, expected: Int64, got: Int64)
  /// The digest is not the promised one.
  case wrongDigest(Address, expected: String, got: String)
}

/// Why a secret could not be loaded. No case holds any part of its value.
public enum SecretFailure: Error, Sendable, Equatable {
  /// There is no such variable.
  case variableNotSet(String)
  /// Only blanks.
  case empty(source: String)
  /// More than one line, or bytes that are no text.
  case notOneLine(source: String)
  /// The file cannot be read.
  case unreadableFile(String, reason: String)
}
