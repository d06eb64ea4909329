/// A zip archive, read entry by entry (PKWARE APPNOTE 6.3.10): stored and deflated members, zip64 included.
///
/// Every offset and length is checked against the file before it is used, and every member against its CRC-32.
struct ZipArchive {
  /// A member of the archive.
  struct Entry {
    var name: String
    var method: Int
    var checksum: UInt32
    var compressedSize: Int
    var size: Int
    var headerOffset: Int
  }

  let path: String
  let entries: [Entry]
  private let file: SharedFile

  init(_ path: String) throws {
    self.path = path
    file = try SharedFile(path)
    let directory = try ZipDirectory(file)
    entries = try directory.entries()
    var names: Set<String> = []
    for entry in entries where !names.insert(entry.name).inserted {
      throw DataError.tensors(file: path, fault: .damaged("it holds two members named '\(entry.name)'"))
    }
  }

  /// The content of a member.
  func content(of entry: Entry) throws -> [UInt8] {
    func damaged(_ reason: String) -> DataError {
      .tensors(file: path, fault: .damaged("its member '\(entry.name)' is damaged: \(reason)"))
    }
    guard let header = try file.read(count: 30, at: entry.headerOffset),
      header.number(at: 0, 4) == 0x0403_4b50
    else {
      throw damaged("its header is missing")
    }
    let start = entry.headerOffset + 30 + header.number(at: 26, 2) + header.number(at: 28, 2)
    guard let packed = try file.read(count: entry.compressedSize, at: start) else {
      throw damaged("it is cut short")
    }
    let content: [UInt8]
    switch entry.method {
    case 0:
      guard entry.size == entry.compressedSize else { throw damaged("its two sizes differ") }
      content = packed
    case 8:
      // Deflate cannot shrink more than 1032 times; a greater claim would only exhaust the memory.
      guard entry.size / 1032 <= entry.compressedSize else { throw damaged("its size is impossible") }
      let (inflated, reason) = Deflate.inflate(packed, count: entry.size)
      guard let inflated else { throw damaged(reason ?? "it cannot be inflated") }
      content = inflated
    default:
      throw DataError.tensors(
        file: path, fault: .unsupported("zip method \(entry.method) of the member '\(entry.name)'"))
    }
    guard Deflate.checksum(content) == entry.checksum else { throw damaged("its checksum does not match") }
    return content
  }
}

/// The list of members at the end of a zip archive.
private struct ZipDirectory {
  private let file: SharedFile
  private let bytes: [UInt8]
  private let count: Int

  init(_ file: SharedFile) throws {
    self.file = file
    let fault = DataError.tensors(
      file: file.path, fault: .damaged("it is no zip archive, or its end is missing"))
    // The end record is 22 bytes and a comment of up to 65,535.
    let tailStart = max(0, file.size - 22 - 65_535)
    guard let tail = try file.read(count: file.size - tailStart, at: tailStart), tail.count >= 22 else {
      throw fault
    }
    let candidates = stride(from: tail.count - 22, through: 0, by: -1)
    let found = candidates.first { index in
      tail.number(at: index, 4) == 0x0605_4b50 && index + 22 + tail.number(at: index + 20, 2) == tail.count
    }
    guard let found else { throw fault }
    var count = tail.number(at: found + 10, 2)
    var size = tail.number(at: found + 12, 4)
    var offset = tail.number(at: found + 16, 4)
    if found >= 20, tail.number(at: found - 20, 4) == 0x0706_4b50 {
      // Zip64: a locator before the end record leads to one with wider fields.
      guard let place = tail.wideNumber(at: found - 12), let end = try file.read(count: 56, at: place),
        end.number(at: 0, 4) == 0x0606_4b50, let wideCount = end.wideNumber(at: 32),
        let wideSize = end.wideNumber(at: 40), let wideOffset = end.wideNumber(at: 48)
      else { throw fault }
      (count, size, offset) = (wideCount, wideSize, wideOffset)
    }
    guard let bytes = try file.read(count: size, at: offset) else { throw fault }
    self.bytes = bytes
    self.count = count
  }

  func entries() throws -> [ZipArchive.Entry] {
    let fault = DataError.tensors(file: file.path, fault: .damaged("its list of members is damaged"))
    var entries: [ZipArchive.Entry] = []
    var at = 0
    // 46 bytes is the least a member takes, so a false count cannot keep us here.
    guard count <= bytes.count / 46 else { throw fault }
    for _ in 0..<count {
      guard at + 46 <= bytes.count, bytes.number(at: at, 4) == 0x0201_4b50 else { throw fault }
      let nameEnd = at + 46 + bytes.number(at: at + 28, 2)
      let extraEnd = nameEnd + bytes.number(at: at + 30, 2)
      let next = extraEnd + bytes.number(at: at + 32, 2)
      guard next <= bytes.count, let name = String(validating: bytes[(at + 46)..<nameEnd], as: UTF8.self)
      else {
        throw fault
      }
      if bytes.number(at: at + 8, 2) & 1 == 1 {
        throw DataError.tensors(file: file.path, fault: .unsupported("encryption of the member '\(name)'"))
      }
      var entry = ZipArchive.Entry(
        name: name, method: bytes.number(at: at + 10, 2),
        checksum: UInt32(truncatingIfNeeded: bytes.number(at: at + 16, 4)),
        compressedSize: bytes.number(at: at + 20, 4), size: bytes.number(at: at + 24, 4),
        headerOffset: bytes.number(at: at + 42, 4))
      guard widen(&entry, extra: nameEnd..<extraEnd), entry.headerOffset <= file.size,
        entry.compressedSize <= file.size
      else { throw fault }
      entries.append(entry)
      at = next
    }
    return entries
  }

  /// Takes the fields that did not fit 32 bits from the zip64 extra field, where they stand in this order.
  private func widen(_ entry: inout ZipArchive.Entry, extra: Range<Int>) -> Bool {
    let wide = 0xffff_ffff
    guard entry.size == wide || entry.compressedSize == wide || entry.headerOffset == wide else {
      return true
    }
    var at = extra.lowerBound
    while at + 4 <= extra.upperBound {
      let length = bytes.number(at: at + 2, 2)
      guard at + 4 + length <= extra.upperBound else { return false }
      if bytes.number(at: at, 2) == 1 {
        var field = at + 4
        let end = field + length
        for key in [\ZipArchive.Entry.size, \.compressedSize, \.headerOffset]
        where entry[keyPath: key] == wide {
          guard field + 8 <= end, let value = bytes.wideNumber(at: field) else { return false }
          entry[keyPath: key] = value
          field += 8
        }
        return true
      }
      at += 4 + length
    }
    return false
  }
}

extension [UInt8] {
  /// A little-endian number of `width` bytes, at most 4; the caller has checked that they are there.
  fileprivate func number(at offset: Int, _ width: Int) -> Int {
    var value = 0
    for index in (0..<width).reversed() { value = value << 8 | Int(self[offset + index]) }
    return value
  }

  /// A little-endian number of 8 bytes; nil when it is beyond any file.
  fileprivate func wideNumber(at offset: Int) -> Int? {
    let high = number(at: offset + 4, 4)
    return high < 1 << 30 ? high << 32 | number(at: offset, 4) : nil
  }
}
