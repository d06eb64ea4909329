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

  @Test func beyondTheLimitTheSegmentsThatWereOfNoUseForLongestGo() async throws {
    let scratch = try Scratch()
    let base = try HashedEncoder(small, fittedOn: texts)
    let wide = CachedEncoder(base, folder: scratch.path)
    for start in [0, 10, 20] { _ = try await wide.encode(Array(texts[start..<start + 10])) }
    #expect(scratch.files.count == 3)
    // The first is read again, so the second is the one to go when there is room for three and a bit.
    for (age, file) in scratch.files.enumerated() {
      let date = Date(timeIntervalSince1970: Double(1000 + age))
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file)
    }
    _ = try await wide.encode(Array(texts[0..<10]))
    let sizes = try scratch.files.map { try Data(contentsOf: URL(fileURLWithPath: $0)).count }
    let tight = CachedEncoder(base, folder: scratch.path, limit: sizes.reduce(0, +) + 100)
    let more = (0..<5).map { Passage(Prompt("Another?"), Response("Text \($0).")) }
    _ = try await tight.encode(more)
    #expect(scratch.files.count == 3)
    let again = CachedEncoder(base, folder: scratch.path)
    #expect(try await again.encode(texts + more) == base.encode(texts + more))
    #expect(await again.counts == (10, 25))
  }

  @Test func rowsAreGivenWhereNothingCanBeWritten() async throws {
    let scratch = try Scratch()
    let file = "\(scratch.path)/file"
    try Data("not a folder".utf8).write(to: URL(fileURLWithPath: file))
    let base = try HashedEncoder(small, fittedOn: texts)
    let cached = CachedEncoder(base, folder: file)
    #expect(try await cached.encode(texts) == base.encode(texts))
    #expect(try await cached.encode(texts) == base.encode(texts))
  }

  /// Rows are kept where the environment says, and only of encoders for which that is worth it.
  @Test func theEnvironmentDecidesWhereRowsAreKept() async throws {
    let scratch = try Scratch()
    let kept = EncoderContext(seed: 0, environment: ["HUSTINGS_ENCODINGS": scratch.path])
    for name in ["hashed?bits=10", "hashed?bits=10+pca:4"] {
      _ = try await Encoders.fit(name, on: texts, context: kept).encode(texts)
      #expect(scratch.files.count == 1)
    }
    let restored = try Encoders.restore(
      await Encoders.fit("hashed?bits=10", on: texts, context: kept).state, context: kept)
    #expect(
      try await restored.encode(texts)
        == HashedEncoder(HashedSettings(bits: 10), fittedOn: texts).rows(of: texts))
    _ = try await Encoders.fit("table", on: texts, context: kept).encode(texts)
    for environment in [["HUSTINGS_ENCODINGS": "no", "HOME": scratch.path], [:]] {
      let context = EncoderContext(seed: 0, environment: environment)
      _ = try await Encoders.fit("hashed?bits=11", on: texts, context: context).encode(texts)
    }
    #expect(scratch.files.count == 1)
  }

  @Test func nothingIsWrittenForNothing() async throws {
    let scratch = try Scratch()
    let cached = CachedEncoder(try TableEncoder(texts), folder: scratch.path)
    #expect(try await cached.encode([]).count == 0)
    #expect(scratch.files.isEmpty)
  }
}
