import Foundation
import HustingsHTTP

/// A clock that stands still until somebody sleeps: a sleeper wakes at once, and it is then as late as it wanted.
final class ManualTime: @unchecked Sendable {
  private let lock = NSLock()
  private var clock = Duration.zero
  private var slept: [Duration] = []

  /// 6 November 1994, 08:49:37 GMT, as in the examples of RFC 9110.
  static let epoch = Date(timeIntervalSince1970: 784_111_777)

  var now: Duration { lock.withLock { clock } }
  var sleeps: [Duration] { lock.withLock { slept } }

  func advance(by duration: Duration) { lock.withLock { clock += duration } }

  var source: TimeSource {
    TimeSource(
      now: { self.now },
      date: { ManualTime.epoch.addingTimeInterval(self.now / .seconds(1)) },
      sleep: { duration in
        try Task.checkCancellation()
        self.lock.withLock {
          self.slept.append(duration)
          self.clock += max(.zero, duration)
        }
      })
  }
}
