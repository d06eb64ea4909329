public import Hustings
import Dispatch
import Foundation

/// The replies of a store for a run that looks for very many and keeps very many.
///
/// Looking waits for nobody who writes: it has a connection of its own, and knows which keys there are. Replies that come
/// within a few milliseconds of each other are written in one transaction, and each `keep` returns when its reply is in the file,
/// so what a run has gone on from survives its process.
public final class ReplyLedger: @unchecked Sendable {
  private struct Waiting {
    let key: Digest
    let reply: Reply
    let continuation: UnsafeContinuation<Void, any Error>
  }

  private let store: Store
  private let reader: Store
  private let queue = DispatchQueue(label: "hustings.replies")
  private let lock = NSLock()
  /// Touched under the lock only.
  private var waiting: [Waiting] = []
  private var keptHere = 0
  /// How long the first of a batch waits for others.
  private static let gathering = DispatchTimeInterval.milliseconds(10)

  private let shelf = NSLock()
  /// The first 64 bits of the keys in the file; touched under the lock `shelf` only, like the next two.
  private var known: Set<UInt64> = []
  private var lastRow: Int64 = 0
  private var lookedAt: ContinuousClock.Instant?
  /// How old what is known of other processes' keys may be.
  private static let freshness = Duration.seconds(1)

  /// The replies of `store`, which stays open as long as this is in use.
  public init(_ store: Store) throws {
    self.store = store
    reader =
      store.path == ":memory:"
      ? store : try Store(at: URL(fileURLWithPath: store.path), mode: .read, patience: store.patience)
  }

  /// The reply to a question; nil when it was never answered. What another process has kept is seen within a second.
  public func reply(to key: Digest) throws -> Reply? { try isKnown(key) ? reader.reply(to: key) : nil }

  /// Whether there may be a reply. Most questions of a run are new, and need no query to find that out.
  private func isKnown(_ key: Digest) throws -> Bool {
    try shelf.withLock {
      if known.contains(key.words.0) { return true }
      let now = ContinuousClock.now
      if let lookedAt, now - lookedAt < ReplyLedger.freshness { return false }
      let (keys, last) = try reader.replyKeys(after: lastRow)
      for key in keys { known.insert(key.words.0) }
      lastRow = last
      lookedAt = now
      return known.contains(key.words.0)
    }
  }

  /// The newest reply of an endpoint; nil when it never gave one.
  public func latestReply(of endpoint: String) throws -> Reply? { try reader.latestReply(of: endpoint) }

  /// Keeps the reply to a question, and returns when it is in the file. An earlier reply to the same question stays.
  public nonisolated(nonsending) func keep(_ reply: Reply, to key: Digest) async throws {
    try await withUnsafeThrowingContinuation { continuation in
      let isFirst = lock.withLock {
        waiting.append(Waiting(key: key, reply: reply, continuation: continuation))
        return waiting.count == 1
      }
      if isFirst { queue.asyncAfter(deadline: .now() + ReplyLedger.gathering) { self.write() } }
    }
  }

  /// How many answers were kept by way of this value; what servers said of themselves (`GET ...`) is not counted.
  public var kept: Int { lock.withLock { keptHere } }

  /// Writes at once what waits to be written.
  public func flush() { queue.sync { write() } }

  private func write() {
    let batch = lock.withLock {
      defer { waiting = [] }
      return waiting
    }
    guard !batch.isEmpty else { return }
    let added = Result { try store.keep(batch.map { ($0.key, $0.reply) }) }
    if case .success(let rows) = added {
      shelf.withLock {
        for one in batch { known.insert(one.key.words.0) }
        // What was written here need not be read back, unless somebody else's rows stand before it.
        if let rows, rows.lowerBound == lastRow + 1 { lastRow = rows.upperBound }
      }
      lock.withLock { keptHere += batch.count { !$0.reply.endpoint.hasPrefix("GET ") } }
    }
    let result = added.map { _ in }
    for one in batch { one.continuation.resume(with: result) }
  }
}
