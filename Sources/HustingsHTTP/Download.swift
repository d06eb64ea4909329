public import Foundation

/// A file to fetch: from where, to where, and how to know that it is the right one.
public struct Download: Sendable {
  /// What the content must hash to.
  public struct Digest: Sendable {
    /// The promised digest in hexadecimal.
    public var expected: String
    /// Hashes a file and returns hexadecimal, in either case.
    public var compute: @Sendable (URL) throws -> String

    /// A digest and the function that checks it.
    public init(_ expected: String, by compute: @escaping @Sendable (URL) throws -> String) {
      self.expected = expected
      self.compute = compute
    }
  }

  /// Where it comes from.
  public var address: Address
  /// Where it goes. While it is incomplete it is called the same with `.part` at the end.
  public var destination: URL
  /// The promised number of bytes, when known.
  public var length: Int64?
  /// The promised digest, when known. Without it a file is trusted as the server sent it.
  public var digest: Digest?
  /// Secrets for the origin of `address`.
  public var credentials: [Credential]
  /// Limits for each attempt.
  public var timeouts: Timeouts

  /// A file to fetch.
  public init(
    _ address: Address, to destination: URL, length: Int64? = nil, digest: Digest? = nil,
    credentials: [Credential] = [], timeouts: Timeouts = .download
  ) {
    self.address = address
    self.destination = destination
    self.length = length
    self.digest = digest
    self.credentials = credentials
    self.timeouts = timeouts
  }
}

/// How far a download is.
public struct DownloadProgress: Sendable, Equatable {
  /// Bytes in the file, those of earlier runs included.
  public var received: Int64
  /// Bytes it will have; nil when the server does not say.
  public var total: Int64?
}

/// How a file came to be where it was wanted.
public enum DownloadOutcome: Sendable, Equatable {
  /// It was there already and is the right one; nothing was fetched.
  case alreadyThere
  /// It was fetched; `resumedAt` bytes of it came from an earlier run.
  case fetched(length: Int64, resumedAt: Int64)
}
