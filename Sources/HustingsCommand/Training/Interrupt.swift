import Dispatch
import Foundation

/// Ctrl-C as a question that long work asks itself: the first one asks to stop, the second ends the process.
final class Interrupt: @unchecked Sendable {
  private let lock = NSLock()
  private var wasAsked = false
  private let source: any DispatchSourceSignal

  /// From now on Ctrl-C asks.
  init() {
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler { [weak self] in self?.ask() }
    source.resume()
  }

  deinit {
    source.cancel()
    signal(SIGINT, SIG_DFL)
  }

  /// Whether somebody asked to stop.
  var isAsked: Bool { lock.withLock { wasAsked } }

  private func ask() {
    let isSecond = lock.withLock {
      defer { wasAsked = true }
      return wasAsked
    }
    if isSecond { _exit(ExitStatus.interrupted.rawValue) }
    Terminal.endProgress()
    Terminal.note("Stopping; press Ctrl-C again to stop at once.")
  }
}
