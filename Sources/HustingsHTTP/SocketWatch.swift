import CCurl
import Foundation

/// What the loop's thread waits for: curl's sockets, curl's next deadline, and a bell that other threads ring.
///
/// Curl says which sockets it waits for, and only those on which something happened are looked at again; asking it to look at
/// all transfers costs a system call for each.
final class SocketWatch: @unchecked Sendable {
  private let sockets: SocketSet
  /// When curl wants to be called, in milliseconds of the monotonic clock; nil when it waits for sockets alone.
  private var deadline: Int?
  private let bell: (reading: Int32, writing: Int32)

  init?() {
    var ends: [Int32] = [-1, -1]
    guard ccurl_pipe(&ends) == 0, let sockets = SocketSet(bell: ends[0]) else { return nil }
    bell = (ends[0], ends[1])
    self.sockets = sockets
  }

  deinit {
    close(bell.reading)
    close(bell.writing)
  }

  /// Ends the wait of the loop's thread; from any thread.
  func ring() {
    var byte: UInt8 = 1
    // A full pipe rings as well as one more byte would.
    _ = write(bell.writing, &byte, 1)
  }

  /// Has a multi handle say what it waits for.
  func attach(to multi: UnsafeMutableRawPointer) {
    _ = ccurl_multi_watch(
      multi,
      { _, socket, what, context, _ in
        SocketWatch.of(context)?.sockets.want(what, of: socket)
        return 0
      },
      { _, milliseconds, context in
        SocketWatch.of(context)?.deadline = milliseconds < 0 ? nil : SocketWatch.now + Int(milliseconds)
        return 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Whether curl wants to be called now. It says anew when next.
  func takeDeadline() -> Bool {
    guard let deadline, deadline <= SocketWatch.now else { return false }
    self.deadline = nil
    return true
  }

  /// Waits for the bell, a socket or the deadline, `longest` milliseconds at the most, and says what happened on sockets.
  func wait(longest: Int, into events: inout [SocketEvent]) {
    events.removeAll(keepingCapacity: true)
    var pause = longest
    if let deadline, pause > 0 { pause = max(0, min(pause, deadline - SocketWatch.now)) }
    if sockets.wait(pause, into: &events) { silence() }
  }

  private func silence() {
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
      while read(bell.reading, buffer.baseAddress, buffer.count) == buffer.count {}
    }
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> SocketWatch? {
    context.map { Unmanaged<SocketWatch>.fromOpaque($0).takeUnretainedValue() }
  }

  private static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }
}
