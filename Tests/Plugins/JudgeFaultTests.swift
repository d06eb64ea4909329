import Foundation
import Hustings
import HustingsEndpoints
import HustingsFixtures
import Testing

@testable import JudgePlugins

@Suite struct JudgeFaultTests {
  private func judge(
    _ address: String, _ settings: String = "orders=one", shelf: ReplyShelf? = nil,
    meter: CallMeter = CallMeter(),
    price: TokenPrice? = nil, variables: [String: String] = [:]
  ) async throws -> any PreferenceModel {
    try await networkModels(
      "openai:my-model?base-url=\(address)/v1&attempts=3&\(settings)", shelf: shelf, meter: meter,
      price: price, variables: variables)[0]
  }

  /// What a server does at first before it answers as it should.
  private func recovering(_ faults: [ScriptedReply]) throws -> ScriptedServer {
    let left = Faults(faults)
    return try JudgeServer.start { _, _ in left.next() ?? JudgeServer.chat("[[A]]") }
  }

  private final class Faults: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [ScriptedReply]
    init(_ list: [ScriptedReply]) { self.list = list }
    func next() -> ScriptedReply? { lock.withLock { list.isEmpty ? nil : list.removeFirst() } }
  }

  @Test(arguments: [
    ("dropped", [ScriptedReply.dropped]), ("cut", [.cut(Data(#"{"choices": []}"#.utf8), after: 5)]),
    ("429", [.status(429)]), ("429 with a wait", [.status(429, [("Retry-After", "1")])]),
    ("500s", [.status(500), .status(502)]), ("no JSON", [.text("<html>", type: "application/json")]),
    ("another type", [.text("<html>login</html>", type: "text/html")]),
    ("an error in a success", [.text(#"{"error": {"message": "overloaded"}}"#)]),
    ("slow", [JudgeServer.chat("[[A]]").after(milliseconds: 300)]),
  ])
  func aPassingFaultCostsNothingButTime(_ name: String, _ faults: [ScriptedReply]) async throws {
    let server = try recovering(faults)
    let shelf = MemoryShelf()
    let answer = try await judge(server.address, shelf: shelf.shelf()).judge([pair()])[0]
    #expect(answer.judgment(Matchup(0, 1)) == .margin(1), "\(name)")
    #expect(shelf.count == 1, "\(name)")
  }

  @Test func aLastingFaultIsAnErrorThatIsNotKept() async throws {
    let server = try JudgeServer.start { _, _ in .text("nonsense") }
    let shelf = MemoryShelf()
    let answer = try await judge(server.address, shelf: shelf.shelf()).judge([pair()])[0]
    #expect(answer.judgment(Matchup(0, 1))?.absence?.kind == .error)
    #expect(shelf.count == 0)
    #expect(server.calls.count == 3)
  }

  @Test func aQuestionThatIsTooLongIsAnAbstentionAndNothingElseStops() async throws {
    let server = try JudgeServer.start { _, asked in
      asked.part("prompt") == "Question 1?"
        ? .text(#"{"error": {"message": "This model's maximum context length is 10 tokens"}}"#, 400)
        : JudgeServer.chat("[[A]]")
    }
    let answers = try await judge(server.address).judge([pair(0), pair(1), pair(2)])
    #expect(answers[0].judgment(Matchup(0, 1)) == .margin(1))
    let absence = try #require(answers[1].judgment(Matchup(0, 1))?.absence)
    #expect(absence.kind == .abstention)
    #expect(absence.reason.contains("maximum context length"))
    #expect(answers[2].judgment(Matchup(0, 1)) == .margin(1))
  }

  @Test func aWrongKeyStopsAtOnceAndIsNotRepeatedInTheMessage() async throws {
    let server = try JudgeServer.start { request, _ in
      .text(#"{"error": {"message": "Incorrect API key: \#(request.header("Authorization") ?? "")"}}"#, 401)
    }
    let model = try await judge(
      server.address, "orders=one&concurrency=1&key-env=MY_KEY",
      variables: ["MY_KEY": "secret-key-0123456789"])
    let answers = try await model.judge((0..<50).map { pair($0) })
    let reason = try #require(answers[0].judgment(Matchup(0, 1))?.absence?.reason)
    #expect(reason.contains("401"))
    #expect(!reason.contains("secret-key-0123456789"))
    #expect(reason.contains("[redacted MY_KEY]"))
    #expect(server.calls.count < 50)
    #expect(server.calls[0].header("Authorization") == "Bearer secret-key-0123456789")
  }

  @Test func noKeyIsKeptPrintedOrPartOfACard() async throws {
    let key = "secret-key-0123456789"
    let server = try JudgeServer.start { request, _ in
      JudgeServer.chat("You sent \(request.header("Authorization") ?? "") [[A]]")
    }
    let scratch = try Scratch()
    let file = try scratch.write("key", key + "\n")
    let shelf = MemoryShelf()
    let model = try await judge(server.address, "key-file=\(file)", shelf: shelf.shelf())
    _ = try await model.judge([pair()])
    #expect(!shelf.texts.joined().contains(key))
    #expect(shelf.texts.joined().contains("[redacted"))
    #expect(!"\(model.card)".contains(key))
  }

  @Test func aRedirectToAnotherHostIsNotFollowedWithTheQuestion() async throws {
    let other = try JudgeServer.longer()
    let server = try JudgeServer.start { _, _ in
      .status(307, [("Location", "http://localhost:\(other.port)/v1/chat/completions")])
    }
    let model = try await judge(
      server.address, "key-env=MY_KEY", variables: ["MY_KEY": "secret-key-0123456789"])
    let answer = try await model.judge([pair()])[0]
    #expect(answer.judgment(Matchup(0, 1))?.absence?.kind == .error)
    #expect(other.requests.isEmpty)
  }

  @Test func aServerThatIsGoneIsNotAskedForEver() async throws {
    let server = try JudgeServer.longer()
    let model = try await judge(server.address, "attempts=1&concurrency=2")
    server.stop()
    let answers = try await model.judge((0..<300).map { pair($0) })
    #expect(answers.allSatisfy { $0.judgment(Matchup(0, 1))?.absence?.kind == .error })
    #expect(answers[299].judgment(Matchup(0, 1))?.absence?.reason.contains("nothing more was asked") == true)
  }

  @Test func keptRepliesAreNotAskedForAgain() async throws {
    let server = try JudgeServer.longer()
    let shelf = MemoryShelf()
    let slates = (0..<10).map { pair($0) }
    let first = try await judge(server.address, shelf: shelf.shelf()).judge(slates)
    let calls = server.calls.count
    let meter = CallMeter()
    let again = try await judge(server.address, shelf: shelf.shelf(), meter: meter).judge(slates)
    #expect(again == first)
    #expect(server.calls.count == calls)
    #expect(meter.count.kept == calls)
    // Another parameter is another question.
    _ = try await judge(server.address, "orders=one&temperature=1", shelf: shelf.shelf()).judge(slates)
    #expect(server.calls.count == 2 * calls)
  }

  @Test func theSameQuestionAtTheSameTimeIsOneCall() async throws {
    let server = try JudgeServer.start { _, _ in JudgeServer.chat("[[A]]").after(milliseconds: 100) }
    let slate = pair()
    let twin = Slate(id: "another name", prompt: slate.prompt, responses: slate.responses)
    let answers = try await judge(server.address).judge([slate, twin])
    #expect(server.calls.count == 1)
    #expect(answers[0] == answers[1])
  }

  @Test func offlineAnswersFromTheShelfAloneAndCountsWhatIsMissing() async throws {
    let server = try JudgeServer.longer()
    let shelf = MemoryShelf()
    let known = (0..<5).map { pair($0) }
    let first = try await judge(server.address, shelf: shelf.shelf()).judge(known)
    let address = server.address
    let requests = server.requests.count
    let meter = CallMeter()
    let offline = try await judge(address, shelf: shelf.shelf(isOffline: true), meter: meter)
    let again = try await offline.judge(known + [pair(99)])
    #expect(Array(again.prefix(5)) == first)
    #expect(again[5].judgment(Matchup(0, 1))?.absence?.kind == .error)
    #expect(meter.count.missing == 1)
    #expect(server.requests.count == requests)
  }

  @Test func offlineNeedsToKnowWhatTheServerServed() async throws {
    let error = await #expect(throws: EndpointFault.self) {
      try await judge("http://127.0.0.1:1", shelf: MemoryShelf().shelf(isOffline: true))
    }
    #expect("\(String(describing: error))".contains("never written down"))
  }

  @Test func aServerThatServesSomethingElseIsAnotherModel() async throws {
    func server(_ length: Int) throws -> ScriptedServer {
      try ScriptedServer { _ in .text(#"{"data": [{"id": "my-model", "max_model_len": \#(length)}]}"#) }
    }
    // Identities take in the address, so both are told apart by what is served at one port, asked twice.
    let size = Faults([
      .text(#"{"data": [{"id": "my-model", "root": "a"}]}"#),
      .text(#"{"data": [{"id": "my-model", "root": "b"}]}"#),
    ])
    let changing = try ScriptedServer { _ in
      size.next() ?? .text(#"{"data": [{"id": "my-model", "root": "b", "created": 7}]}"#)
    }
    let first = try await judge(changing.address).card.fingerprint
    let second = try await judge(changing.address).card.fingerprint
    let third = try await judge(changing.address).card.fingerprint
    #expect(first != second)
    #expect(second == third)
    _ = try server(1)
  }

  @Test func aFleetSharesTheWorkAndMustServeOneModel() async throws {
    let servers = [try JudgeServer.longer(), try JudgeServer.longer()]
    let bases = servers.map { "\($0.address)/v1" }.joined(separator: ",")
    let model = try await networkModels("openai:my-model?base-url=\(bases)")[0]
    _ = try await model.judge((0..<20).map { pair($0) })
    #expect(servers.allSatisfy { $0.calls.count > 5 })
    let other = try ScriptedServer { _ in .text(#"{"data": [{"id": "my-model", "max_model_len": 9}]}"#) }
    await #expect(throws: EndpointFault.self) {
      try await networkModels("openai:my-model?base-url=\(servers[0].address)/v1,\(other.address)/v1")
    }
  }

  @Test func aFleetDoesWithoutAServerThatIsDown() async throws {
    let (server, dead) = (try JudgeServer.longer(), try ClosedPort())
    let model = try await networkModels(
      "openai:my-model?base-url=\(dead.address)/v1,\(server.address)/v1&attempts=2")[0]
    let answers = try await model.judge((0..<20).map { pair($0) })
    #expect(answers.allSatisfy { $0.margin(0, 1) != nil })
    await #expect(throws: EndpointFault.self) {
      try await networkModels("openai:my-model?base-url=\(dead.address)/v1,\(dead.address)/v2&attempts=2")
    }
  }

  @Test func theLimitOnCostIsNeverPassedAndWorkGoesOnLater() async throws {
    let server = try JudgeServer.longer()
    let shelf = MemoryShelf()
    // 100 tokens in and 10 out are 0.0003 dollars a call.
    let price = TokenPrice(input: 2, output: 10)
    let slates = (0..<100).map { pair($0) }
    var answered = 0
    for _ in 0..<3 {
      let meter = CallMeter(limit: 0.01)
      let model = try await judge(
        server.address, "orders=one&max-tokens=10", shelf: shelf.shelf(), meter: meter, price: price)
      let answers = try await model.judge(slates)
      let count = meter.count
      #expect(count.dollars <= 0.01)
      #expect(count.heldBack > 0)
      #expect(answers.count { $0.margin(0, 1) != nil } == shelf.count)
      #expect(shelf.count > answered)
      answered = shelf.count
    }
    // The budget was used: less than the most that one call may cost was left each time.
    #expect(answered >= 60)
    #expect(server.calls.count == answered)
  }

  @Test func cancellingLeavesNoCallRunning() async throws {
    let server = try JudgeServer.start { _, _ in .silent }
    let model = try await judge(server.address)
    let task = Task { try await model.judge((0..<50).map { pair($0) }) }
    while server.calls.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let calls = server.calls.count
    try await Task.sleep(for: .milliseconds(100))
    #expect(server.calls.count == calls)
  }

  @Test func aLimitWithoutAPriceIsRefused() async throws {
    let server = try JudgeServer.longer()
    let error = await #expect(throws: EndpointFault.self) {
      try await judge(server.address, meter: CallMeter(limit: 1))
    }
    #expect("\(String(describing: error))".contains("--prices"))
  }

  @Test(arguments: [
    ("openai:x?key=sk-123", "key-env"), ("openai:x?rubrik=rating", "Did you mean 'rubric'"),
    ("openai:x?base-url=ftp://x", "http"), ("openai:x?base-url=http://u:p@h/v1", "password"),
    ("openai:x", "OPENAI_API_KEY"), ("openai:x?key-env=NOWHERE", "NOWHERE"),
    ("openai:x?base-url=http://127.0.0.1:1&orders=three", "both or one"),
    ("openai:x?base-url=http://127.0.0.1:1&rubric=ratting", "Did you mean 'rating'"),
    ("openai:x?base-url=http://127.0.0.1:1&rubric=reference-rating", "references"),
    ("openai:x?base-url=http://127.0.0.1:1&pool=majority", "several names"),
    ("openai:x?base-url=http://127.0.0.1:1&concurrency=0", "whole number"),
    ("openai:x?base-url=http://127.0.0.1:1&temperature=hot", "a number"),
    ("openai:x?base-url=http://127.0.0.1:1&attempts=1", "Cannot connect"),
  ])
  func mistakesAreToldBeforeAnythingIsAsked(_ text: String, _ word: String) async throws {
    let error = await #expect(throws: (any Error).self) { try await networkModels(text) }
    #expect("\(String(describing: error))".contains(word), "\(String(describing: error))")
  }
}
