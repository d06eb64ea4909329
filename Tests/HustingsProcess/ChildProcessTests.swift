import Foundation
import HustingsFixtures
import HustingsProcess
import Testing

/// Everything that came from a command, for a test that waits for its end.
final class Transcript: @unchecked Sendable {
  private let condition = NSCondition()
  private var gathered: [String] = []
  private var ending: ChildEnding?
  private(set) var longest = 0
  private(set) var wasOverlong = false
  private(set) var errors = ""

  func take(_ event: ChildProcess.Event) {
    condition.withLock {
      switch event {
      case .line(let bytes):
        longest = max(longest, bytes.count)
        gathered.append(String(decoding: bytes.prefix(1_000), as: UTF8.self))
      case .errors(let bytes): errors += String(decoding: bytes, as: UTF8.self)
      case .overlong: wasOverlong = true
      case .ended(let how): ending = how
      }
      condition.broadcast()
    }
  }

  /// Waits until a number of lines came.
  func lines(_ count: Int) -> [String] {
    condition.withLock {
      while gathered.count < count, ending == nil { condition.wait() }
      return gathered
    }
  }

  /// Waits for the end.
  func end() -> ChildEnding? {
    condition.withLock {
      while ending == nil { condition.wait() }
      return ending
    }
  }
}

