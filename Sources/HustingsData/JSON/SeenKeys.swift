import Hustings

/// The keys of the objects that are being read, each object's above those around it, to notice one that comes twice.
///
/// Most keys are told apart by a few of their bytes, without a search. Those that are not are looked for among the object's, and
/// the keys of large objects are hashed.
struct SeenKeys {
  /// What is known of one object's keys.
  struct Object {
    fileprivate let first: Int
    fileprivate var marks: UInt64 = 0
    fileprivate var many: JSONObject?
  }

  private static let most = 32
  private var keys: [String] = []

  /// Begins an object.
  func begin() -> Object { Object(first: keys.count) }

  /// Adds a key to the object begun last; false when it was there.
  @inline(__always)
  mutating func insert(_ key: String, in object: inout Object) -> Bool {
    if object.many != nil || keys.count - object.first == SeenKeys.most {
      return insertAmongMany(key, in: &object)
    }
    let mark = SeenKeys.mark(key)
    if object.marks & mark != 0, keys[object.first...].contains(where: { sameBytes($0, key) }) {
      return false
    }
    object.marks |= mark
    keys.append(key)
    return true
  }

  @inline(never)
  private mutating func insertAmongMany(_ key: String, in object: inout Object) -> Bool {
    var many = object.many ?? JSONObject(keys[object.first...].map { ($0, .null) })
    object.many = nil
    defer { object.many = many }
    return many.append(key, .null)
  }

  /// Ends the object begun last.
  mutating func end(_ object: Object) { keys.removeLast(keys.count - object.first) }

  /// Forgets objects that were not read to their end.
  mutating func clear() { keys.removeAll(keepingCapacity: true) }

  /// One bit of 64, the same for keys of the same bytes.
  @inline(__always)
  private static func mark(_ key: String) -> UInt64 {
    let bytes = key.utf8
    return 1 << UInt64((Int(bytes.first ?? 0) &+ 13 &* bytes.count) & 63)
  }
}
