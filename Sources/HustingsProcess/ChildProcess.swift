/// How a command ended.
public enum ChildEnding: Sendable, Hashable, CustomStringConvertible {
  /// By itself, with an exit code.
  case exited(code: Int32)
  /// By a signal.
  case killed(signal: Int32)

  /// As part of a sentence.
  public var description: String {
    switch self {
    case .exited(127): "ended with exit code 127, as when a command is not found"
    case .exited(let code): "ended with exit code \(code)"
    case .killed(let signal): "was ended by signal \(signal)"
    }
  }
}

/// Why a command could not be used.
public enum ProcessFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// The system would not start it.
  case notStarted(command: String, reason: String)

  /// One sentence or two.
  public var description: String {
    switch self {
    case .notStarted(let command, let reason):
      "The command '\(command)' could not be started: \(reason). Close some programs and try again."
    }
  }
}

/// A running command that is spoken to by lines.
///
/// The command leads a process group of its own, which is killed as a whole; nothing is left behind, zombies included. One
/// thread reads what it says, another writes to it, so full pipes hold nobody up. Dropping the last reference kills it.
public final class ChildProcess: Sendable {
  /// What comes from a command. Called on a thread of its own, one call at a time; `ended` is the last.
  public enum Event: Sendable {
    /// A line of standard output, without its end.
    case line([UInt8])
    /// Some bytes of standard error.
    case errors([UInt8])
    /// A line of standard output went beyond the limit, of which the command was killed.
    case overlong
    /// It is over, and everything it had said was handed over.
    case ended(ChildEnding)
  }

  private let core: ChildCore

  /// Starts a command.
  ///
  /// - Parameters:
  ///   - command: for `/bin/sh -c`.
  ///   - environment: all its variables.
  ///   - lineLimit: the longest line it may write, in bytes.
  public init(
    _ command: String, environment: [String: String], lineLimit: Int = 512 << 20,
    handler: @escaping @Sendable (Event) -> Void
  ) throws {
    let started = try Launch.start(command, environment: environment)
    core = ChildCore(started, lineLimit: lineLimit, handler: handler)
    core.begin()
  }

  deinit { core.kill() }

  /// Writes bytes to its standard input, after everything that was given before. What it does not read is lost.
  public func write(_ bytes: [UInt8]) { core.write(bytes) }

  /// Closes its standard input once everything was written.
  public func closeInput() { core.closeInput() }

  /// Kills it with every process of its group, now.
  public func kill() { core.kill() }

  /// Asks it to end, by closing its input and after a while by SIGTERM, and kills it when it does not.
  ///
  /// - Parameter patience: how long each of the two requests is given.
  public func end(patience: Duration = .seconds(2)) async {
    core.closeInput()
    if await core.hasEnded(within: patience) { return }
    core.terminate()
    if await core.hasEnded(within: patience) { return }
    core.kill()
    _ = await core.hasEnded(within: .seconds(5))
  }

  /// The process's number, for tests that look whether it is gone.
  public var identifier: Int32 { core.process }
}
