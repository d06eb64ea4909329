import CCurl
import Foundation

/// What the loop's thread waits for: curl's sockets, curl's next deadline, and a bell that other threads ring.
///
/// Curl says which sockets it waits for, and only those on which something happened are looked at again; asking it to look at
/// all transfers costs a system call for each.
final class SocketWatch: @unchecked Sendable {
  /// Something that happened on a socket.
  struct Event {
    let socket: Int32
    /// In the bits of `curl_multi_socket_action`.
    let bits: Int32
  }

  /// The bell's reading end, then curl's sockets.
  private var entries: [pollfd]
  /// Where each socket stands among the entries, by its number; 0, the bell's own place, for none.
  private var places: [Int32] = []
  /// When curl wants to be called, in milliseconds of the monotonic clock; nil when it waits for sockets alone.
  private var deadline: Int?
  private let bell: (reading: Int32, writing: Int32)

  init?() {
    var ends: [Int32] = [-1, -1]
    guard ccurl_pipe(&ends) == 0 else { return nil }
    bell = (ends[0], ends[1])
    entries = [pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)]
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
        SocketWatch.of(context)?.watch(socket, what)
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
  func wait(longest: Int, into events: inout [Event]) {
    events.removeAll(keepingCapacity: true)
    var pause = longest
    if let deadline, pause > 0 { pause = max(0, min(pause, deadline - SocketWatch.now)) }
    var left = poll(&entries, nfds_t(entries.count), Int32(pause))
    guard left > 0 else { return }
    if entries[0].revents != 0 {
      left -= 1
      silence()
    }
    for entry in entries.dropFirst() where entry.revents != 0 {
      var bits: Int32 = 0
      let happened = Int32(entry.revents)
      if happened & Int32(POLLIN) != 0 { bits |= CURL_CSELECT_IN }
      if happened & Int32(POLLOUT) != 0 { bits |= CURL_CSELECT_OUT }
      if happened & Int32(POLLERR | POLLHUP | POLLNVAL) != 0 { bits |= CURL_CSELECT_ERR }
      events.append(Event(socket: entry.fd, bits: bits))
      left -= 1
      if left == 0 { break }
    }
  }

  private func silence() {
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
      while read(bell.reading, buffer.baseAddress, buffer.count) == buffer.count {}
    }
  }

  private func watch(_ socket: Int32, _ what: Int32) {
    let number = Int(socket)
    if number >= places.count {
      places += Array(repeating: 0, count: max(64, number + 1 - places.count))
    }
    let place = Int(places[number])
    if what == CURL_POLL_REMOVE {
      guard place > 0, let last = entries.popLast() else { return }
      if place < entries.count {
        entries[place] = last
        places[Int(last.fd)] = Int32(place)
      }
      places[number] = 0
      return
    }
    var wanted: Int32 = 0
    if what & CURL_POLL_IN != 0 { wanted |= Int32(POLLIN) }
    if what & CURL_POLL_OUT != 0 { wanted |= Int32(POLLOUT) }
    if place > 0 {
      entries[place].events = Int16(wanted)
    } else {
      places[number] = Int32(entries.count)
      entries.append(pollfd(fd: socket, events: Int16(wanted), revents: 0))
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
