import Foundation

/// The few socket calls a scripted server needs, with the differences between Linux and macOS in one place.
enum Socket {
  struct Fault: Error, CustomStringConvertible {
    let call: String
    let code = errno
    var description: String { "\(call): \(String(cString: strerror(code)))" }
  }

  static func listen() throws -> (descriptor: Int32, port: Int) {
    let (descriptor, port) = try bind()
    #if os(Linux)
      let listening = Glibc.listen(descriptor, 4_096) == 0
    #else
      let listening = Darwin.listen(descriptor, 4_096) == 0
    #endif
    guard listening else {
      let fault = Fault(call: "listen")
      close(descriptor)
      throw fault
    }
    return (descriptor, port)
  }

  /// A socket on a port of the loopback interface that the system chose.
  static func bind() throws -> (descriptor: Int32, port: Int) {
    #if os(Linux)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { throw Fault(call: "socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        #if os(Linux)
          Glibc.bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        #else
          Darwin.bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        #endif
      }
    }
    guard bound else {
      let fault = Fault(call: "bind")
      close(descriptor)
      throw fault
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  /// Whether something accepts connections on a port of the loopback interface.
  static func isListening(_ port: Int) -> Bool {
    #if os(Linux)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  /// The next connection with its options set; nil once the listener is shut down.
  static func accept(_ listener: Int32) -> Int32? {
    while true {
      #if os(Linux)
        let descriptor = Glibc.accept(listener, nil, nil)
      #else
        let descriptor = Darwin.accept(listener, nil, nil)
      #endif
      if descriptor < 0 {
        if errno == EINTR || errno == ECONNABORTED { continue }
        return nil
      }
      var on: Int32 = 1
      let size = socklen_t(MemoryLayout<Int32>.size)
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
      #if !os(Linux)
        setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, size)
      #endif
      return descriptor
    }
  }

  static func send(_ descriptor: Int32, _ data: Data) -> Bool {
    #if os(Linux)
      let flags = Int32(MSG_NOSIGNAL)
    #else
      let flags: Int32 = 0
    #endif
    return data.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        #if os(Linux)
          let count = Glibc.send(descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, flags)
        #else
          let count = Darwin.send(
            descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, flags)
        #endif
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }

  static func receive(_ descriptor: Int32) -> Data? {
    withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
      while true {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count < 0, errno == EINTR { continue }
        return count > 0 ? Data(buffer.prefix(count)) : nil
      }
    }
  }

  /// Whether the peer did anything, such as going away, within the time.
  static func awaitEvent(_ descriptor: Int32, milliseconds: Int) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, Int32(clamping: milliseconds)) != 0
  }

  static func resetOnClose(_ descriptor: Int32) {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  static func thread(_ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.stackSize = 512 << 10
    thread.start()
  }
}
