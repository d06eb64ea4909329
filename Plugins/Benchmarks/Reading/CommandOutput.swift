import Foundation
import HustingsProcess

/// The standard output of a command, line by line.
enum CommandOutput {
  /// What the thread that reads a command leaves for the one that waits for it.
  private final class Inbox: @unchecked Sendable {
    private let condition = NSCondition()
    private var events: [ChildProcess.Event] = []
    private var isClosed = false
    private static let room = 1_024

    /// Waits for room, so that a command that is faster than its reader does not fill the memory.
    func put(_ event: ChildProcess.Event) {
      condition.withLock {
        while events.count >= Self.room, !isClosed { condition.wait() }
        events.append(event)
        condition.broadcast()
      }
    }

    /// Lets everything in from now on; nobody reads any more.
    func close() {
      condition.withLock {
        isClosed = true
        condition.broadcast()
      }
    }

    func take() -> [ChildProcess.Event] {
      condition.withLock {
        while events.isEmpty { condition.wait() }
        defer {
          events = []
          condition.broadcast()
        }
        return events
      }
    }
  }

  /// Runs a command to its end and hands over each line that is not blank, with its number from 1.
  static func lines(
    of command: String, environment: [String: String], _ body: ([UInt8], Int) throws -> Void
  ) throws {
    let inbox = Inbox()
    let child = try ChildProcess(command, environment: environment) { inbox.put($0) }
    defer {
      inbox.close()
      child.kill()
    }
    child.closeInput()
    var number = 0
    var words: [UInt8] = []
    while true {
      for event in inbox.take() {
        switch event {
        case .line(let line):
          number += 1
          if line.contains(where: { $0 != 0x20 && $0 != 0x09 }) { try body(line, number) }
        case .errors(let bytes): words = (words + bytes).suffix(1_000)
        case .overlong: break
        case .ended(.exited(code: 0)): return
        case .ended(let ending):
          let text = String(decoding: words, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
          throw ExecBenchmarkFault.failed(command: command, ending: ending, lastWords: text)
        }
      }
    }
  }
}
