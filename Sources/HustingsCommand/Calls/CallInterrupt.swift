import Foundation

/// Ctrl-C while models are asked: says in a sentence what is kept and how to go on, and ends the process with every request
/// under way. A second Ctrl-C ends it without a word.
enum CallInterrupt {
  /// What a signal handler may touch: it can neither capture nor wait.
  nonisolated(unsafe) private static var bell: Int32 = -1
  nonisolated(unsafe) private static var wasAsked = false

  /// From now on Ctrl-C prints `words()`, which may wait until what has come is kept.
  static func answer(with words: @escaping @Sendable () -> String) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    bell = ends[1]
    let thread = Thread { [reading = ends[0]] in
      var byte: UInt8 = 0
      while read(reading, &byte, 1) < 0, errno == EINTR {}
      Terminal.endProgress()
      Terminal.note(words())
      _exit(ExitStatus.interrupted.rawValue)
    }
    thread.start()
    // A handler, and not SIG_IGN, which commands that a run starts would inherit.
    signal(SIGINT) { _ in
      if CallInterrupt.wasAsked { _exit(ExitStatus.interrupted.rawValue) }
      CallInterrupt.wasAsked = true
      var byte: UInt8 = 1
      _ = write(CallInterrupt.bell, &byte, 1)
    }
  }
}
