import CZlib

/// Whole gzip streams in memory (RFC 1952).
public enum Gzip {
  /// Whether `bytes` begin with gzip's two magic bytes.
  public static func isGzip(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  /// The content of all members of a gzip stream; `file` names it in errors.
  public static func decompress(_ bytes: [UInt8], file: String) throws -> [UInt8] {
    let inflater = GzipInflater(file: file)
    var content: [UInt8] = []
    try bytes.withUnsafeBytes { input in
      var consumed = 0
      while true {
        var step = GzipInflater.Step(consumed: 0, produced: 0)
        let rest = UnsafeRawBufferPointer(rebasing: input[consumed...])
        let chunk = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, initialised in
          step = try inflater.inflate(rest, into: UnsafeMutableRawBufferPointer(buffer))
          initialised = step.produced
        }
        content.append(contentsOf: chunk)
        consumed += step.consumed
        if step.produced == 0 && step.consumed == 0 { break }
      }
    }
    try inflater.finish()
    return content
  }

  /// One gzip member holding `bytes`, without a time stamp, so that equal bytes give equal files.
  ///
  /// - Parameter level: zlib's effort, from 1 (fast) to 9 (small).
  public static func compress(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
    Deflate.compress(bytes, level: level, windowBits: 15 + 16)
  }
}

/// Inflates a gzip stream piece by piece, through any number of concatenated members.
final class GzipInflater {
  /// What one call achieved.
  struct Step {
    var consumed: Int
    var produced: Int
  }

  private let inflater: Inflater
  private let file: String
  private var offset = 0
  private var members = 0
  /// Whether the last byte consumed closed a member, so that the stream may end here.
  private var isBetweenMembers = false
  /// Where the current member begins.
  private var memberOffset = 0

  init(file: String) {
    self.file = file
    inflater = Inflater(windowBits: 15 + 16)
  }

  /// Inflates some of `input` into `output`; no progress means that more input is needed or that the stream is over.
  func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws -> Step {
    var total = Step(consumed: 0, produced: 0)
    while total.consumed < input.count || !isBetweenMembers {
      if isBetweenMembers {
        guard input[total.consumed] == 0x1f else { throw fault(.trailingBytes(offset: offset)) }
        inflater.reset()
        isBetweenMembers = false
        memberOffset = offset
      }
      let step = inflater.inflate(
        UnsafeRawBufferPointer(rebasing: input[total.consumed...]),
        into: UnsafeMutableRawBufferPointer(rebasing: output[total.produced...]))
      total.consumed += step.consumed
      total.produced += step.produced
      offset += step.consumed
      switch step.state {
      case .ended:
        members += 1
        isBetweenMembers = true
      case .running:
        if step.consumed == 0 && step.produced == 0 { return total }
        if total.produced == output.count { return total }
      case .failed(let reason):
        throw fault(reason: reason)
      }
    }
    return total
  }

  /// Says that the input is over; throws when a member is not.
  func finish() throws {
    guard isBetweenMembers else { throw fault(.truncated) }
  }

  private func fault(reason: String) -> DataError {
    switch reason {
    case "incorrect data check", "incorrect length check": fault(.checksum)
    case "incorrect header check" where members > 0: fault(.trailingBytes(offset: memberOffset))
    default: fault(.corrupt(reason: reason))
    }
  }

  private func fault(_ fault: GzipFault) -> DataError { .gzip(file: file, fault: fault) }
}
