import CKernels

/// SHA-256 (FIPS 180-4), fed in pieces.
///
/// Identities are digests, so the function lives here rather than in a package whose clean build would take longer than
/// the rest of the room.
public struct SHA256: Sendable {
  private var state: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19
  )
  /// The bytes of a block that is not full yet, in place so that hashing allocates nothing.
  private var pending = SIMD64<UInt8>()
  private var pendingCount = 0
  private var length: UInt64 = 0

  /// The digest of nothing yet.
  public init() {}

  /// The digest of one text's UTF-8 bytes.
  public static func digest(_ text: String) -> Digest {
    var hash = SHA256()
    hash.update(text)
    return hash.finalize()
  }

  /// Takes in the UTF-8 bytes of a text.
  public mutating func update(_ text: String) {
    var text = text
    text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }

  /// Takes in a text preceded by its length in bytes, so that ("ab", "c") and ("a", "bc") differ.
  public mutating func updateFramed(_ text: String) {
    var text = text
    text.withUTF8 {
      update(UInt64($0.count))
      update(UnsafeRawBufferPointer($0))
    }
  }

  /// Takes in an integer as eight bytes, least significant first.
  public mutating func update(_ value: UInt64) {
    withUnsafeBytes(of: value.littleEndian) { update($0) }
  }

  /// Takes in the 32 bytes of another digest.
  public mutating func update(_ digest: Digest) {
    for word in [digest.words.0, digest.words.1, digest.words.2, digest.words.3] {
      withUnsafeBytes(of: word.bigEndian) { update($0) }
    }
  }

  /// Takes in raw bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var start = 0
    if pendingCount > 0 {
      start = min(bytes.count, 64 - pendingCount)
      keep(UnsafeRawBufferPointer(rebasing: bytes[..<start]))
      guard pendingCount == 64 else { return }
      let block = pending
      withUnsafeBytes(of: block) { compress($0) }
      pendingCount = 0
    }
    let whole = (bytes.count - start) / 64 * 64
    if whole > 0 { compress(UnsafeRawBufferPointer(rebasing: bytes[start..<start + whole])) }
    keep(UnsafeRawBufferPointer(rebasing: bytes[(start + whole)...]))
  }

  private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    let place = pendingCount
    withUnsafeMutableBytes(of: &pending) {
      $0.baseAddress?.advanced(by: place).copyMemory(from: source, byteCount: bytes.count)
    }
    pendingCount += bytes.count
  }

  /// The digest of everything taken in so far.
  public func finalize() -> Digest {
    var copy = self
    let bits = (length &* 8).bigEndian
    withUnsafeBytes(of: SHA256.padding) { padding in
      copy.update(UnsafeRawBufferPointer(rebasing: padding[..<(1 + (119 - pendingCount) % 64)]))
    }
    withUnsafeBytes(of: bits) { copy.update($0) }
    let s = copy.state
    func join(_ a: UInt32, _ b: UInt32) -> UInt64 { UInt64(a) << 32 | UInt64(b) }
    return Digest(words: (join(s.0, s.1), join(s.2, s.3), join(s.4, s.5), join(s.6, s.7)))
  }

  /// A one bit and as many zeroes as ever needed.
  private static let padding: SIMD64<UInt8> = {
    var padding = SIMD64<UInt8>()
    padding[0] = 0x80
    return padding
  }()

  private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
    guard let start = blocks.baseAddress else { return }
    withUnsafeMutableBytes(of: &state) { state in
      hustings_sha256(
        state.baseAddress?.assumingMemoryBound(to: UInt32.self), start.assumingMemoryBound(to: UInt8.self),
        blocks.count / 64)
    }
  }
}
