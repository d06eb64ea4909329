import CZlib

/// One zlib stream being inflated. The stream keeps its place between calls.
final class Inflater {
  /// What one call achieved.
  struct Step {
    var consumed: Int
    var produced: Int
    var state: State
  }

  /// Where the stream stands after a call.
  enum State: Equatable {
    case running
    case ended
    case failed(String)
  }

  private let stream: UnsafeMutablePointer<z_stream>

  /// - Parameter windowBits: 15 + 16 for one gzip member, -15 for raw deflate data.
  init(windowBits: Int32) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = hustings_start_inflating(stream, windowBits)
    // It fails only without memory or with a zlib of another major version.
    precondition(status == Z_OK, "zlib could not start (status \(status))")
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Prepares for another stream of the same kind.
  func reset() { inflateReset(stream) }

  /// Inflates some of `input` into `output`.
  func inflate(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Step {
    // zlib counts in 32 bits.
    let available = min(input.count, 1 << 30)
    let room = min(output.count, 1 << 30)
    guard room > 0 else { return Step(consumed: 0, produced: 0, state: .running) }
    stream.pointee.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress)?.assumingMemoryBound(
      to: UInt8.self)
    stream.pointee.avail_in = UInt32(available)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    let status = CZlib.inflate(stream, Z_NO_FLUSH)
    var step = Step(
      consumed: available - Int(stream.pointee.avail_in), produced: room - Int(stream.pointee.avail_out),
      state: .running)
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: step.state = .ended
    case Z_NEED_DICT: step.state = .failed("it needs a preset dictionary")
    default: step.state = .failed(stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
    }
    return step
  }
}

/// Whole deflate streams in memory.
enum Deflate {
  /// - Parameter windowBits: 15 + 16 for gzip, -15 for raw deflate data.
  static func compress(_ bytes: [UInt8], level: Int, windowBits: Int32) -> [UInt8] {
    precondition((1...9).contains(level), "level \(level) is not in 1...9")
    var stream = z_stream()
    let status = hustings_start_deflating(&stream, Int32(level), windowBits)
    precondition(status == Z_OK, "zlib could not start (status \(status))")
    defer { deflateEnd(&stream) }
    var output: [UInt8] = []
    bytes.withUnsafeBytes { input in
      var consumed = 0
      var isFinished = false
      while !isFinished {
        let slice = min(input.count - consumed, 1 << 30)
        let isLast = consumed + slice == input.count
        stream.next_in = input.baseAddress.map {
          UnsafeMutableRawPointer(mutating: $0 + consumed).assumingMemoryBound(to: UInt8.self)
        }
        stream.avail_in = UInt32(slice)
        let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, initialised in
          stream.next_out = buffer.baseAddress
          stream.avail_out = UInt32(buffer.count)
          isFinished = deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END
          initialised = buffer.count - Int(stream.avail_out)
        }
        output.append(contentsOf: chunk)
        consumed += slice - Int(stream.avail_in)
      }
    }
    return output
  }

  /// The content of a raw deflate stream that must give exactly `count` bytes; nil with a reason when it does not.
  static func inflate(_ bytes: [UInt8], count: Int) -> (content: [UInt8]?, reason: String?) {
    let inflater = Inflater(windowBits: -15)
    var reason: String?
    var produced = 0
    let content = bytes.withUnsafeBytes { input in
      // One byte more than expected, so that a longer stream shows itself.
      [UInt8](unsafeUninitializedCapacity: count + 1) { buffer, initialised in
        let output = UnsafeMutableRawBufferPointer(buffer)
        var consumed = 0
        loop: while true {
          let step = inflater.inflate(
            UnsafeRawBufferPointer(rebasing: input[consumed...]),
            into: UnsafeMutableRawBufferPointer(rebasing: output[produced..<(count + 1)]))
          consumed += step.consumed
          produced += step.produced
          switch step.state {
          case .ended: break loop
          case .failed(let words):
            reason = words
            break loop
          case .running:
            if produced > count { break loop }
            if step.consumed == 0 && step.produced == 0 {
              reason = "it is truncated"
              break loop
            }
          }
        }
        initialised = produced
      }
    }
    if reason == nil, produced != count { reason = "it does not hold \(count) bytes" }
    return reason == nil ? (content, nil) : (nil, reason)
  }

  /// The CRC-32 of `bytes`, as zip files state it.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { buffer in
      var crc: UInt = 0
      var offset = 0
      while offset < buffer.count {
        let slice = min(buffer.count - offset, 1 << 30)
        let start = buffer.baseAddress.map { ($0 + offset).assumingMemoryBound(to: UInt8.self) }
        crc = crc32(crc, start, UInt32(slice))
        offset += slice
      }
      return UInt32(truncatingIfNeeded: crc)
    }
  }
}
