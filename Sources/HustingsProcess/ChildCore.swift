import Foundation

/// What the threads of a child share. They hold on to it, and not to the handle whose end kills the child.
final class ChildCore: @unchecked Sendable {
  let process: pid_t
  private let input: Int32
  private let output: Int32
  private let errors: Int32
  private let lineLimit: Int
  private let handler: @Sendable (ChildProcess.Event) -> Void

  // Under the condition.
  private let condition = NSCondition()
  private var outbox: [[UInt8]] = []
  private var inputCloses = false
  private var isReaped = false

  init(
    _ started: Launch.Started, lineLimit: Int, handler: @escaping @Sendable (ChildProcess.Event) -> Void
  ) {
    process = started.process
    input = started.input
    output = started.output
    errors = started.errors
    self.lineLimit = lineLimit
    self.handler = handler
  }

  func begin() {
    Thread.detachNewThread { self.writeAll() }
    Thread.detachNewThread { self.readAll() }
  }

  // MARK: Requests

  func write(_ bytes: [UInt8]) {
    condition.withLock {
      guard !inputCloses else { return }
      outbox.append(bytes)
      condition.broadcast()
    }
  }

  func closeInput() {
    condition.withLock {
      inputCloses = true
      condition.broadcast()
    }
  }

  func kill() { signalGroup(SIGKILL) }
  func terminate() { signalGroup(SIGTERM) }

  /// Once the process was reaped its number may belong to somebody else.
  private func signalGroup(_ signal: Int32) {
    condition.withLock {
      guard !isReaped else { return }
      _ = Foundation.kill(-process, signal)
    }
  }

  func hasEnded(within patience: Duration) async -> Bool {
    let end = ContinuousClock.now + patience
    while ContinuousClock.now < end {
      if condition.withLock({ isReaped }) { return true }
      do { try await Task.sleep(for: .milliseconds(5)) } catch { break }
    }
    return condition.withLock { isReaped }
  }

  // MARK: Writing

  private func writeAll() {
    // A pipe whose reader is gone raises SIGPIPE in the thread that writes; blocked, it stays an error code.
    var pipeSignal = sigset_t()
    sigemptyset(&pipeSignal)
    sigaddset(&pipeSignal, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &pipeSignal, nil)
    while let bytes = nextToWrite() {
      guard put(bytes) else { break }
    }
    closeInput()
    condition.withLock { outbox = [] }
    close(input)
  }

  private func nextToWrite() -> [UInt8]? {
    condition.lock()
    defer { condition.unlock() }
    while outbox.isEmpty {
      if inputCloses || isReaped { return nil }
      condition.wait()
    }
    return outbox.removeFirst()
  }

  private func put(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var sent = 0
      while sent < buffer.count {
        let count = Foundation.write(input, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }

  // MARK: Reading

  private func readAll() {
    var lines = LineCutter(limit: lineLimit)
    var isOpen = [true, true]
    var ending: ChildEnding?
    var lastLook = ContinuousClock.now
    var idleAfterEnd = 0
    while ending == nil || (isOpen.contains(true) && idleAfterEnd < 2) {
      let heard = poll(isOpen, milliseconds: ending == nil ? 20 : 50)
      if heard[0] { isOpen[0] = readOutput(&lines) }
      if heard[1] { isOpen[1] = readErrors() }
      if ending != nil, !heard.contains(true) { idleAfterEnd += 1 }
      let now = ContinuousClock.now
      if ending == nil, !heard.contains(true) || now - lastLook > .milliseconds(20) {
        ending = Launch.ending(of: process)
        lastLook = now
        // Whatever it left running holds its pipes open and has nobody to speak to any more.
        if ending != nil { kill() }
      }
      if !isOpen.contains(true), ending == nil { Thread.sleep(forTimeInterval: 0.01) }
    }
    if let rest = lines.rest { handler(.line(rest)) }
    condition.withLock {
      Launch.reap(process)
      isReaped = true
      condition.broadcast()
    }
    close(output)
    close(errors)
    handler(.ended(ending ?? .killed(signal: SIGKILL)))
  }

  private func poll(_ isOpen: [Bool], milliseconds: Int32) -> [Bool] {
    guard isOpen.contains(true) else { return [false, false] }
    var entries = zip([output, errors], isOpen).map { descriptor, isOpen in
      pollfd(fd: isOpen ? descriptor : -1, events: Int16(POLLIN), revents: 0)
    }
    guard Foundation.poll(&entries, 2, milliseconds) > 0 else { return [false, false] }
    return entries.map { $0.revents != 0 }
  }

  private func readOutput(_ lines: inout LineCutter) -> Bool {
    guard let bytes = read(output) else { return false }
    for line in lines.cut(bytes) { handler(.line(line)) }
    if lines.isOverlong {
      lines = LineCutter(limit: lineLimit)
      handler(.overlong)
      kill()
    }
    return true
  }

  private func readErrors() -> Bool {
    guard let bytes = read(errors) else { return false }
    handler(.errors(bytes))
    return true
  }

  private func read(_ descriptor: Int32) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
      var got = -1
      repeat {
        got = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      } while got < 0 && errno == EINTR
      count = max(0, got)
    }
    return bytes.isEmpty ? nil : bytes
  }
}

/// Cuts a stream of bytes at its line feeds.
struct LineCutter {
  private let limit: Int
  private var pending: [UInt8] = []
  /// Whether a line went beyond the limit.
  private(set) var isOverlong = false

  init(limit: Int) { self.limit = limit }

  /// The lines that these bytes complete, without their ends; a carriage return before an end belongs to it.
  mutating func cut(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = 0
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      pending += bytes[start..<end]
      if pending.last == 0x0D { pending.removeLast() }
      lines.append(pending)
      pending = []
      start = end + 1
    }
    pending += bytes[start...]
    if pending.count > limit { isOverlong = true }
    return lines
  }

  /// A last line without its end; nil when there is none.
  var rest: [UInt8]? { pending.isEmpty ? nil : pending }
}
