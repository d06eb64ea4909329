public import Foundation

/// An HTTP/1.1 server on the loopback interface whose every reply a test writes, faults included.
///
/// One thread accepts, one thread serves each connection, and Nagle's algorithm is off. It stops with its last
/// reference, or at `stop()`.
public final class ScriptedServer: Sendable {
  /// Decides the reply to one request; called on the connection's thread.
  public typealias Script = @Sendable (ScriptedRequest) -> ScriptedReply

  /// Where it listens, such as `http://127.0.0.1:40123`.
  public var address: String { "http://127.0.0.1:\(port)" }
  /// The port the system chose.
  public let port: Int
  private let listener: Int32
  private let state: ServerState

  /// Starts listening on a free port.
  public init(_ script: @escaping Script) throws {
    (listener, port) = try Socket.listen()
    let state = ServerState()
    self.state = state
    let descriptor = listener
    Socket.thread {
      while let connection = Socket.accept(descriptor) {
        guard let number = state.open(connection) else {
          close(connection)
          continue
        }
        Socket.thread {
          var visitor = ScriptedConnection(
            descriptor: connection, number: number, state: state, script: script)
          visitor.serve()
          state.closed(connection)
        }
      }
      close(descriptor)
    }
  }

  deinit { stop() }

  /// Every request so far, in order of arrival.
  public var requests: [ScriptedRequest] { state.requests }

  /// How many connections were opened so far.
  public var connections: Int { state.connections }

  /// Closes the port and every connection.
  public func stop() {
    guard state.stop() else { return }
    shutdown(listener, Int32(SHUT_RDWR))
  }
}

/// A port that refuses connections for as long as this value lives, because it is taken but not listened on.
public final class ClosedPort: Sendable {
  /// Such as `http://127.0.0.1:40123`.
  public var address: String { "http://127.0.0.1:\(port)" }
  private let descriptor: Int32
  private let port: Int

  /// Takes a free port.
  public init() throws { (descriptor, port) = try Socket.bind() }

  deinit { close(descriptor) }
}

/// One request as it arrived.
public struct ScriptedRequest: Sendable {
  /// The order of arrival on this server, from 0.
  public let number: Int
  /// The connection it came on, from 0.
  public let connection: Int
  /// Such as `POST`.
  public let method: String
  /// What stands between method and version, query included.
  public let target: String
  /// Fields in order, as written.
  public let fields: [(name: String, value: String)]
  /// The body, complete.
  public let body: Data

  /// The first value of a field, whatever the case of its name.
  public func header(_ name: String) -> String? {
    fields.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// What a server does with one request, step by step.
public struct ScriptedReply: Sendable {
  /// One step.
  public enum Step: Sendable {
    /// Sends bytes as they are.
    case send(Data)
    /// Waits, or less if the client goes away.
    case pause(milliseconds: Int)
    /// Waits for a gate.
    case pass(Gate)
    /// Closes the connection in order.
    case close
    /// Resets the connection.
    case reset
  }

  /// The steps in order; without a closing one the connection stays open for the next request.
  public var steps: [Step]

  /// A reply of these steps.
  public init(_ steps: [Step]) { self.steps = steps }

  /// A complete answer with its length.
  public static func status(
    _ code: Int, _ fields: [(String, String)] = [], _ body: Data = Data()
  ) -> ScriptedReply {
    ScriptedReply([.send(head(code, fields, length: body.count) + body)])
  }

  /// A complete answer of text.
  public static func text(
    _ text: String, type: String = "application/json", _ code: Int = 200, _ fields: [(String, String)] = []
  ) -> ScriptedReply {
    status(code, [("Content-Type", type)] + fields, Data(text.utf8))
  }

  /// The first lines of an answer that promises `length` bytes, or none at all when nil.
  public static func head(_ code: Int, _ fields: [(String, String)] = [], length: Int?) -> Data {
    var lines = ["HTTP/1.1 \(code) Scripted"]
    if let length { lines.append("Content-Length: \(length)") }
    lines += fields.map { "\($0.0): \($0.1)" }
    return Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }

  /// An answer that promises the whole body, sends its first bytes and resets the connection.
  public static func cut(_ body: Data, after count: Int, _ fields: [(String, String)] = [], _ code: Int = 200)
    -> ScriptedReply
  {
    ScriptedReply([.send(head(code, fields, length: body.count) + body.prefix(count)), .reset])
  }

  /// No answer at all: the connection is reset.
  public static let dropped = ScriptedReply([.reset])

  /// No answer for as long as the client waits.
  public static let silent = ScriptedReply([.pause(milliseconds: 600_000), .reset])

  /// The same reply after a wait.
  public func after(milliseconds: Int) -> ScriptedReply {
    ScriptedReply([.pause(milliseconds: milliseconds)] + steps)
  }
}

/// Holds threads back until a number of them has arrived, or until it is opened.
public final class Gate: @unchecked Sendable {
  private let condition = NSCondition()
  private let count: Int
  private var arrived = 0
  private var isOpen = false

  /// Opens by itself when `count` threads wait; nil waits for `open()`.
  public init(opensAt count: Int? = nil) { self.count = count ?? .max }

  /// Waits until the gate is open.
  public func pass() {
    condition.lock()
    defer { condition.unlock() }
    arrived += 1
    if arrived >= count {
      isOpen = true
      condition.broadcast()
    }
    while !isOpen { condition.wait() }
  }

  /// Lets everybody through from now on.
  public func open() {
    condition.lock()
    defer { condition.unlock() }
    isOpen = true
    condition.broadcast()
  }

  /// How many have come to the gate so far.
  public var arrivals: Int {
    condition.lock()
    defer { condition.unlock() }
    return arrived
  }
}
