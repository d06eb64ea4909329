import Foundation
import Hustings
import HustingsData
import HustingsStore

/// A file of kept replies, one a line, with which a run can be repeated where nothing may be sent.
///
/// The first line is `{"cassette": 1}`; every other has `key`, `endpoint`, `model` and `body`, the reply as it came.
enum Cassette {
  private static let version = 1

  /// Writes the replies of a store; those of some models when they are named.
  static func write(_ store: Store, models: [String], to path: String) throws {
    var count = 0
    var lines: [String] = []
    try store.replies { key, reply in
      // What a server said of itself belongs to every model.
      let isWanted =
        models.isEmpty || reply.endpoint.hasPrefix("GET ")
        || models.contains { $0 == reply.model || $0.hasPrefix("\(reply.model)/") }
      guard isWanted else { return }
      count += reply.endpoint.hasPrefix("GET ") ? 0 : 1
      let line: JSONValue = [
        "key": .string(key.hex), "endpoint": .string(reply.endpoint), "model": .string(reply.model),
        "body": .string(String(decoding: reply.body, as: UTF8.self)),
      ]
      lines.append(try line.text() + "\n")
    }
    guard count > 0 else {
      throw InvalidRequest("The store \(store.path) holds no replies to export.")
    }
    try AtomicFile.write(to: path) { file in
      try file.write("{\"cassette\":\(version)}\n")
      for line in lines { try file.write(line) }
    }
    Terminal.note("\(path): \(count) repl\(count == 1 ? "y" : "ies")")
  }

  /// The replies of a file as a shelf that never sends anything.
  static func shelf(_ path: String) throws -> ReplyShelf {
    var replies: [Digest: ReplyShelf.Reply] = [:]
    var latest: [String: ReplyShelf.Reply] = [:]
    var lines = try JSONLines(path)
    guard let head = try lines.next(), try head.optionalInteger("cassette") == version else {
      throw InvalidRequest(
        "\(path) is no cassette of this version. Write one with `hustings export --cassette FILE`.")
    }
    while let row = try lines.next() {
      guard let key = Digest(hex: try row.string("key")) else {
        throw row.fault("key", .notAllowed(found: "no digest", expected: "64 hexadecimal digits"))
      }
      let reply = ReplyShelf.Reply(
        endpoint: try row.string("endpoint"), model: try row.string("model"),
        body: Array(try row.string("body").utf8))
      replies[key] = reply
      latest[reply.endpoint] = reply
    }
    return ReplyShelf(
      isOffline: true, find: { [replies] in replies[$0] }, latest: { [latest] in latest[$0] },
      keep: { _, _ in })
  }
}
