import Foundation
import GRDB
import Testing

@testable import HustingsStore

@Suite struct PreparedTests {
  /// Binds a value and reads it back through one statement.
  private func echo<T>(_ bind: (Prepared) -> Void, _ read: (Prepared) throws -> T) throws -> T {
    try Store.inMemory().read { db in
      let statement = try Prepared(db, "SELECT ?")
      bind(statement)
      #expect(try statement.step())
      let value = try read(statement)
      #expect(try !statement.step())
      return value
    }
  }

  @Test(arguments: ["", "a", "a\0b", "\0", "é", "e\u{301}", "🗳️", String(repeating: "long ", count: 10_000)])
  func aTextComesBackByteForByte(text: String) throws {
    let back = try echo({ $0.bind(text, at: 1) }, { $0.optionalText(0) })
    #expect(back.map { Array($0.utf8) } == Array(text.utf8))
  }

  @Test func anEmptyTextIsNotNull() throws {
    #expect(try echo({ $0.bind("", at: 1) }, { $0.isNull(0) }) == false)
    #expect(try echo({ $0.bind(String?.none, at: 1) }, { $0.isNull(0) }))
    #expect(try echo({ $0.bind(String?.none, at: 1) }, { $0.optionalText(0) }) == nil)
  }

  @Test(arguments: [Data(), Data([0]), Data([255, 0, 128]), Data(repeating: 7, count: 100_000)])
  func bytesComeBackAsTheyWere(data: Data) throws {
    #expect(try echo({ $0.bind(data, at: 1) }, { $0.data(0) }) == data)
    #expect(try echo({ $0.bind(data, at: 1) }, { $0.isNull(0) }) == false)
  }

  @Test(arguments: [Data(), Data([0]), Data([255, 0, 128]), Data(repeating: 7, count: 100_000)])
  func lentBytesAreStoredAndForgotten(data: Data) throws {
    let store = try Store.inMemory()
    let kept = try store.write { db in
      try db.execute(sql: "CREATE TABLE lent (bytes BLOB)")
      let insert = try Prepared(db, cached: "INSERT INTO lent (bytes) VALUES (?)")
      #expect(try insert.run(lending: data, at: 1) == 1)
      // Nothing is left that a further run could read.
      try insert.run()
      let select = try Prepared(db, "SELECT bytes FROM lent ORDER BY rowid")
      #expect(try select.step())
      let kept = select.data(0)
      #expect(!select.isNull(0))
      #expect(try select.step() && select.isNull(0))
      return kept
    }
    #expect(kept == data)
  }

  @Test(arguments: [0, 1, -1, Int.max, .min])
  func integersComeBackWhole(value: Int) throws {
    #expect(try echo({ $0.bind(value, at: 1) }, { $0.integer(0) }) == value)
    #expect(try echo({ $0.bind(Int64(value), at: 1) }, { $0.identifier(0) }) == Int64(value))
  }

  @Test(arguments: [0, -0.0, .pi, .infinity, -.infinity, .leastNonzeroMagnitude])
  func numbersComeBackToTheBit(value: Double) throws {
    let back = try echo({ $0.bind(value, at: 1) }, { $0.optionalDouble(0) })
    #expect(back?.bitPattern == value.bitPattern)
  }

  @Test func nothingComesBackAsNothing() throws {
    #expect(try echo({ $0.bind(Double?.none, at: 1) }, { $0.optionalDouble(0) }) == nil)
    #expect(try echo({ $0.bind(Int64?.none, at: 1) }, { $0.isNull(0) }))
    #expect(try echo({ $0.bindNull(at: 1) }, { $0.data(0) }) == Data())
  }

  @Test func aStatementRunsAgainWithOtherValues() throws {
    let store = try Store.inMemory()
    let counts = try store.write { db in
      let insert = try Prepared(db, cached: "INSERT OR IGNORE INTO rosters (names) VALUES (?)")
      return try ["a", "b", "a"].map { name in
        insert.bind(name, at: 1)
        return try insert.run()
      }
    }
    #expect(counts == [1, 1, 0])
    #expect(try store.strings("SELECT names FROM rosters ORDER BY id") == ["a", "b"])
  }

  @Test func aFailedStatementThrowsWhatSQLiteSays() throws {
    let store = try Store.inMemory()
    #expect {
      try store.write { db in
        let insert = try Prepared(db, cached: "INSERT INTO rosters (names) VALUES (?)")
        insert.bindNull(at: 1)
        try insert.run()
      }
    } throws: { error in
      "\(error)".contains("NOT NULL constraint failed: rosters.names")
    }
  }

  @Test func equalTextsOfAPoolShareOneBuffer() throws {
    var pool = TextPool()
    func text(_ value: String) -> String {
      var value = value
      return value.withUTF8 { pool.text($0) }
    }
    func address(_ value: String) -> UnsafeRawPointer? {
      value.utf8.withContiguousStorageIfAvailable { UnsafeRawPointer($0.baseAddress) } ?? nil
    }
    let (long, other) = ("a subset with a long name", "another subset with a long name")
    let first = text(long)
    let between = text(other)
    let second = text(long)
    #expect(first == long)
    #expect(between == other)
    #expect(address(first) == address(second))
    // Equal to Swift, different in their bytes.
    let (composed, decomposed) = ("caf\u{e9} and a long name", "cafe\u{301} and a long name")
    #expect(Array(text(composed).utf8) == Array(composed.utf8))
    #expect(Array(text(decomposed).utf8) == Array(decomposed.utf8))
    #expect(text("") == "")
  }
}