@Suite struct ChildProcessTests {
  private let surroundings = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]

  private func start(
    _ command: String, lineLimit: Int = 512 << 20
  ) throws -> (child: ChildProcess, transcript: Transcript) {
    let transcript = Transcript()
    let child = try ChildProcess(command, environment: surroundings, lineLimit: lineLimit) {
      transcript.take($0)
    }
    return (child, transcript)
  }

  /// Whether a process is there, a zombie included.
  private func exists(_ process: Int32) -> Bool { kill(process, 0) == 0 }

  @Test func linesComeBackInOrderAndTheExitCodeLast() throws {
    let (child, transcript) = try start("while read -r line; do echo \"got $line\"; done; exit 3")
    child.write(Array("one\ntwo\n".utf8))
    child.closeInput()
    #expect(transcript.end() == .exited(code: 3))
    #expect(transcript.lines(2) == ["got one", "got two"])
  }

  @Test func aLastLineWithoutItsEndIsALine() throws {
    let (child, transcript) = try start("printf 'whole\\r\\nhalf'")
    child.closeInput()
    #expect(transcript.end() == .exited(code: 0))
    #expect(transcript.lines(2) == ["whole", "half"])
  }

  @Test func partsOfALineArePutTogether() throws {
    let (child, transcript) = try start("printf ab; sleep 0.1; printf 'cd\\nef'; sleep 0.1; printf 'gh\\n'")
    child.closeInput()
    #expect(transcript.end() == .exited(code: 0))
    #expect(transcript.lines(2) == ["abcd", "efgh"])
  }

  @Test func aHundredMegabytesMayStandOnOneLine() throws {
    let (child, transcript) = try start("head -c 100000000 /dev/zero | tr '\\0' x; echo; echo after")
    child.closeInput()
    #expect(transcript.end() == .exited(code: 0))
    #expect(transcript.longest == 100_000_000)
    #expect(transcript.lines(2).last == "after")
  }

  @Test func aLineBeyondTheLimitEndsTheCommand() throws {
    let (child, transcript) = try start("yes | tr -d '\\n'", lineLimit: 1 << 20)
    #expect(transcript.end() == .killed(signal: SIGKILL))
    #expect(transcript.wasOverlong)
    #expect(!exists(child.identifier))
  }

  @Test func fullPipesHoldNobodyUp() throws {
    // Both directions carry more than any pipe holds, and the command writes before it has read everything.
    let (child, transcript) = try start("cat")
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16) + [0x0A]
    for _ in 0..<200 { child.write(line) }
    child.closeInput()
    #expect(transcript.end() == .exited(code: 0))
    #expect(transcript.lines(200).count == 200)
  }

  @Test func writingToACommandThatIsGoneIsNoSignal() throws {
    let (child, transcript) = try start("exit 0")
    #expect(transcript.end() == .exited(code: 0))
    for _ in 0..<100 { child.write([UInt8](repeating: 0x61, count: 1 << 16)) }
    child.closeInput()
  }

  @Test func noZombieStaysWhenACommandEnds() throws {
    for code in 0..<20 {
      let (child, transcript) = try start("exit \(code)")
      #expect(transcript.end() == .exited(code: Int32(code)))
      #expect(!exists(child.identifier))
    }
  }

  @Test func killingTakesTheWholeGroup() throws {
    let (child, transcript) = try start("sleep 1000 & echo $!; wait")
    let grandchild = try #require(Int32(transcript.lines(1)[0]))
    #expect(exists(grandchild))
    child.kill()
    #expect(transcript.end() == .killed(signal: SIGKILL))
    // Its parent is gone, so it is for the system to reap; it no longer runs in any case.
    #expect(stops(grandchild))
  }

  @Test func whatACommandLeavesRunningIsKilledWithIt() throws {
    let (child, transcript) = try start("sleep 1000 & echo $!")
    let grandchild = try #require(Int32(transcript.lines(1)[0]))
    child.closeInput()
    #expect(transcript.end() == .exited(code: 0))
    #expect(stops(grandchild))
  }

  @Test func droppingTheLastReferenceKills() throws {
    var (child, transcript): (ChildProcess?, Transcript) = try start("sleep 1000")
    let process = try #require(child?.identifier)
    child = nil
    #expect(transcript.end() == .killed(signal: SIGKILL))
    #expect(!exists(process))
  }

  /// Threads of Swift's concurrency block signals, and a child that inherits that cannot be asked to end.
  @Test func aCommandStartedFromATaskCanBeAskedToEnd() async throws {
    let (child, transcript) = try await Task.detached { try start("exec sleep 1000") }.value
    await child.end(patience: .milliseconds(100))
    #expect(transcript.end() == .killed(signal: SIGTERM))
  }

  @Test func aCommandThatIgnoresRequestsIsKilled() async throws {
    let (child, transcript) = try start("trap '' TERM; echo ready; while :; do sleep 0.05; done")
    _ = transcript.lines(1)
    await child.end(patience: .milliseconds(100))
    #expect(transcript.end() == .killed(signal: SIGKILL))
    #expect(!exists(child.identifier))
  }

  @Test func aCommandThatLeavesWhenItsInputEndsIsNotKilled() async throws {
    let (child, transcript) = try start("cat > /dev/null; exit 7")
    await child.end()
    #expect(transcript.end() == .exited(code: 7))
  }

  @Test func anUnknownCommandSaysSoInItsEnding() throws {
    let (child, transcript) = try start("no-such-command-anywhere")
    child.closeInput()
    #expect(transcript.end() == .exited(code: 127))
    #expect(ChildEnding.exited(code: 127).description.contains("not found"))
    #expect(transcript.errors.contains("no-such-command-anywhere"))
  }

  @Test func theEnvironmentIsTheOneGiven() throws {
    let transcript = Transcript()
    let child = try ChildProcess(
      "echo $COLOUR $HOME", environment: surroundings.merging(["COLOUR": "blue"]) { $1 }
    ) { transcript.take($0) }
    child.closeInput()
    #expect(transcript.end() == .exited(code: 0))
    #expect(transcript.lines(1) == ["blue"])
  }

  /// Whether a process that was sent a signal stops within a few seconds.
  private func stops(_ process: Int32) -> Bool {
    for _ in 0..<500 {
      if !runs(process) { return true }
      usleep(10_000)
    }
    return false
  }

  private func runs(_ process: Int32) -> Bool {
    guard exists(process) else { return false }
    // A zombie waits for its new parent and runs no more.
    let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    return status.map { !$0.contains(") Z ") } ?? false
  }
}
