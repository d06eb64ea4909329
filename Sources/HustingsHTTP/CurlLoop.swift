import CCurl
import Foundation

/// The one thread that owns curl's multi handle.
///
/// Tasks only append to a locked inbox and wake the thread; everything about handles happens on the thread itself.
/// Waking happens inside the lock, so that the handle cannot be freed between the check and the call.
final class CurlLoop: Sendable {
  private struct Inbox {
    /// Nil once the thread has ended.
    var multi: UnsafeMutableRawPointer?
    var arrivals: [Transfer] = []
    var cancellations: [Transfer] = []
    var isStopping = false

    mutating func wake() {
      if let multi { _ = curl_multi_wakeup(multi) }
    }
  }

  private let inbox: Lock<Inbox>

  /// curl asks for this once per process, before any thread uses it.
  private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  init() {
    precondition(CurlLoop.isReady, "libcurl cannot initialise itself")
    let multi = curl_multi_init()
    precondition(multi != nil, "libcurl has no memory for a multi handle")
    inbox = Lock(Inbox(multi: multi))
    let thread = Thread { [self] in run() }
    thread.name = "hustings.http"
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// Hands a transfer in and waits for its end.
  func perform(_ transfer: Transfer) async throws -> HTTPResponse {
    await withTaskCancellationHandler {
      await withCheckedContinuation { submit(transfer, $0) }
    } onCancel: {
      cancel(transfer)
    }
    return try transfer.ending()
  }

  /// Ends the thread; whatever is on its way fails with `closed`.
  func stop() {
    inbox.withLock { inbox in
      inbox.isStopping = true
      inbox.wake()
    }
  }

  private func submit(_ transfer: Transfer, _ continuation: CheckedContinuation<Void, Never>) {
    transfer.continuation = continuation
    let refusal: (any Error)? = inbox.withLock { inbox in
      // The cancellation handler may have run before this point, and it runs only once.
      if transfer.stage == .cancelled { return CancellationError() }
      if inbox.isStopping { return HTTPFailure.closed }
      transfer.stage = .handedIn
      inbox.arrivals.append(transfer)
      if inbox.arrivals.count == 1 { inbox.wake() }
      return nil
    }
    if let refusal { transfer.end(.failure(refusal)) }
  }

  private func cancel(_ transfer: Transfer) {
    inbox.withLock { inbox in
      if transfer.stage == .handedIn, !inbox.isStopping {
        inbox.cancellations.append(transfer)
        if inbox.cancellations.count == 1 { inbox.wake() }
      }
      transfer.stage = .cancelled
    }
  }

  private func run() {
    ccurl_block_broken_pipe_signal()
    guard let multi = inbox.withLock({ $0.multi }) else { return }
    // Enough for every connection of a wide run to be kept; curl's default shrinks with the number in flight.
    _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 1_024)
    var crew = TransferCrew(multi: multi)
    while deliver(to: &crew) {
      crew.work()
      _ = curl_multi_poll(multi, nil, 0, crew.longestPause, nil)
    }
    crew.disband()
    inbox.withLock { $0.multi = nil }
    curl_multi_cleanup(multi)
  }

  /// Empties the inbox; false when it is time to stop.
  private func deliver(to crew: inout TransferCrew) -> Bool {
    let (arrivals, cancellations, isStopping) = inbox.withLock { inbox in
      let taken = (inbox.arrivals, inbox.cancellations, inbox.isStopping)
      inbox.arrivals = []
      inbox.cancellations = []
      return taken
    }
    for transfer in arrivals { crew.start(transfer) }
    for transfer in cancellations { crew.end(transfer, .failure(CancellationError())) }
    return !isStopping
  }
}

/// The transfers in flight and the pool of idle handles, on the loop's thread.
private struct TransferCrew {
  private let multi: UnsafeMutableRawPointer
  private var active: [UnsafeMutableRawPointer: Transfer] = [:]
  private var idle: [UnsafeMutableRawPointer] = []
  /// How often silence is looked for: a quarter of the shortest idle limit in use, nil without one.
  private var watch: Duration?
  private var nextWatch = ContinuousClock.now

  init(multi: UnsafeMutableRawPointer) {
    self.multi = multi
  }

  mutating func start(_ transfer: Transfer) {
    guard let easy = idle.popLast() ?? curl_easy_init() else {
      transfer.end(.failure(transfer.failure(CURLE_OUT_OF_MEMORY)))
      return
    }
    do {
      try transfer.configure(easy)
    } catch {
      retire(easy, transfer, .failure(error))
      return
    }
    guard curl_multi_add_handle(multi, easy) == CURLM_OK else {
      retire(easy, transfer, .failure(transfer.failure(CURLE_FAILED_INIT)))
      return
    }
    active[easy] = transfer
    if let limit = transfer.timeouts.idle {
      let quarter = max(.milliseconds(1), limit / 4)
      watch = min(watch ?? quarter, quarter)
      nextWatch = min(nextWatch, ContinuousClock.now + quarter)
    }
  }

  /// Milliseconds the thread may wait for something to happen.
  var longestPause: Int32 { Int32(min(1_000, max(1, watch?.milliseconds ?? 1_000))) }

  /// Moves every transfer on and ends those that are done.
  mutating func work() {
    moveOn()
    endIdle()
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

  private mutating func moveOn() {
    var running: Int32 = 0
    _ = curl_multi_perform(multi, &running)
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
        let transfer = active[easy]
      else { continue }
      end(transfer, transfer.outcome(ccurl_message_result(message)))
    }
  }

  /// Ends one transfer; one that has already ended is left alone.
  mutating func end(_ transfer: Transfer, _ result: Result<HTTPResponse, any Error>) {
    guard let easy = transfer.easy, active.removeValue(forKey: easy) != nil else { return }
    curl_multi_remove_handle(multi, easy)
    retire(easy, transfer, result)
  }

  mutating func disband() {
    for transfer in Array(active.values) { end(transfer, .failure(HTTPFailure.closed)) }
    idle.forEach { curl_easy_cleanup($0) }
    idle = []
  }

  private mutating func retire(
    _ easy: UnsafeMutableRawPointer, _ transfer: Transfer, _ result: Result<HTTPResponse, any Error>
  ) {
    curl_easy_reset(easy)
    transfer.release()
    idle.append(easy)
    transfer.end(result)
  }
}
