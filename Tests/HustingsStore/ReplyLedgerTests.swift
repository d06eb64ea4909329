import Foundation
import Hustings
import Testing

@testable import HustingsStore

@Suite struct ReplyLedgerTests {
  private func reply(_ text: String) -> Reply {
    Reply(endpoint: "http://localhost:8000/v1", model: "m", body: Data(text.utf8), createdAt: Sample.start)
  }

  @Test func whatWasKeptIsInTheFileWhenKeepReturns() async throws {
    let scratch = try Scratch()
    let ledger = try ReplyLedger(Store(at: scratch.file, mode: .create))
    let key = Sample.digest("question")
    #expect(try ledger.reply(to: key) == nil)
    try await ledger.keep(reply("answer"), to: key)
    #expect(try ledger.reply(to: key) == reply("answer"))
    // Another process would see it too.
    #expect(try Store(at: scratch.file, mode: .read).reply(to: key) == reply("answer"))
  }

  @Test func repliesThatComeTogetherAreAllKept() async throws {
    let scratch = try Scratch()
    let store = try Store(at: scratch.file, mode: .create)
    let ledger = try ReplyLedger(store)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<500 {
        group.addTask {
          let key = Sample.digest("question \(index)")
          try await ledger.keep(reply("answer \(index)"), to: key)
          #expect(try ledger.reply(to: key) == reply("answer \(index)"))
        }
      }
      try await group.waitForAll()
    }
    var count = 0
    try store.replies { _, _ in count += 1 }
    #expect(count == 500)
  }

  @Test func theFirstReplyStaysAlsoWithinABatch() async throws {
    let scratch = try Scratch()
    let store = try Store(at: scratch.file, mode: .create)
    let ledger = try ReplyLedger(store)
    let key = Sample.digest("question")
    try await ledger.keep(reply("first"), to: key)
    async let second: Void = ledger.keep(reply("second"), to: key)
    async let third: Void = ledger.keep(reply("third"), to: key)
    _ = try await (second, third)
    #expect(try ledger.reply(to: key) == reply("first"))
    try store.keep([(key, reply("fourth")), (Sample.digest("other"), reply("fifth"))])
    #expect(try ledger.reply(to: key) == reply("first"))
    #expect(try ledger.reply(to: Sample.digest("other")) == reply("fifth"))
  }

  @Test func whatAnotherConnectionKeepsIsFoundSoon() async throws {
    let scratch = try Scratch()
    let other = try Store(at: scratch.file, mode: .create)
    for index in 0..<10 { try other.keep(reply("before"), to: Sample.digest("before \(index)")) }
    let ledger = try ReplyLedger(Store(at: scratch.file, mode: .write))
    for index in 0..<10 { #expect(try ledger.reply(to: Sample.digest("before \(index)")) == reply("before")) }
    let key = Sample.digest("question")
    #expect(try ledger.reply(to: key) == nil)
    try other.keep(reply("theirs"), to: key)
    while try ledger.reply(to: key) == nil { try await Task.sleep(for: .milliseconds(10)) }
    #expect(try ledger.reply(to: key) == reply("theirs"))
    #expect(try ledger.latestReply(of: "http://localhost:8000/v1") == reply("theirs"))
  }

  @Test func keysAreListedFromARowOn() throws {
    let store = try Store.inMemory()
    #expect(try store.replyKeys(after: 0).keys.isEmpty)
    let keys = (0..<5).map { Sample.digest("question \($0)") }
    for key in keys { try store.keep(reply("answer"), to: key) }
    let all = try store.replyKeys(after: 0)
    #expect(Set(all.keys) == Set(keys) && all.last == 5)
    let later = try store.replyKeys(after: 3)
    #expect(later.keys == Array(keys[3...]) && later.last == 5)
    #expect(try store.replyKeys(after: 5).keys.isEmpty)
  }

  @Test func rowsOfABatchAreTold() throws {
    let store = try Store.inMemory()
    func batch(_ names: String...) -> [(key: Digest, reply: Reply)] {
      names.map { (Sample.digest($0), reply($0)) }
    }
    #expect(try store.keep([]) == nil)
    #expect(try store.keep(batch("a", "b", "a")) == 1...2)
    #expect(try store.keep(batch("b", "a")) == nil)
    #expect(try store.keep(batch("a", "c", "b", "d", "d", "e")) == 3...5)
  }

  @Test func modelsAndEmptyBodiesOfABatchAreKeptApart() throws {
    let store = try Store.inMemory()
    let texts = [("e", "m", "1"), ("e", "n", ""), ("f", "n", "3"), ("e", "n", "4"), ("e", "n", "5")]
    let replies = texts.map {
      Reply(endpoint: $0.0, model: $0.1, body: Data($0.2.utf8), createdAt: Sample.start)
    }
    try store.keep(replies.map { (SHA256.digest(String(decoding: $0.body, as: UTF8.self)), $0) })
    for reply in replies {
      #expect(try store.reply(to: SHA256.digest(String(decoding: reply.body, as: UTF8.self))) == reply)
    }
  }

  @Test func rowsOfOthersAreFoundBetweenOnesOwn() async throws {
    let scratch = try Scratch()
    let other = try Store(at: scratch.file, mode: .create)
    let ledger = try ReplyLedger(Store(at: scratch.file, mode: .write))
    try await ledger.keep(reply("own"), to: Sample.digest("own 1"))
    #expect(try ledger.reply(to: Sample.digest("theirs 1")) == nil)
    try other.keep(reply("theirs"), to: Sample.digest("theirs 1"))
    try await ledger.keep(reply("own"), to: Sample.digest("own 2"))
    try other.keep(reply("theirs"), to: Sample.digest("theirs 2"))
    for key in ["theirs 1", "theirs 2"].map(Sample.digest) {
      while try ledger.reply(to: key) == nil { try await Task.sleep(for: .milliseconds(10)) }
      #expect(try ledger.reply(to: key) == reply("theirs"))
    }
    #expect(try ledger.reply(to: Sample.digest("own 2")) == reply("own"))
  }

  @Test func flushingWritesWhatWaits() async throws {
    let scratch = try Scratch()
    let ledger = try ReplyLedger(Store(at: scratch.file, mode: .create))
    #expect(ledger.kept == 0)
    ledger.flush()
    for index in 0..<3 {
      async let kept: Void = ledger.keep(reply("answer"), to: Sample.digest("question \(index)"))
      ledger.flush()
      try await kept
    }
    #expect(ledger.kept == 3)
  }

  @Test func aStoreInMemoryWillDo() async throws {
    let ledger = try ReplyLedger(.inMemory())
    let key = Sample.digest("question")
    try await ledger.keep(reply("answer"), to: key)
    #expect(try ledger.reply(to: key) == reply("answer"))
  }

  @Test func everybodyInABatchLearnsThatItCouldNotBeWritten() async throws {
    let scratch = try Scratch()
    _ = try Store(at: scratch.file, mode: .create)
    let ledger = try ReplyLedger(Store(at: scratch.file, mode: .read))
    let refusal = StoreError.readOnly(path: scratch.file.path)
    let failures = await withTaskGroup(of: Bool.self) { group in
      for index in 0..<20 {
        group.addTask {
          do {
            try await ledger.keep(reply("answer"), to: Sample.digest("question \(index)"))
            return false
          } catch { return error as? StoreError == refusal }
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(failures == 20)
  }
}
