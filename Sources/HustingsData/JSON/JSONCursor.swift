/// What to do with `NaN`, `Infinity` and `-Infinity`, which Python writes though JSON has no such numbers.
public enum NonFiniteRule: Sendable {
  /// They are an error of grammar.
  case refuse
  /// They become `JSONValue.nonFinite`, so that whoever needs a number can say which field lacks one.
  case keep
}

/// Where a text comes from, for messages.
struct JSONSource: Sendable {
  /// The file, or what else to call the text.
  var file: String
  /// The line of the file on which the text begins.
  var line: Int
  /// The offset of the text in the file.
  var offset: Int
}

/// A reader of one JSON text, byte by byte, for callers that know the shape and want no tree.
///
/// It is lent for the length of a closure (``JSONLines/forEach(_:)``) and cannot be kept. Every method reads one thing
/// and moves behind it. It is strict (RFC 8259): well-formed UTF-8, no key twice, no lone surrogates, nothing after the
/// value, nesting up to ``depthLimit``.
public struct JSONCursor: ~Copyable {
  /// Arrays and objects inside one another, at most.
  public static let depthLimit = 256

  var base: UnsafePointer<UInt8>
  var end: Int
  var at = 0
  var depth = 0
  var source: JSONSource
  let nonFinite: NonFiniteRule
  /// Where strings with escapes are put together.
  var scratch: UnsafeMutablePointer<UInt8>
  var scratchCapacity = 256
  var knownKeys: ShortStrings
  var seenKeys = SeenKeys()
  /// How many members the last object at each depth had, up to 64; the next one there reserves as many.
  var memberHints = [UInt8](repeating: 4, count: JSONCursor.depthLimit + 1)

  /// - Parameter length: how many bytes there are to read; nil where there may be many texts.
  init(file: String, nonFinite: NonFiniteRule, length: Int? = nil) {
    knownKeys = ShortStrings(textOf: length)
    source = JSONSource(file: file, line: 1, offset: 0)
    self.nonFinite = nonFinite
    scratch = .allocate(capacity: scratchCapacity)
    base = UnsafePointer(scratch)
    end = 0
  }

  deinit { scratch.deallocate() }

  /// Points the cursor at another text, which must outlive its use.
  mutating func aim(at bytes: UnsafeBufferPointer<UInt8>, line: Int = 1, offset: Int = 0) {
    if let start = bytes.baseAddress { base = start }
    end = bytes.count
    at = 0
    depth = 0
    seenKeys.clear()
    source.line = line
    source.offset = offset
  }

  /// The place of the next byte, for messages of the caller.
  public var place: Place { place(of: at) }

  /// The error of an object that lacks `key`, at the present place.
  public func missing(_ key: String) -> DataError {
    .field(at: place, path: key, fault: .missing(nearest: nil))
  }

  // MARK: Grammar

  @inline(__always)
  mutating func skipSpace() {
    while at < end {
      switch base[at] {
      case 0x20, 0x0a, 0x0d, 0x09: at += 1
      default: return
      }
    }
  }

  /// The next byte that is not space; 0 at the end, where no JSON token has it.
  @inline(__always)
  mutating func peek() -> UInt8 {
    skipSpace()
    return at < end ? base[at] : 0
  }

  @inline(__always)
  mutating func expect(_ byte: UInt8, _ name: String) throws {
    guard peek() == byte, at < end else { throw unexpected(name) }
    at += 1
  }

  mutating func literal(_ word: StaticString, _ name: String) throws {
    let count = word.utf8CodeUnitCount
    guard end - at >= count, (0..<count).allSatisfy({ base[at + $0] == word.utf8Start[$0] }) else {
      throw unexpected(name)
    }
    at += count
  }

  mutating func enter() throws {
    depth += 1
    if depth > Self.depthLimit { throw fault(.tooDeep(limit: Self.depthLimit)) }
    at += 1
  }

  /// Insists that nothing but space follows.
  mutating func finish() throws {
    skipSpace()
    if at < end { throw fault(.trailingText(describe(at))) }
  }

  // MARK: Faults

  /// What is wrong when `expected` does not come next.
  @inline(never)
  func unexpected(_ expected: String) -> DataError {
    at < end
      ? fault(.unexpected(found: describe(at), expected: expected)) : fault(.endOfText(expected: expected))
  }

  @inline(never)
  func fault(_ fault: JSONFault, at offset: Int? = nil) -> DataError {
    .json(at: place(of: offset ?? at), fault: fault)
  }

  @inline(never)
  func invalidUTF8(from start: Int, to stop: Int) -> DataError {
    let bytes = UnsafeBufferPointer(start: base + start, count: stop - start)
    let offset = start + (TextEncoding.firstInvalidByte(bytes) ?? 0)
    let place = place(of: offset)
    return .invalidUTF8(at: Place(file: place.file, line: place.line), offset: source.offset + offset)
  }

  @inline(never)
  func place(of offset: Int) -> Place {
    var line = source.line
    var column = 1
    for index in 0..<min(offset, end) {
      if base[index] == 0x0a {
        line += 1
        column = 1
      } else if base[index] & 0xc0 != 0x80 {
        column += 1
      }
    }
    return Place(file: source.file, line: line, column: column)
  }

  /// The token at `offset` in words: a character, a word or a kind of value.
  func describe(_ offset: Int) -> String {
    let byte = base[offset]
    switch byte {
    case UInt8(ascii: "\""): return "a string"
    case 0x21...0x7e:
      var stop = offset + 1
      if isWord(byte) {
        while stop < end, stop < offset + 40, isWord(base[stop]) { stop += 1 }
      }
      return "'\(spelling(offset, stop))'"
    case 0x80...: return "a character that is not ASCII"
    default: return "the control character 0x\(String(byte, radix: 16))"
    }
  }

  func spelling(_ start: Int, _ stop: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: base + start, count: stop - start), as: UTF8.self)
  }

  /// Whether no more than one unfinished word, number or escape is left.
  var isInLastWord: Bool {
    (at..<end).allSatisfy { isWord(base[$0]) || base[$0] == UInt8(ascii: "\\") }
  }

  private func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "+"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
