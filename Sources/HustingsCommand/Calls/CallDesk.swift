import Foundation
import Hustings
import HustingsEndpoints
import HustingsReports
import HustingsRunner
import HustingsStore

/// A store that is opened when it is first needed, so that a mistake on the command line makes no file.
final class LazyStore: @unchecked Sendable {
  private let path: String
  private let lock = NSLock()
  private var store: Store?
  private var ledger: ReplyLedger?

  init(_ path: String) { self.path = path }

  func opened() throws -> Store { try lock.withLock { try open() } }

  /// The replies in it.
  func replies() throws -> ReplyLedger {
    try lock.withLock {
      if let ledger { return ledger }
      let opened = try ReplyLedger(open())
      ledger = opened
      return opened
    }
  }

  /// What Ctrl-C says: what is kept, after waiting for what is being written, and how to go on.
  func farewell() -> String {
    let ledger = lock.withLock { self.ledger }
    ledger?.flush()
    let kept = ledger?.kept ?? 0
    let what =
      kept == 0
      ? "What was recorded before is"
      : "\(Format.grouped(kept)) repl\(kept == 1 ? "y that came is" : "ies that came are")"
    return "Stopped. \(what) kept in \(path): run the same command again to go on."
  }

  private func open() throws -> Store {
    if let store { return store }
    let opened = try Store(at: URL(fileURLWithPath: path), mode: .create)
    store = opened
    return opened
  }
}

/// What a run lends to models behind endpoints: kept replies, a meter, prices; and what it says of them in the end.
struct CallDesk: Sendable {
  let store: LazyStore
  let shelf: ReplyShelf
  let meter: CallMeter
  let prices: PriceTable

  init(_ options: CallOptions, store path: String) throws {
    let store = LazyStore(path)
    self.store = store
    meter = CallMeter(limit: options.maxCost)
    prices = try options.prices.map { PriceTable.listed.replaced(by: try PriceTable(file: $0)) } ?? .listed
    if let cassette = options.cassette {
      shelf = try Cassette.shelf(cassette)
    } else {
      shelf = CallDesk.shelf(store, isOffline: options.offline)
    }
  }

  private static func shelf(_ store: LazyStore, isOffline: Bool) -> ReplyShelf {
    @Sendable func shelved(_ reply: Reply?) -> ReplyShelf.Reply? {
      reply.map { ReplyShelf.Reply(endpoint: $0.endpoint, model: $0.model, body: Array($0.body)) }
    }
    return ReplyShelf(
      isOffline: isOffline, find: { shelved(try store.replies().reply(to: $0)) },
      latest: { shelved(try store.replies().latestReply(of: $0)) },
      keep: { key, reply in
        try await store.replies().keep(
          Reply(endpoint: reply.endpoint, model: reply.model, body: Data(reply.body), createdAt: Date()),
          to: key)
      })
  }

  /// From now on Ctrl-C ends the run with a sentence about what is kept.
  func answerInterrupts() { CallInterrupt.answer { [store] in store.farewell() } }

  /// A line of progress, from now on.
  func progress() -> CallProgress { CallProgress(meter) }

  /// Says what the calls came to, and ends the command as the results and the calls demand.
  func conclude(_ results: [RunResult]) async throws {
    let count = meter.count
    if let line = CallWords.summary(count) { Terminal.note(line) }
    try tellNotices(meter.notices)
    for result in results {
      guard let failure = result.failure else { continue }
      if count.heldBack > 0 && failure.contains("--max-cost") { continue }
      if count.missing > 0 && failure.contains("no reply to it was kept") { continue }
      Terminal.complain("\(result.card.name): \(failure)")
    }
    if count.missing > 0 {
      let known = count.kept == 0 ? "none" : Format.grouped(count.kept)
      Terminal.complain(
        "\(Format.grouped(count.missing)) replies were never kept, \(known) were. "
          + "Run without --offline or --cassette to ask for them.")
      throw ExitStatus.invalid
    }
    if count.heldBack > 0 {
      Terminal.note(
        "Stopped at --max-cost \(meter.limit ?? 0), with \(CallWords.dollars(count.dollars)) spent. "
          + "The same command goes on from here.")
      throw ExitStatus.inconclusive
    }
    if results.contains(where: { $0.failure != nil }) { throw ExitStatus.failure }
  }

  /// What models noticed about items: a line for people, and every notice as a file in the store.
  private func tellNotices(_ notices: [ItemNotice]) throws {
    guard !notices.isEmpty else { return }
    for (model, all) in Dictionary(grouping: notices, by: \.model).sorted(by: { $0.key < $1.key }) {
      let sorted = all.sorted { ($0.item, $0.response ?? -1) < ($1.item, $1.response ?? -1) }
      let items = Set(sorted.map(\.item)).count
      Terminal.note(
        "\(model): \(sorted.count) response\(sorted.count == 1 ? "" : "s") of \(items) item\(items == 1 ? "" : "s"), "
          + "first \(sorted[0].item): \(sorted[0].text). `hustings show` lists the file of all of them.")
      let lines = sorted.map { notice in
        let side = notice.response.map { String($0) } ?? "null"
        return
          "{\"item\": \(Self.quoted(notice.item)), \"response\": \(side), \"text\": \(Self.quoted(notice.text))}\n"
      }
      try store.opened().keep(
        Data(lines.joined().utf8), name: "\(model)/notices.jsonl", kind: "notices", now: Date())
    }
  }

  private static func quoted(_ text: String) -> String {
    Table.Cell.text(text).value.json
  }
}

/// Calls in words.
enum CallWords {
  static func dollars(_ value: Double) -> String {
    value < 0.995 ? String(format: "$%.4f", value) : String(format: "$%.2f", value)
  }

  /// What a run's calls came to; nil when there were none.
  static func summary(_ count: CallCount) -> String? {
    guard count.answered + count.kept + count.failed > 0 else { return nil }
    var parts = ["\(Format.grouped(count.answered)) calls answered"]
    if count.kept > 0 { parts.append("\(Format.grouped(count.kept)) from kept replies") }
    if count.failed > 0 { parts.append("\(Format.grouped(count.failed)) failed") }
    if count.answered > 0 {
      parts.append(
        "\(Format.grouped(count.inputTokens)) tokens read and \(Format.grouped(count.outputTokens)) written")
      parts.append(cost(count))
    }
    return parts.joined(separator: ", ") + "."
  }

  private static func cost(_ count: CallCount) -> String {
    count.unpriced == 0
      ? dollars(count.dollars)
      : count.unpriced == count.answered
        ? "of no known price" : "\(dollars(count.dollars)) for those of known price"
  }
}
