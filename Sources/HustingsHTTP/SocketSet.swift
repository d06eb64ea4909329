import CCurl
import Foundation

/// Something that happened on a socket.
struct SocketEvent {
  let socket: Int32
  /// In the bits of `curl_multi_socket_action`.
  let bits: Int32
}

#if os(Linux)
  /// The sockets that are waited for, by epoll: the cost of waiting does not grow with their number.
  ///
  /// A connection that rests between two requests stays in the kernel's list, so that a request changes one entry there and
  /// takes none away. One that has news while nobody waits for it leaves the list.
  final class SocketSet {
    private let queue: Int32
    private let bell: Int32
    /// What is waited for on each socket, by its number; 0 for nothing.
    private var wanted: [UInt32] = []
    private let happened: UnsafeMutablePointer<epoll_event>
    private static let most = 256

    init?(bell: Int32) {
      queue = epoll_create1(Int32(EPOLL_CLOEXEC))
      self.bell = bell
      happened = .allocate(capacity: SocketSet.most)
      var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: bell))
      guard queue >= 0, epoll_ctl(queue, EPOLL_CTL_ADD, bell, &event) == 0 else { return nil }
    }

    deinit {
      if queue >= 0 { close(queue) }
      happened.deallocate()
    }

    /// Waits for `what`, one of curl's `CURL_POLL_` values, on a socket from now on.
    func want(_ what: Int32, of socket: Int32) {
      let number = Int(socket)
      if number >= wanted.count {
        wanted += Array(repeating: 0, count: max(64, number + 1 - wanted.count))
      }
      guard what != CURL_POLL_REMOVE else {
        wanted[number] = 0
        return
      }
      var bits: UInt32 = 0
      if what & CURL_POLL_IN != 0 { bits |= EPOLLIN.rawValue }
      if what & CURL_POLL_OUT != 0 { bits |= EPOLLOUT.rawValue }
      wanted[number] = bits
      var event = epoll_event(events: bits, data: epoll_data_t(fd: socket))
      // A socket that was closed has left the list by itself, and its number may be another's now.
      if epoll_ctl(queue, EPOLL_CTL_MOD, socket, &event) != 0 {
        _ = epoll_ctl(queue, EPOLL_CTL_ADD, socket, &event)
      }
    }

    /// Waits so many milliseconds at the most, and says what happened; whether the bell rang.
    func wait(_ milliseconds: Int, into events: inout [SocketEvent]) -> Bool {
      var hasRung = false
      let count = epoll_wait(queue, happened, Int32(SocketSet.most), Int32(milliseconds))
      for place in 0..<max(0, Int(count)) {
        let socket = happened[place].data.fd
        if socket == bell {
          hasRung = true
          continue
        }
        guard wanted[Int(socket)] != 0 else {
          _ = epoll_ctl(queue, EPOLL_CTL_DEL, socket, nil)
          continue
        }
        var bits: Int32 = 0
        let news = happened[place].events
        if news & EPOLLIN.rawValue != 0 { bits |= CURL_CSELECT_IN }
        if news & EPOLLOUT.rawValue != 0 { bits |= CURL_CSELECT_OUT }
        if news & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { bits |= CURL_CSELECT_ERR }
        events.append(SocketEvent(socket: socket, bits: bits))
      }
      return hasRung
    }
  }
#else
  /// The sockets that are waited for, by poll.
  final class SocketSet {
    /// The bell's reading end, then curl's sockets.
    private var entries: [pollfd]
    /// Where each socket stands among the entries, by its number; 0, the bell's own place, for none.
    private var places: [Int32] = []

    init?(bell: Int32) {
      entries = [pollfd(fd: bell, events: Int16(POLLIN), revents: 0)]
    }

    /// Waits for `what`, one of curl's `CURL_POLL_` values, on a socket from now on.
    func want(_ what: Int32, of socket: Int32) {
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

    /// Waits so many milliseconds at the most, and says what happened; whether the bell rang.
    func wait(_ milliseconds: Int, into events: inout [SocketEvent]) -> Bool {
      var left = poll(&entries, nfds_t(entries.count), Int32(milliseconds))
      guard left > 0 else { return false }
      let hasRung = entries[0].revents != 0
      if hasRung { left -= 1 }
      for entry in entries.dropFirst() where left > 0 && entry.revents != 0 {
        var bits: Int32 = 0
        let news = Int32(entry.revents)
        if news & Int32(POLLIN) != 0 { bits |= CURL_CSELECT_IN }
        if news & Int32(POLLOUT) != 0 { bits |= CURL_CSELECT_OUT }
        if news & Int32(POLLERR | POLLHUP | POLLNVAL) != 0 { bits |= CURL_CSELECT_ERR }
        events.append(SocketEvent(socket: entry.fd, bits: bits))
        left -= 1
      }
      return hasRung
    }
  }
#endif
