import Foundation
import GRDB
public import Hustings

/// A benchmark whose items are all in the store.
public struct BenchmarkRecord: Sendable, Hashable {
  /// The digest of its items, templates and metric version.
  public let identity: Digest
  /// Who it is.
  public let card: BenchmarkCard
  /// How many items it has.
  public let itemCount: Int
}

/// A benchmark whose items are being written to a store, in batches.
public struct Registration: Sendable {
  /// The digest of its items, templates and metric version.
  public let identity: Digest
  /// Its name, for messages.
  public let name: String
  /// How many items it has, when all of them are in the store already; nil when they have to be appended.
  public let itemCount: Int?
  let id: Int64
}

extension Store {
  /// Begins to write a benchmark, or finds it written.
  ///
  /// Unless `itemCount` says that every item is there, append all keys from ordinal 0 on and then complete it. Keys that an
  /// interrupted process or another one has written stay as they are.
  public func beginBenchmark(_ identity: Digest, card: BenchmarkCard) throws -> Registration {
    let text = try CardText.encode(card)
    return try write { db in
      let id = try BenchmarkTable.insert(identity, card: card, text: text, in: db)
      return Registration(
        identity: identity, name: card.name, itemCount: try BenchmarkTable.itemCount(of: id, in: db), id: id)
    }
  }

  /// Writes the next answer keys; all of them or none.
  ///
  /// - Parameter ordinal: the place of the first of these keys among the benchmark's items.
  public func append(
    _ keys: some Sequence<AnswerKey>, from ordinal: Int, to registration: Registration
  ) throws {
    guard registration.itemCount == nil else { return }
    try write { db in
      let writer = try KeyWriter(db, benchmark: registration.id, name: registration.name)
      var ordinal = ordinal
      for key in keys {
        try writer.write(key, at: ordinal)
        ordinal += 1
      }
      try writer.finish()
    }
  }

  /// Marks a benchmark as completely written.
  @discardableResult
  public func complete(_ registration: Registration, itemCount: Int) throws -> Registration {
    try write { db in
      let stored = try BenchmarkTable.storedItems(of: registration.id, in: db)
      guard stored == itemCount else {
        throw StoreError.wrongItemCount(benchmark: registration.name, stored: stored, expected: itemCount)
      }
      try BenchmarkTable.complete(registration.id, itemCount: itemCount, in: db)
    }
    return Registration(
      identity: registration.identity, name: registration.name, itemCount: itemCount, id: registration.id)
  }

  /// Writes a whole benchmark at once; nothing when it is in the store already.
  public func register(
    _ identity: Digest, card: BenchmarkCard, keys: some Collection<AnswerKey>
  ) throws {
    let registration = try beginBenchmark(identity, card: card)
    guard registration.itemCount == nil else { return }
    try append(keys, from: 0, to: registration)
    try complete(registration, itemCount: keys.count)
  }

  /// Every completely written benchmark, by name, version and identity.
  public func benchmarks() throws -> [BenchmarkRecord] {
    try read { try BenchmarkTable.all(in: $0) }
  }

  /// The benchmark of the given identity.
  public func benchmark(_ identity: Digest) throws -> BenchmarkRecord {
    guard let found = try benchmarks().first(where: { $0.identity == identity }) else {
      throw StoreError.unknownBenchmark(identity)
    }
    return found
  }

  /// The answer keys of a benchmark, by ordinal.
  public func keys(of benchmark: Digest) throws -> [AnswerKey] {
    try read { db in
      let (id, itemCount) = try BenchmarkTable.find(benchmark, in: db)
      return try KeyReader(db, benchmark: id).keys(0..<itemCount)
    }
  }

  /// The answer keys of some items of a benchmark; those beyond its last item are left out.
  public func keys(of benchmark: Digest, ordinals: Range<Int>) throws -> [AnswerKey] {
    try read { db in
      let (id, itemCount) = try BenchmarkTable.find(benchmark, in: db)
      return try KeyReader(db, benchmark: id).keys(ordinals.clamped(to: 0..<itemCount))
    }
  }
}
