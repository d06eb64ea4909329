import CCurl
import Foundation

/// Where the bytes of an answer go.
///
/// Called on the loop's thread only. `begin` decides, once the header is complete, whether this sink takes the body;
/// otherwise the body is kept in memory like any other.
protocol BodySink: AnyObject, Sendable {
  /// Whether a body with this header is for this sink.
  func begin(status: Int, headers: Headers) throws -> Bool
  /// Takes the next bytes.
  func receive(_ bytes: UnsafeRawBufferPointer) throws
}

/// One request on its way: created by the asking task, then owned by the loop's thread until its continuation resumes.
final class Transfer: @unchecked Sendable {
  /// Written under the loop's lock: a task may be cancelled before its request is handed in.
  enum Stage {
    case waiting
    case handedIn
    case cancelled
  }

  static let headerLimit = 256 << 10

  let request: HTTPRequest
  let settings: ClientSettings
  let timeouts: Timeouts
  let sink: (any BodySink)?
  var stage = Stage.waiting
  var continuation: UnsafeContinuation<Void, Never>?
  /// Handed over under a lock rather than through the continuation, whose synchronisation Thread Sanitizer cannot see.
  private var result: Result<HTTPResponse, any Error>?
  private let ended: Lock<Int>

  /// The handle that does it, while it is in flight.
  var handle: CurlHandle?
  var headers = Headers()
  var headerBytes = 0
  var body: [UInt8] = []
  var status = 0
  var sinkTakes: Bool?
  /// What stopped the transfer from inside a callback; curl itself only says that a callback refused.
  var refusal: (any Error)?
  /// Bytes moved when they were last counted, and when that count last changed.
  var moved = -1
  var lastMove: ContinuousClock.Instant?

  init(
    _ request: HTTPRequest, settings: ClientSettings, timeouts: Timeouts, sink: (any BodySink)?,
    ended: Lock<Int>
  ) {
    self.request = request
    self.settings = settings
    self.timeouts = timeouts
    self.sink = sink
    self.ended = ended
  }

  /// Sets the result and wakes the task.
  func end(_ result: Result<HTTPResponse, any Error>) {
    ended.withLock {
      $0 += 1
      self.result = result
    }
    continuation?.resume()
    continuation = nil
  }

  /// The result, once the task is awake.
  func ending() throws -> HTTPResponse {
    guard let result = ended.withLock({ _ in result }) else { throw HTTPFailure.closed }
    return try result.get()
  }

  /// Takes one header line. A status line begins anew, so interim answers leave nothing behind.
  func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
    headerBytes += bytes.count
    guard headerBytes <= Transfer.headerLimit else {
      refusal = HTTPFailure.headersTooLarge(request.address, limit: Transfer.headerLimit)
      return false
    }
    if let status = Headers.status(line: bytes) {
      headers = Headers()
      headers.reserveCapacity(8)
      self.status = status
    } else if let field = Headers.field(line: bytes) {
      headers.append(field.name, field.value)
    }
    return true
  }

  /// Takes the next bytes of the body, decompressed.
  func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    do {
      if try takes() {
        try sink?.receive(bytes)
        return true
      }
    } catch {
      refusal = error
      return false
    }
    guard body.count + bytes.count <= settings.maximumBody else {
      refusal = HTTPFailure.tooLarge(request.address, limit: settings.maximumBody)
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  /// Asks the sink about an answer whose body turned out to be empty.
  func finishBody() throws {
    _ = try takes()
  }

  private func takes() throws -> Bool {
    if let sinkTakes { return sinkTakes }
    let answer = try sink?.begin(status: status, headers: headers) ?? false
    sinkTakes = answer
    return answer
  }
}
