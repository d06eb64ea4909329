@testable import HustingsData

/// Puts zip archives together for tests, field by field after PKWARE APPNOTE 6.3.10.
struct ZipBuilder {
  var isWide = false
  private var body: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  init(isWide: Bool = false) { self.isWide = isWide }

  mutating func add(
    _ name: String, _ content: [UInt8], deflated: Bool = false, flags: Int = 0, method: Int? = nil
  ) {
    let packed = deflated ? Deflate.compress(content, level: 6, windowBits: -15) : content
    let offset = body.count
    let sum = Int(Deflate.checksum(content))
    func head(_ signature: Int, _ version: [UInt8]) -> [UInt8] {
      little(signature, 4) + version + little(flags, 2) + little(method ?? (deflated ? 8 : 0), 2)
        + little(0, 4) + little(sum, 4)
    }
    let extra =
      isWide
      ? little(1, 2) + little(24, 2) + little(content.count, 8) + little(packed.count, 8) + little(offset, 8)
      : []
    let sizes =
      isWide
      ? little(0xffff_ffff, 4) + little(0xffff_ffff, 4) : little(packed.count, 4) + little(content.count, 4)
    body +=
      head(0x0403_4b50, little(20, 2)) + sizes + little(name.utf8.count, 2) + little(extra.count, 2)
      + Array(name.utf8) + extra + packed
    directory +=
      head(0x0201_4b50, little(20, 2) + little(20, 2)) + sizes + little(name.utf8.count, 2)
      + little(extra.count, 2)
    directory +=
      little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(isWide ? 0xffff_ffff : offset, 4)
    directory += Array(name.utf8) + extra
    count += 1
  }

  func bytes(comment: String = "") -> [UInt8] {
    var end: [UInt8] = []
    let start = body.count
    if isWide {
      end +=
        little(0x0606_4b50, 4) + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 4) + little(0, 4)
      end += little(count, 8) + little(count, 8) + little(directory.count, 8) + little(start, 8)
      end += little(0x0706_4b50, 4) + little(0, 4) + little(start + directory.count, 8) + little(1, 4)
    }
    let places =
      isWide
      ? little(0xffff, 2) + little(0xffff, 2) + little(0xffff_ffff, 4) + little(0xffff_ffff, 4)
      : little(count, 2) + little(count, 2) + little(directory.count, 4) + little(start, 4)
    end +=
      little(0x0605_4b50, 4) + little(0, 2) + little(0, 2) + places + little(comment.utf8.count, 2)
      + Array(comment.utf8)
    return body + directory + end
  }

  private func little(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

/// An array in NumPy's format, version 1.0.
func npyBytes(_ format: String, _ shape: String, _ content: [UInt8], order: String = "False") -> [UInt8] {
  var header = "{'descr': '\(format)', 'fortran_order': \(order), 'shape': \(shape), }"
  header += String(repeating: " ", count: (64 - (10 + header.utf8.count + 1) % 64) % 64) + "\n"
  let length = header.utf8.count
  return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(header.utf8)
    + content
}
