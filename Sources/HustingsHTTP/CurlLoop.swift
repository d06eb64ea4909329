import CCurl
import Foundation

/// The one thread that owns curl's multi handle, and may run the tasks that wait for it.
///
/// Other threads only append to a locked inbox and ring; everything about handles happens on the thread itself. As a task's
/// preferred executor the thread also runs what comes before and after a request, so that no other thread is woken for it.
final class CurlLoop: TaskExecutor {
  private struct Inbox {
    var arrivals: [Transfer] = []
    var cancellations: [Transfer] = []
    var jobs: [UnownedJob] = []
    var isStopping = false
    /// Whether the thread has ended, and nobody reads what is put in.
    var isClosed = false

    var isEmpty: Bool { arrivals.isEmpty && cancellations.isEmpty && jobs.isEmpty && !isStopping }
  }

  /// What only the thread itself touches.
  private final class Agenda: @unchecked Sendable {
    var jobs: [UnownedJob] = []
    /// Empty, with the room of the jobs that ran last.
    var emptied: [UnownedJob] = []
  }

  private let inbox = Lock(Inbox())
  /// How many transfers have ended. Its lock hands their results from the thread to the tasks that wait for them.
  private let ended = Lock(0)
  private let agenda = Agenda()
  private let watch: SocketWatch

  /// How many jobs may run before sockets are looked at again.
  private static let longestRound = 256
  /// curl asks for this once per process, before any thread uses it.
  private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
  /// Holds, on a loop's thread, the loop.
  private static let own: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  init() {
    precondition(CurlLoop.isReady, "libcurl cannot initialise itself")
    guard let watch = SocketWatch(), let multi = curl_multi_init() else {
      preconditionFailure("libcurl has no memory or no file handles left for a multi handle")
    }
    self.watch = watch
    watch.attach(to: multi)
    let address = UInt(bitPattern: multi)
    let thread = Thread { [self] in
      if let multi = UnsafeMutableRawPointer(bitPattern: address) { run(multi) }
    }
    thread.name = "hustings.http"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// A transfer of this loop.
  func transfer(
    _ request: HTTPRequest, settings: ClientSettings, timeouts: Timeouts, sink: (any BodySink)?
  ) -> Transfer {
    Transfer(request, settings: settings, timeouts: timeouts, sink: sink, ended: ended)
  }

  /// Hands a transfer in and waits for its end.
  nonisolated(nonsending) func perform(_ transfer: Transfer) async throws -> HTTPResponse {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { submit(transfer, $0) }
    } onCancel: {
      cancel(transfer)
    }
    return try transfer.ending()
  }

  /// Ends the thread; whatever is on its way fails with `closed`.
  func stop() {
    post { $0.isStopping = true }
  }

  /// Runs a part of a task on the thread; elsewhere once the thread has ended.
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    guard !isOwnThread else { return agenda.jobs.append(job) }
    let isLate = post { inbox in
      if !inbox.isClosed { inbox.jobs.append(job) }
      return inbox.isClosed
    }
    if isLate {
      DispatchQueue.global().async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }

  private var isOwnThread: Bool {
    pthread_getspecific(CurlLoop.own) == UnsafeMutableRawPointer(Unmanaged.passUnretained(self).toOpaque())
  }

  /// Changes the inbox, and rings when it was empty before.
  @discardableResult
  private func post<Result>(_ change: (inout Inbox) -> Result) -> Result {
    let (result, isFirst) = inbox.withLock { inbox in
      let wasEmpty = inbox.isEmpty
      let result = change(&inbox)
      return (result, wasEmpty && !inbox.isEmpty && !inbox.isClosed)
    }
    if isFirst, !isOwnThread { watch.ring() }
    return result
  }

  private func submit(_ transfer: Transfer, _ continuation: UnsafeContinuation<Void, Never>) {
    transfer.continuation = continuation
    let refusal: (any Error)? = post { inbox in
      // The cancellation handler may have run before this point, and it runs only once.
      if transfer.stage == .cancelled { return CancellationError() }
      if inbox.isStopping || inbox.isClosed { return HTTPFailure.closed }
      transfer.stage = .handedIn
      inbox.arrivals.append(transfer)
      return nil
    }
    if let refusal { transfer.end(.failure(refusal)) }
  }

  private func cancel(_ transfer: Transfer) {
    post { inbox in
      if transfer.stage == .handedIn, !inbox.isStopping, !inbox.isClosed {
        inbox.cancellations.append(transfer)
      }
      transfer.stage = .cancelled
    }
  }

  private func run(_ multi: UnsafeMutableRawPointer) {
    ccurl_block_broken_pipe_signal()
    pthread_setspecific(CurlLoop.own, Unmanaged.passUnretained(self).toOpaque())
    // Enough for every connection of a wide run to be kept; curl's default shrinks with the number in flight.
    _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 1_024)
    var crew = TransferCrew(multi: multi, watch: watch)
    while deliver(to: &crew) { crew.work(isBusy: !agenda.jobs.isEmpty) }
    crew.disband()
    curl_multi_cleanup(multi)
    // Whoever was waiting for a transfer learns here that there is none, and leaves.
    while !close() { runJobs(Int.max) }
    pthread_setspecific(CurlLoop.own, nil)
  }

  /// Lets jobs run and empties the inbox; false when it is time to stop.
  private func deliver(to crew: inout TransferCrew) -> Bool {
    take(to: &crew)
    runJobs(CurlLoop.longestRound)
    return take(to: &crew)
  }

  @discardableResult
  private func take(to crew: inout TransferCrew) -> Bool {
    var taken = Inbox()
    inbox.withLock { inbox in
      taken.isStopping = inbox.isStopping
      guard !inbox.arrivals.isEmpty || !inbox.cancellations.isEmpty || !inbox.jobs.isEmpty else { return }
      swap(&taken, &inbox)
      inbox.isStopping = taken.isStopping
    }
    agenda.jobs += taken.jobs
    for transfer in taken.arrivals { crew.start(transfer) }
    for transfer in taken.cancellations { crew.end(transfer, .failure(CancellationError())) }
    return !taken.isStopping
  }

  private func runJobs(_ limit: Int) {
    let executor = asUnownedTaskExecutor()
    var count = 0
    while !agenda.jobs.isEmpty, count < limit {
      var jobs: [UnownedJob] = []
      swap(&jobs, &agenda.emptied)
      swap(&jobs, &agenda.jobs)
      for job in jobs { job.runSynchronously(on: executor) }
      count += jobs.count
      jobs.removeAll(keepingCapacity: true)
      swap(&jobs, &agenda.emptied)
    }
  }

  /// Ends the taking in of jobs, unless some came in meanwhile.
  private func close() -> Bool {
    inbox.withLock { inbox in
      agenda.jobs += inbox.jobs
      inbox.jobs = []
      inbox.isClosed = agenda.jobs.isEmpty
      return inbox.isClosed
    }
  }
}
