import Foundation

/// What all connections of one scripted server share.
final class ServerState: @unchecked Sendable {
  private let lock = NSLock()
  private var open: Set<Int32> = []
  private var opened = 0
  private var log: [ScriptedRequest] = []
  private var isStopped = false

  var requests: [ScriptedRequest] { lock.withLock { log } }
  var connections: Int { lock.withLock { opened } }

  /// The number of a new connection; nil once the server has stopped.
  func open(_ descriptor: Int32) -> Int? {
    lock.withLock {
      guard !isStopped else { return nil }
      open.insert(descriptor)
      opened += 1
      return opened - 1
    }
  }

  /// Closing under the lock keeps `stop` from touching a descriptor the system has handed out again.
  func closed(_ descriptor: Int32) {
    lock.withLock {
      open.remove(descriptor)
      _ = close(descriptor)
    }
  }

  func record(_ make: (Int) -> ScriptedRequest) -> ScriptedRequest {
    lock.withLock {
      let request = make(log.count)
      log.append(request)
      return request
    }
  }

  /// False when it had stopped before.
  func stop() -> Bool {
    lock.withLock {
      guard !isStopped else { return false }
      isStopped = true
      for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) }
      return true
    }
  }
}

/// One connection: reads requests and plays replies until either side has had enough.
struct ScriptedConnection {
  let descriptor: Int32
  let number: Int
  let state: ServerState
  let script: ScriptedServer.Script
  private var buffer = Data()

  init(descriptor: Int32, number: Int, state: ServerState, script: @escaping ScriptedServer.Script) {
    self.descriptor = descriptor
    self.number = number
    self.state = state
    self.script = script
  }

  mutating func serve() {
    while let request = read() {
      for step in script(request).steps {
        guard play(step) else { return }
      }
    }
  }

  private func play(_ step: ScriptedReply.Step) -> Bool {
    switch step {
    case .send(let data): return Socket.send(descriptor, data)
    case .pause(let milliseconds): return !Socket.awaitEvent(descriptor, milliseconds: milliseconds)
    case .pass(let gate):
      gate.pass()
      return true
    case .close: return false
    case .reset:
      Socket.resetOnClose(descriptor)
      return false
    }
  }

  private mutating func read() -> ScriptedRequest? {
    let end = Data("\r\n\r\n".utf8)
    var range = buffer.range(of: end)
    while range == nil {
      guard fill() else { return nil }
      range = buffer.range(of: end)
    }
    guard let range else { return nil }
    let head = String(decoding: buffer[buffer.startIndex..<range.lowerBound], as: UTF8.self)
    buffer = Data(buffer[range.upperBound...])
    var lines = head.components(separatedBy: "\r\n")
    let first = lines.removeFirst().components(separatedBy: " ")
    guard first.count == 3 else { return nil }
    let fields = lines.compactMap { line -> (name: String, value: String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (
        String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      )
    }
    let length = fields.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
    while buffer.count < length {
      guard fill() else { return nil }
    }
    let body = Data(buffer.prefix(length))
    buffer = Data(buffer.dropFirst(length))
    return state.record {
      ScriptedRequest(
        number: $0, connection: number, method: first[0], target: first[1], fields: fields, body: body)
    }
  }

  private mutating func fill() -> Bool {
    guard let more = Socket.receive(descriptor) else { return false }
    buffer.append(more)
    return true
  }
}
