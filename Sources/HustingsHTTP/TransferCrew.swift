import CCurl
import Foundation

/// The transfers in flight and the pool of idle handles, on the loop's thread.
struct TransferCrew {
  private let multi: UnsafeMutableRawPointer
  private let sockets: SocketWatch
  private var events: [SocketEvent] = []
  private var active: [UnsafeMutableRawPointer: Transfer] = [:]
  private var idle: [CurlHandle] = []
  /// Whether transfers were added that curl has not seen yet.
  private var hasNewcomers = false
  /// How often silence is looked for: a quarter of the shortest idle limit in use, nil without one.
  private var watch: Duration?
  private var nextWatch = ContinuousClock.now

  init(multi: UnsafeMutableRawPointer, watch: SocketWatch) {
    self.multi = multi
    sockets = watch
  }

  mutating func start(_ transfer: Transfer) {
    guard let handle = idle.popLast() ?? CurlHandle() else {
      transfer.end(.failure(transfer.failure(CURLE_OUT_OF_MEMORY)))
      return
    }
    do {
      try transfer.configure(handle)
    } catch {
      retire(handle, transfer, .failure(error))
      return
    }
    guard curl_multi_add_handle(multi, handle.easy) == CURLM_OK else {
      retire(handle, transfer, .failure(transfer.failure(CURLE_FAILED_INIT)))
      return
    }
    active[handle.easy] = transfer
    hasNewcomers = true
    if let limit = transfer.timeouts.idle {
      let quarter = max(.milliseconds(1), limit / 4)
      watch = min(watch ?? quarter, quarter)
      nextWatch = min(nextWatch, ContinuousClock.now + quarter)
    }
  }

  /// Milliseconds the thread may wait for something to happen.
  private var longestPause: Int { min(1_000, max(1, watch?.milliseconds ?? 1_000)) }

  /// Moves every transfer on with which something happened, and ends those that are done. Waits for that, unless there is
  /// something else to do.
  mutating func work(isBusy: Bool) {
    if hasNewcomers || sockets.takeDeadline() {
      hasNewcomers = false
      act(CURL_SOCKET_TIMEOUT, 0)
    }
    endIdle()
    // What has ended wakes tasks, which may have more to do before it is worth waiting.
    sockets.wait(longest: isBusy || collect() ? 0 : longestPause, into: &events)
    for event in events { act(event.socket, event.bits) }
    if sockets.takeDeadline() { act(CURL_SOCKET_TIMEOUT, 0) }
    collect()
  }

  private func act(_ socket: Int32, _ bits: Int32) {
    var running: Int32 = 0
    _ = curl_multi_socket_action(multi, socket, bits, &running)
  }

  /// Ends what is done; whether there was anything.
  @discardableResult
  private mutating func collect() -> Bool {
    var left: Int32 = 0
    var isAny = false
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
        let transfer = active[easy]
      else { continue }
      isAny = true
      end(transfer, transfer.outcome(ccurl_message_result(message)))
    }
    return isAny
  }

  private mutating func endIdle() {
    guard let watch else { return }
    let now = ContinuousClock.now
    guard now >= nextWatch else { return }
    nextWatch = now + watch
    if !active.values.contains(where: { $0.timeouts.idle != nil }) { self.watch = nil }
    for transfer in Array(active.values) {
      if let failure = transfer.idleFailure(now: now) { end(transfer, .failure(failure)) }
    }
  }

  /// Ends one transfer; one that has already ended is left alone.
  mutating func end(_ transfer: Transfer, _ result: Result<HTTPResponse, any Error>) {
    guard let handle = transfer.handle, active.removeValue(forKey: handle.easy) != nil else { return }
    curl_multi_remove_handle(multi, handle.easy)
    retire(handle, transfer, result)
  }

  mutating func disband() {
    for transfer in Array(active.values) { end(transfer, .failure(HTTPFailure.closed)) }
    idle = []
  }

  private mutating func retire(
    _ handle: CurlHandle, _ transfer: Transfer, _ result: Result<HTTPResponse, any Error>
  ) {
    handle.rest()
    transfer.handle = nil
    idle.append(handle)
    transfer.end(result)
  }
}
