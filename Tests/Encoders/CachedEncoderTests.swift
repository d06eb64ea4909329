import EncoderPlugins
import Foundation
import Hustings
import Testing

private let texts = (0..<30).map { Passage(Prompt("Question \($0 % 3)?"), Response("Answer number \($0).")) }

/// Few columns, so that debug builds are quick.
private let small = HashedSettings(bits: 12)

@Suite struct CachedEncoderTests {
  private func encoders() throws -> [any Encoder] {
    [
      try HashedEncoder(small, fittedOn: texts), try TableEncoder(texts),
      try HashedEncoder(HashedSettings(words: 0, bits: 12), fittedOn: texts),
    ]
  }

  @Test func rowsAreThoseOfTheEncoderBehind() async throws {
    for base in try encoders() {
      let scratch = try Scratch()
      let cached = CachedEncoder(base, folder: scratch.path)
      #expect(cached.card == base.card)
      #expect(cached.state == base.state)
      let some = Array(texts[0..<20])
      #expect(try await cached.encode(some) == base.encode(some))
      // Some known, some new, one twice, in another order.
      let mixed = [texts[25], texts[3], texts[28], texts[3], texts[25]]
      #expect(try await cached.encode(mixed) == base.encode(mixed))
      let counts = await cached.counts
      #expect(counts == (22, 3))
    }
  }

  @Test func anotherProcessFindsWhatWasEncoded() async throws {
    for base in try encoders() {
      let scratch = try Scratch()
      let first = CachedEncoder(base, folder: scratch.path)
      _ = try await first.encode(Array(texts[0..<10]))
      _ = try await first.encode(Array(texts[5..<20]))
      #expect(scratch.files.count == 2)
      let second = CachedEncoder(base, folder: scratch.path)
      #expect(try await second.encode(texts) == base.encode(texts))
      #expect(await second.counts == (10, 20))
    }
  }

  @Test func encodersDoNotShareRows() async throws {
    let scratch = try Scratch()
    let one = CachedEncoder(try HashedEncoder(small, fittedOn: texts), folder: scratch.path)
    let other = CachedEncoder(
      try HashedEncoder(HashedSettings(words: 1, bits: 12), fittedOn: texts), folder: scratch.path)
    _ = try await one.encode(texts)
    _ = try await other.encode(texts)
    #expect(await other.counts == (30, 0))
  }

  @Test(arguments: ["cut", "garbage", "empty", "swapped"]) func damagedSegmentsAreEncodedAgain(
    _ damage: String
  )
    async throws
  {
    let scratch = try Scratch()
    let base = try HashedEncoder(small, fittedOn: texts)
    _ = try await CachedEncoder(base, folder: scratch.path).encode(texts)
    let file = URL(fileURLWithPath: try #require(scratch.files.first))
    let content = try Data(contentsOf: file)
    switch damage {
    case "cut": try content.prefix(content.count - 9).write(to: file)
    case "garbage": try Data("no tensors".utf8).write(to: file)
    case "empty": try Data().write(to: file)
    default:
      // A segment of another width under this encoder's fingerprint.
      let other = try HashedEncoder(HashedSettings(bits: 12, hasSurface: false), fittedOn: texts)
      let elsewhere = try Scratch()
      _ = try await CachedEncoder(other, folder: elsewhere.path).encode(texts)
      try Data(contentsOf: URL(fileURLWithPath: try #require(elsewhere.files.first))).write(to: file)
    }
    let again = CachedEncoder(base, folder: scratch.path)
    #expect(try await again.encode(texts) == base.encode(texts))
    #expect(await again.counts == (30, 0))
    #expect(try Data(contentsOf: file) == content)
  }

  @Test func nothingIsWrittenForNothing() async throws {
    let scratch = try Scratch()
    let cached = CachedEncoder(try TableEncoder(texts), folder: scratch.path)
    #expect(try await cached.encode([]).count == 0)
    #expect(scratch.files.isEmpty)
  }
}
