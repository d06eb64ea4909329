public import HustingsProcess

/// What can go wrong with a command that is to be a model or a benchmark.
public enum ExecFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// No command stands behind the colon.
  case noCommand
  /// It ended before it said who it is.
  case endedBeforeHello(command: String, ending: ChildEnding, lastWords: String)
  /// It did not say who it is in time.
  case silent(command: String, seconds: Int, heard: String)
  /// Its greeting is not what the protocol says.
  case badHello(command: String, reason: String)
  /// After a new start it says that it is somebody else.
  case changedIdentity(command: String)
  /// It ended again and again without an answer.
  case endsAlways(command: String, times: Int, ending: ChildEnding, lastWords: String)

  /// One sentence or two: what, where, and the next move.
  public var description: String {
    switch self {
    case .noCommand: "exec: needs a command behind the colon, such as 'exec:python3 model.py'."
    case .endedBeforeHello(let command, let ending, let lastWords):
      "The command '\(command)' \(ending) before it said hello.\(Self.quoted(lastWords)) "
        + "Run it by hand, or see docs/exec-models.md for what it is to write."
    case .silent(let command, let seconds, let heard):
      "The command '\(command)' did not say hello within \(seconds) s"
        + (heard.isEmpty ? ". " : ", only '\(heard)'. ")
        + "It must answer the first line it reads at once, and flush what it writes; see docs/exec-models.md."
    case .badHello(let command, let reason):
      "The command '\(command)' said hello in a way that cannot be read: \(reason). See docs/exec-models.md."
    case .changedIdentity(let command):
      "The command '\(command)' was started again and said hello as another model. "
        + "Start the run again when it has settled."
    case .endsAlways(let command, let times, let ending, let lastWords):
      "The command '\(command)' \(ending) \(times) times in a row without an answer.\(Self.quoted(lastWords)) "
        + "Run it by hand to see why."
    }
  }

  private static func quoted(_ words: String) -> String {
    words.isEmpty ? "" : " It last wrote: '\(words)'."
  }
}
