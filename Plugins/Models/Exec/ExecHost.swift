import Hustings
import HustingsData
import HustingsProcess

/// Keeps a command running: starts it again when it ended, a few times, and sorts out which item it ended on.
actor ExecHost {
  private let command: String
  private let environment: [String: String]
  private let startSeconds: Int
  private let note: @Sendable (String) -> Void
  private var session: ExecSession?
  private var starting: Task<ExecSession, any Error>?
  private var fruitlessEnds = 0
  private var nextID = 0
  /// Who it said it was at first.
  private(set) var hello: ExecHello?
  private static let patience = 3

  init(
    _ command: String, environment: [String: String], startSeconds: Int,
    note: @escaping @Sendable (String) -> Void
  ) {
    self.command = command
    self.environment = environment
    self.startSeconds = startSeconds
    self.note = note
  }

  /// Starts the command and returns its greeting.
  func greet() async throws -> ExecHello {
    _ = try await running()
    guard let hello else { throw ExecFault.noCommand }
    return hello
  }

  private func running() async throws -> ExecSession {
    if let session, session.isRunning { return session }
    if let starting { return try await starting.value }
    let task = Task { [command, environment, startSeconds, note] in
      let session = try ExecSession(command, environment: environment, note: note)
      let hello = try await session.hello(within: startSeconds)
      try self.settle(session, hello)
      return session
    }
    starting = task
    defer { starting = nil }
    return try await task.value
  }

  private func settle(_ session: ExecSession, _ hello: ExecHello) throws {
    if let first = self.hello, first != hello { throw ExecFault.changedIdentity(command: command) }
    self.hello = hello
    self.session = session
  }

  /// Asks everything and returns one answer per item, in order. An item that the command ends on twice stays unanswered.
  func ask(_ items: [@Sendable (Int) -> JSONValue]) async throws -> [ExecSession.Answer] {
    let hello = try await greet()
    var answers = [ExecSession.Answer?](repeating: nil, count: items.count)
    let chunks = stride(from: 0, to: items.count, by: hello.batch).map {
      Array($0..<min($0 + hello.batch, items.count))
    }
    try await withThrowingTaskGroup(of: [(Int, ExecSession.Answer)].self) { group in
      for (number, chunk) in chunks.enumerated() {
        if number >= hello.inFlight, let done = try await group.next() {
          for (place, answer) in done { answers[place] = answer }
        }
        let part = chunk.map { (place: $0, item: items[$0]) }
        group.addTask { try await self.ask(part, timeout: hello.timeout) }
      }
      for try await done in group {
        for (place, answer) in done { answers[place] = answer }
      }
    }
    // What was with the command when it ended is asked once more, one item at a time.
    for place in answers.indices {
      guard case .none? = answers[place], fruitlessEnds < Self.patience else { continue }
      for (place, answer) in try await ask([(place, items[place])], timeout: hello.timeout) {
        answers[place] = answer
      }
    }
    return answers.map { $0 ?? .none("it was not asked") }
  }

  private func ask(
    _ part: [(place: Int, item: @Sendable (Int) -> JSONValue)], timeout: Int
  ) async throws -> [(Int, ExecSession.Answer)] {
    let session = try await running()
    let first = nextID
    nextID += part.count
    let answers = await session.ask(
      part.enumerated().map { (first + $0, $1.item(first + $0)) }, timeout: timeout)
    try Task.checkCancellation()
    try book(answers, of: session)
    return part.enumerated().map { ($1.place, answers[first + $0] ?? .none("it was not asked")) }
  }

  /// A command that ends again and again without any answer is given up, so that a run does not start it for every item.
  private func book(_ answers: [Int: ExecSession.Answer], of session: ExecSession) throws {
    let isFruitful = answers.values.contains { if case .row = $0 { true } else { false } }
    if isFruitful {
      fruitlessEnds = 0
    } else if !session.isRunning, !answers.isEmpty {
      fruitlessEnds += 1
      if fruitlessEnds >= Self.patience, let ending = session.end {
        throw ExecFault.endsAlways(
          command: command, times: fruitlessEnds, ending: ending, lastWords: session.words)
      }
    }
  }

  /// Ends the command.
  func close() async {
    let last = session
    session = nil
    await last?.close()
  }
}
