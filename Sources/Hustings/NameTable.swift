/// Names standing for small numbers: each name has the place at which it was first seen.
///
/// Names are the same when their bytes are. (Swift's strings are equal when they look the same, which identities are not.)
package struct NameTable: Sendable {
  /// The names, by place.
  package private(set) var names: [String] = []
  /// Open addressing by the hash, of which half stands above the place plus one; 0 is free. So a search looks at few names,
  /// and the table grows without hashing any again.
  private var slots = [UInt64](repeating: 0, count: 16)
  /// The place of the name inserted last.
  private var latest = 0

  /// No names.
  package init() {}

  /// How many names there are.
  package var count: Int { names.count }

  /// The name at a place.
  package subscript(place: Int) -> String { names[place] }

  /// Makes room for `count` names.
  package mutating func reserveCapacity(_ count: Int) {
    names.reserveCapacity(count)
    var size = slots.count
    while size < 2 * count { size *= 2 }
    if size > slots.count { resize(to: size) }
  }

  /// The place of a name; nil when it was not seen.
  package func place(of name: String) -> Int? { find(name, NameTable.hash(name)).place }

  /// The place of a name, and whether it is new; a new one comes last.
  ///
  /// Most files name an item several times in a row, so the last name is looked at first.
  package mutating func insert(_ name: String) -> (place: Int, isNew: Bool) {
    if latest < names.count, sameBytes(names[latest], name) { return (latest, false) }
    let hash = NameTable.hash(name)
    let (place, slot) = find(name, hash)
    latest = place ?? names.count
    if let place { return (place, false) }
    names.append(name)
    slots[slot] = UInt64(hash) << 32 | UInt64(names.count)
    if 2 * names.count > slots.count { resize(to: 2 * slots.count) }
    return (names.count - 1, true)
  }

  private func find(_ name: String, _ hash: UInt32) -> (place: Int?, slot: Int) {
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      if UInt32(slots[slot] >> 32) == hash {
        let place = Int(slots[slot] & 0xffff_ffff) - 1
        if sameBytes(names[place], name) { return (place, slot) }
      }
      slot = (slot + 1) & mask
    }
    return (nil, slot)
  }

  private mutating func resize(to size: Int) {
    let old = slots
    slots = [UInt64](repeating: 0, count: size)
    for entry in old where entry != 0 {
      var slot = Int(entry >> 32) & (size - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = entry
    }
  }

  /// Seeded anew in every process, so that no file can be made to collide; places never depend on it.
  private static func hash(_ name: String) -> UInt32 {
    var hasher = Hasher()
    var name = name
    name.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    return UInt32(truncatingIfNeeded: hasher.finalize())
  }
}

/// Whether two texts have the same bytes. (Swift's strings are equal when they look the same.)
///
/// Equal bytes are canonically equivalent, so `==`, which is quick to say no, decides first.
@inlinable package func sameBytes(_ a: String, _ b: String) -> Bool {
  a == b && a.utf8.elementsEqual(b.utf8)
}
