import Foundation

/// The POSIX calls that start a command, with the differences between Linux and macOS in one place.
enum Launch {
  /// A started command: its process, which leads a group of its own, and the ends of its three pipes.
  struct Started {
    let process: pid_t
    let input: Int32
    let output: Int32
    let errors: Int32
  }

  /// Starts `/bin/sh -c command` with every signal unblocked and set to its default.
  ///
  /// A child inherits the signal mask of the thread that starts it, and the threads of Swift's concurrency block nearly all
  /// signals; without a fresh mask a command could not be asked to end.
  ///
  /// Commands are started one at a time: an end of a pipe that another command inherits would never be seen to close.
  static func start(_ command: String, environment: [String: String]) throws -> Started {
    oneAtATime.lock()
    defer { oneAtATime.unlock() }
    var ends: [Int32] = []
    func discard() { for end in ends { close(end) } }
    for _ in 0..<3 {
      guard let (read, write) = makePipe() else {
        let code = errno
        discard()
        throw ProcessFault.notStarted(command: command, reason: String(cString: strerror(code)))
      }
      ends += [read, write]
    }
    let code: Int32
    var process: pid_t = 0
    (code, process) = spawn(command, environment, input: ends[0], output: ends[3], errors: ends[5])
    for end in [ends[0], ends[3], ends[5]] { close(end) }
    guard code == 0 else {
      for end in [ends[1], ends[2], ends[4]] { close(end) }
      throw ProcessFault.notStarted(command: command, reason: String(cString: strerror(code)))
    }
    return Started(process: process, input: ends[1], output: ends[2], errors: ends[4])
  }

  private static let oneAtATime = NSLock()

  private static func spawn(
    _ command: String, _ environment: [String: String], input: Int32, output: Int32, errors: Int32
  ) -> (code: Int32, process: pid_t) {
    #if os(Linux)
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    var mask = sigset_t()
    sigemptyset(&mask)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    let arguments = ["/bin/sh", "-c", command].map { (text: String) in strdup(text) } + [nil]
    let variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, variables)
    return (code, process)
  }

  /// A pipe whose ends other children do not inherit.
  private static func makePipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// How a process ended, without taking its entry from the system's table; nil while it runs.
  static func ending(of process: pid_t) -> ChildEnding? {
    var information = siginfo_t()
    #if os(Linux)
      let code = waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT)
      let who = code == 0 ? information._sifields._sigchld.si_pid : 0
      let status = information._sifields._sigchld.si_status
    #else
      let code = waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT)
      let who = code == 0 ? information.si_pid : 0
      let status = information.si_status
    #endif
    guard who == process else { return nil }
    return information.si_code == Int32(CLD_EXITED) ? .exited(code: status) : .killed(signal: status)
  }

  /// Takes the entry of an ended process from the system's table, so that no zombie stays.
  static func reap(_ process: pid_t) {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
  }
}
