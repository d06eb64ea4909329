import Hustings

/// A JSON object: keys in the order of the file, none twice, found in constant time.
///
/// Keys are equal when their bytes are. (Swift's strings are equal when they look the same, which JSON's are not.)
public struct JSONObject: Sendable {
  /// A key with its value.
  public struct Member: Sendable {
    /// The key.
    public let key: String
    /// The value.
    public var value: JSONValue
  }

  /// The members in order.
  public private(set) var members: [Member] = []
  /// For objects of more than `scanLimit` members: open addressing by the key's hash, position + 1, 0 for free.
  private var slots: [Int32] = []
  /// Up to here comparing every key is faster than hashing one.
  private static let scanLimit = 12

  /// An object without members.
  public init() {}

  /// An object of these members; a key twice is a bug and stops.
  public init(_ members: some Sequence<(String, JSONValue)>) {
    for (key, value) in members {
      let isNew = append(key, value)
      precondition(isNew, "the key '\(key)' stands twice")
    }
  }

  /// The number of members.
  public var count: Int { members.count }
  /// Whether there are none.
  public var isEmpty: Bool { members.isEmpty }
  /// The keys in order.
  public var keys: [String] { members.map(\.key) }

  /// The value of `key`; nil when there is none. Setting nil removes the member, setting a new key appends it.
  public subscript(key: String) -> JSONValue? {
    get { index(of: key).map { members[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil):
        members.remove(at: index)
        rebuild()
      case (nil, let value?): append(key, value)
      case (nil, nil): break
      }
    }
  }

  mutating func reserveCapacity(_ count: Int) { members.reserveCapacity(count) }

  /// Adds a member at the end; false, and nothing added, when the key is there already.
  @discardableResult
  public mutating func append(_ key: consuming String, _ value: consuming JSONValue) -> Bool {
    guard index(of: key) == nil else { return false }
    members.append(Member(key: key, value: value))
    if members.count > Self.scanLimit {
      if members.count * 2 > slots.count { rebuild() } else { insertSlot(members.count - 1) }
    }
    return true
  }

  private func index(of key: String) -> Int? {
    guard !slots.isEmpty else { return members.firstIndex { sameBytes($0.key, key) } }
    var slot = Self.hash(key) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if sameBytes(members[index].key, key) { return index }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private mutating func rebuild() {
    slots = []
    guard members.count > Self.scanLimit else { return }
    var size = 64
    while size < members.count * 4 { size *= 2 }
    slots = Array(repeating: 0, count: size)
    for index in members.indices { insertSlot(index) }
  }

  private mutating func insertSlot(_ index: Int) {
    var slot = Self.hash(members[index].key) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(index + 1)
  }

  /// Seeded anew in every process, so that no file can be made to collide; the order of members never depends on it.
  private static func hash(_ key: String) -> Int {
    var hasher = Hasher()
    var key = key
    key.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    return hasher.finalize()
  }
}

extension JSONObject: Hashable {
  /// Equal when the same keys have the same values in the same order.
  public static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.members.count == b.members.count
      && zip(a.members, b.members).allSatisfy { sameBytes($0.key, $1.key) && $0.value == $1.value }
  }

  /// Hashes the members in order.
  public func hash(into hasher: inout Hasher) {
    for member in members {
      hasher.combine(member.key)
      hasher.combine(member.value)
    }
  }
}
