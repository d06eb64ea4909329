import Foundation
import Hustings
import Testing

@testable import HustingsStore

@Suite struct OpeningTests {
  @Test(arguments: [Store.Mode.read, .write])
  func onlyCreateMakesAFile(mode: Store.Mode) throws {
    let scratch = try Scratch()
    #expect(throws: StoreError.missing(path: scratch.file.path)) { try Store(at: scratch.file, mode: mode) }
    #expect(scratch.names.isEmpty)
  }

  @Test func createMakesTheFolderToo() throws {
    let scratch = try Scratch()
    let file = scratch.named("results/of/today/store.sqlite")
    let store = try Store(at: file, mode: .create)
    #expect(try store.benchmarks().isEmpty)
    #expect(try store.models().isEmpty)
    #expect(try store.runs().isEmpty)
  }

  @Test func createTwiceOpensTheSameStore() throws {
    let scratch = try Scratch()
    _ = try Sample.store(at: scratch.file)
    #expect(try Store(at: scratch.file, mode: .create).benchmarks().count == 1)
  }

  @Test func readingLeavesTheFileAndItsFolderAsTheyWere() throws {
    let scratch = try Scratch()
    do {
      let store = try Sample.store(at: scratch.file)
      try store.append(Sample.batch(0..<4), to: Sample.run(in: store))
    }
    let before = try Data(contentsOf: scratch.file)
    #expect(scratch.names == ["store.sqlite"])
    do {
      let store = try Store(at: scratch.file, mode: .read)
      #expect(try store.runs().first?.scored == 4)
    }
    #expect(scratch.names == ["store.sqlite"])
    #expect(try Data(contentsOf: scratch.file) == before)
  }

  @Test func aStoreOpenForReadingTakesNoRows() throws {
    let scratch = try Scratch()
    let run = try Sample.run(in: Sample.store(at: scratch.file))
    let store = try Store(at: scratch.file, mode: .read)
    let readOnly = StoreError.readOnly(path: scratch.file.path)
    #expect(throws: readOnly) { try store.append(Sample.batch(0..<1), to: run) }
    #expect(throws: readOnly) { try store.register(Sample.model("another")) }
    #expect(throws: readOnly) { try Sample.run(in: store, seed: 1) }
  }

  @Test func aReaderSeesWhatAWriterHasCommittedSince() throws {
    let scratch = try Scratch()
    let writer = try Sample.store(at: scratch.file)
    let run = try Sample.run(in: writer)
    let reader = try Store(at: scratch.file, mode: .read)
    for count in 1...8 {
      try writer.append(Sample.batch(count - 1..<count), to: run)
      #expect(try reader.run(run.identity).scored == count)
    }
  }

  @Test(arguments: ["hello", String(repeating: "not a database, but long enough to be one. ", count: 100)])
  func aFileOfAnotherKindIsRefusedAndKept(text: String) throws {
    let scratch = try Scratch()
    try Data(text.utf8).write(to: scratch.file)
    for mode in [Store.Mode.read, .write, .create] {
      #expect(throws: StoreError.notAStore(path: scratch.file.path)) {
        try Store(at: scratch.file, mode: mode)
      }
    }
    #expect(try Data(contentsOf: scratch.file) == Data(text.utf8))
  }

  @Test func anotherProgramsDatabaseIsRefusedAndKept() throws {
    let scratch = try Scratch()
    try Foreign.makeDatabase(at: scratch.file)
    let before = try Data(contentsOf: scratch.file)
    for mode in [Store.Mode.read, .write, .create] {
      #expect(throws: StoreError.notAStore(path: scratch.file.path)) {
        try Store(at: scratch.file, mode: mode)
      }
    }
    #expect(try Data(contentsOf: scratch.file) == before)
  }

  @Test func aFolderAndAnEmptyFileAreNoStores() throws {
    let scratch = try Scratch()
    #expect(throws: StoreError.notAStore(path: scratch.folder.path)) {
      try Store(at: scratch.folder, mode: .create)
    }
    try Data().write(to: scratch.file)
    #expect(throws: StoreError.notAStore(path: scratch.file.path)) {
      try Store(at: scratch.file, mode: .read)
    }
    #expect(try Store(at: scratch.file, mode: .create).runs().isEmpty)
  }

  @Test func aNewerSchemaIsNamedAndLeftAlone() throws {
    let scratch = try Scratch()
    let later = Migration(name: "later", sql: "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;")
    _ = try Store(at: scratch.file, mode: .create, patience: 1, migrations: Migration.all + [later])
    let known = Migration.all.count
    for mode in [Store.Mode.read, .write, .create] {
      #expect(throws: StoreError.newer(path: scratch.file.path, schema: known + 1, known: known)) {
        try Store(at: scratch.file, mode: mode)
      }
    }
  }

  @Test func anOlderSchemaIsBroughtUpToDateByAWriterOnly() throws {
    let scratch = try Scratch()
    do {
      let store = try Sample.store(at: scratch.file)
      try store.append(Sample.batch(0..<8), to: Sample.run(in: store))
    }
    let known = Migration.all.count
    let later =
      Migration.all + [
        Migration(name: "later", sql: "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;")
      ]
    #expect(throws: StoreError.older(path: scratch.file.path, schema: known, known: known + 1)) {
      try Store(at: scratch.file, mode: .read, patience: 1, migrations: later)
    }
    let store = try Store(at: scratch.file, mode: .write, patience: 1, migrations: later)
    #expect(try store.run(Sample.run(in: store).identity).scored == 8)
    #expect(throws: StoreError.appendOnly(path: scratch.file.path)) {
      try store.execute("INSERT INTO later VALUES (1); DELETE FROM later")
    }
  }

  @Test func everyMigrationHasANameOfItsOwn() {
    #expect(Set(Migration.all.map(\.name)).count == Migration.all.count)
  }

  @Test func pathsMayHoldAnything() throws {
    let scratch = try Scratch()
    for name in ["a store.sqlite", "100%?#;&é🗳️'\".sqlite", "file:x"] {
      let file = scratch.named(name)
      _ = try Sample.store(at: file, items: 2)
      #expect(try Store(at: file, mode: .read).benchmarks().first?.itemCount == 2)
    }
  }
}
