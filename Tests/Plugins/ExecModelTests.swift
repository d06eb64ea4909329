import Foundation
import Hustings
import HustingsFixtures
import HustingsTesting
import ModelPlugins
import Testing

@Suite struct ExecModelTests {
  /// Lines of news that a model gave.
  private final class News: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [String] = []
    var lines: [String] { lock.withLock { list } }
    func add(_ line: String) { lock.withLock { list.append(line) } }
  }

  private static func python(_ body: String) throws -> (command: String, scratch: Scratch) {
    let scratch = try Scratch()
    let path = try scratch.write("model.py", body)
    return ("python3 \(path)", scratch)
  }

  private func model(
    _ command: String, news: News = News(), variables: [String: String] = [:]
  ) async throws -> ExecModel {
    let surroundings = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    return try await ExecModel(
      command, context: ModelContext(seed: 0, environment: surroundings, note: { news.add($0) }, path: { $0 })
    )
  }

  private func slates(_ count: Int) -> [Slate] {
    (0..<count).map { number in
      Slate(
        id: "item \(number)", prompt: Prompt("Question \(number)"),
        responses: [Response("short \(number)"), Response("a longer one \(number)")])
    }
  }

  /// A reward model that does `body` for each item; `say(row)` writes a row.
  private func script(
    _ body: String, hello: String = #"{"type":"hello","protocol":1,"kind":"reward","name":"t"}"#
  )
    -> String
  {
    """
    import json, os, sys, time
    def say(row): print(json.dumps(row), flush=True)
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "hello":
            print('\(hello)', flush=True)
        elif message["type"] == "batch":
            items = message["items"]
    \(body.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }.joined(separator: "\n"))
    """
  }

  private let lengths =
    "    for item in items: say({'id': item['id'], 'rewards': [len(r) for r in item['responses']]})"

  @Test func rewardsComeBackByIdentityInAnyOrder() async throws {
    let (command, scratch) = try Self.python(
      script(
        "    for item in reversed(items): say({'rewards': [len(r) for r in item['responses']], 'id': item['id']})"
      ))
    defer { withExtendedLifetime(scratch) {} }
    let model = try await model(command)
    let slates = slates(100)
    let answers = try await model.judge(slates)
    for (slate, answer) in zip(slates, answers) {
      #expect(answer.rewards == slate.responses.map { Double($0.text.count) })
    }
    #expect(model.card.kind == .reward)
    #expect(model.card.name == "t")
    await model.close()
  }

  @Test func theLawsHoldForACommand() async throws {
    let (command, scratch) = try Self.python(script(lengths))
    defer { withExtendedLifetime(scratch) {} }
    let model = try await model(command)
    #expect(try await ModelLaws.violations(of: model, on: ModelLaws.slates) == [])
    await model.close()
  }

  /// The folder of examples that users are pointed to.
  private static let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("examples/exec").path

  @Test func theExamplesOfTheRepositoryKeepTheLaws() async throws {
    for file in ["length.py", "judge.py"] {
      let text = try String(contentsOfFile: "\(Self.examples)/\(file)", encoding: .utf8)
      #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 40, "\(file)")
      let model = try await model("python3 \(Self.examples)/\(file)")
      #expect(try await ModelLaws.violations(of: model, on: ModelLaws.slates) == [], "\(file)")
      await model.close()
    }
  }

  private static let hasJq = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/jq")
    }

  @Test(
    .enabled(if: hasJq, "there is no jq on the PATH"),
    arguments: [
      "jq -c --unbuffered -f \(examples)/length.jq",
      #"""
      jq -c --unbuffered "if .type == \"hello\" then {type, protocol, kind: \"reward\", name: \"jq\"} else .items[]? | {id, rewards: (.responses | map(length))} end"
      """#,
    ])
  func aShellOneLinerIsAModel(command: String) async throws {
    let model = try await model(command)
    #expect(try await ModelLaws.violations(of: model, on: ModelLaws.slates) == [])
    #expect(
      try await model.judge(slates(1))[0].rewards == slates(1)[0].responses.map { Double($0.text.count) })
    await model.close()
  }

  /// As much of torch and transformers as the example asks for: the reward is the number of tokens, words being tokens.
  private let stubs = [
    "torch.py": """
    bfloat16, float32 = "bfloat16", "float32"
    class cuda:
        is_available = staticmethod(lambda: False)
    class no_grad:
        def __enter__(self): pass
        def __exit__(self, *_): pass
    """,
    "transformers.py": """
    class Number(float):
        def item(self): return float(self)
    class Logits:
        def __init__(self, value): self.value = value
        def __getitem__(self, place):
            assert place == (0, 0)
            return Number(self.value)
    class Ids(list):
        @property
        def shape(self): return (1, len(self))
    class Inputs(dict):
        def to(self, device): return self
    class AutoTokenizer:
        @classmethod
        def from_pretrained(cls, name):
            self = cls()
            self.chat_template = "yes" if "chat" in name else None
            self.model_max_length = 9
            return self
        def apply_chat_template(self, turns, tokenize):
            assert not tokenize and turns[-1]["role"] == "assistant"
            return " ".join(t["content"] for t in turns)
        def __call__(self, text, pair=None, return_tensors=None, add_special_tokens=True):
            assert return_tensors == "pt" and (pair is None) != add_special_tokens
            return Inputs(input_ids=Ids((text + " " + (pair or "")).split()))
    class AutoModelForSequenceClassification:
        class config:
            max_position_embeddings = 100
            _commit_hash = "abc"
        @classmethod
        def from_pretrained(cls, name, torch_dtype=None): return cls()
        def to(self, device): return self
        def eval(self): return self
        def __call__(self, input_ids):
            return type("Output", (), {"logits": Logits(len(input_ids))})
    """,
  ]

  @Test(arguments: ["some/chat-model", "some/pair-model"])
  func theHuggingFaceExampleSpeaksTheProtocol(name: String) async throws {
    let scratch = try Scratch()
    var folder = ""
    for (file, text) in stubs {
      folder = URL(fileURLWithPath: try scratch.write(file, text)).deletingLastPathComponent().path
    }
    let model = try await model(
      "python3 \(Self.examples)/sequence_classifier.py \(name)", variables: ["PYTHONPATH": folder])
    #expect(model.card.name == name.split(separator: "/").last.map(String.init))
    #expect(model.card.settings["dtype"] == "float32")
    let slate = Slate(
      id: "x", prompt: Prompt("Say two words"),
      responses: [Response("two words"), Response("this one has more words than there is room for")])
    let answer = try await model.judge([slate])[0]
    let short = try #require(slate.responses.firstIndex { $0.text == "two words" })
    #expect(answer.rewards?[short] == 5)
    #expect(answer.rewards?[1 - short] == .some(nil))
    #expect(answer.absences[1 - short]?.reason == "13 tokens, and the model reads 9")
    await model.close()
    withExtendedLifetime(scratch) {}
  }

  @Test func probabilitiesVerdictsAndEmbeddingsAreRead() async throws {
    let pair = Slate(id: "x", prompt: Prompt("?"), responses: [Response("a"), Response("bb")])
    let long = try #require(pair.responses.firstIndex { $0.text == "bb" })
    let cases: [(kind: String, body: String, margin: Double)] = [
      (
        "pairwise", "'probability': 0.75 if len(item['first']) > len(item['second']) else 0.25",
        1.0986122886681098
      ),
      ("pairwise", "'log_odds': 2.5 if len(item['first']) > len(item['second']) else -2.5", 2.5),
      ("judge", "'verdict': 'first' if len(item['first']) > len(item['second']) else 'second'", 1),
      // (2, 1) against (1, 1): 2·1 − 1·1 = 1, times the scale.
      ("embedding", "'embeddings': [[len(r), 1] for r in item['responses']], 'scales': [3]", 3),
    ]
    for (kind, body, margin) in cases {
      let (command, scratch) = try Self.python(
        script(
          "    for item in items: say({'id': item['id'], \(body)})",
          hello: #"{"type":"hello","protocol":1,"kind":"\#(kind)"}"#))
      defer { withExtendedLifetime(scratch) {} }
      let model = try await model(command)
      let answer = try await model.judge([pair])[0]
      let found = try #require(answer.margin(long, 1 - long), "\(kind)")
      #expect(abs(found - margin) < 1e-12, "\(kind)")
      #expect(answer.isOrdered == (kind != "embedding"))
      #expect(answer.areVerdicts == (kind == "judge"))
      await model.close()
    }
  }

  @Test func aCommandMaySayWhatItsAnswersCostAndIsAskedInTheOrderThatIsWanted() async throws {
    let hello = #"{"type":"hello","protocol":1,"kind":"judge","name":"t"}"#
    let body = """
          for item in items:
              say({'id': item['id'], 'verdict': 'first' if len(item['first']) > 9 else 'second', 'cost': 0.25})
      """
    let (command, scratch) = try Self.python(script(body, hello: hello))
    defer { _ = scratch }
    let model = try await model(command)
    let both = try await model.countedAnswers(to: slates(1))[0]
    #expect(both.traits[Trait.queries] == [1, 1] && both.traits[Trait.cost] == [0.25, 0.25])
    let one = try await model.countedAnswers(to: slates(1)) { _ in Matchup(1, 0) }[0]
    #expect(one.tournament.judgment(Matchup(1, 0)) == .margin(1) && one.tournament.matchups.count == 1)
    #expect(one.traits[Trait.queries] == [0, 1] && one.traits[Trait.cost] == [0, 0.25])
    await model.close()
  }

  @Test func abstentionsErrorsAndInvalidAnswersKeepTheirReasons() async throws {
    let (command, scratch) = try Self.python(
      script(
        """
            say({'id': items[0]['id'], 'abstain': 'no idea'})
            say({'id': items[1]['id'], 'error': 'out of memory'})
            say({'id': items[2]['id'], 'rewards': [1.0]})
            say({'id': items[3]['id'], 'rewards': [None, 2.0], 'reasons': ['too long', None]})
            say({'id': items[4]['id'], 'rewards': [float('nan'), 2.0]})
            say({'id': items[5]['id'], 'unreadable': 'hmm'})
        """))
    defer { withExtendedLifetime(scratch) {} }
    let model = try await model(command)
    let answers = try await model.judge(slates(6))
    #expect(answers[0].absence(0, 1) == Absence(.abstention, "no idea"))
    #expect(answers[1].absence(0, 1) == Absence(.error, "out of memory"))
    #expect(answers[2].absence(0, 1)?.kind == .invalid)
    #expect(answers[3].absence(0, 1) == Absence(.abstention, "too long"))
    #expect(answers[4].absence(0, 1)?.kind == .invalid)
    #expect(answers[5].absence(0, 1)?.reason.contains("hmm") == true)
    await model.close()
  }

  @Test func garbageIsLeftOutAndTold() async throws {
    let (command, scratch) = try Self.python(
      script(
        """
            print('Loading weights...', flush=True)
            print('{"id": 99999, "rewards": [1]}', flush=True)
            print('[1, 2', flush=True)
        \(lengths)
        """))
    defer { withExtendedLifetime(scratch) {} }
    let news = News()
    let model = try await model(command, news: news)
    let answers = try await model.judge(slates(3))
    #expect(answers.allSatisfy { $0.rewards?.contains { $0 == nil } == false })
    await model.close()
    let told = news.lines.joined()
    #expect(told.contains("3 lines") && told.contains("Loading weights..."))
  }

  @Test func aCommandThatDiesOnOneItemLosesThatItemAlone() async throws {
    let (command, scratch) = try Self.python(
      script(
        """
            for item in items:
                if item['prompt'] == 'Question 17':
                    print('segfault soon', file=sys.stderr, flush=True)
                    os._exit(9)
                say({'id': item['id'], 'rewards': [len(r) for r in item['responses']]})
        """))
    defer { withExtendedLifetime(scratch) {} }
    let model = try await model(command)
    let slates = slates(40)
    let answers = try await model.judge(slates)
    let failed = answers.indices.filter { answers[$0].absence(0, 1) != nil }
    #expect(failed == [17])
    let reason = try #require(answers[17].absence(0, 1))
    #expect(reason.kind == .error)
    #expect(reason.reason.contains("exit code 9") && reason.reason.contains("segfault soon"))
    await model.close()
  }

  @Test func aCommandThatAlwaysDiesIsGivenUp() async throws {
    let (command, scratch) = try Self.python(script("    os._exit(11)"))
    defer { withExtendedLifetime(scratch) {} }
    let model = try await model(command)
    let error = await #expect(throws: ExecFault.self) { try await model.judge(slates(200)) }
    #expect("\(String(describing: error))".contains("exit code 11"))
  }

  @Test func aSilentCommandIsKilledAfterItsTimeout() async throws {
    let (command, scratch) = try Self.python(
      script(
        """
            for item in items:
                if item['prompt'] == 'Question 1': time.sleep(1000)
                say({'id': item['id'], 'rewards': [len(r) for r in item['responses']]})
        """, hello: #"{"type":"hello","protocol":1,"kind":"reward","timeout":1}"#))
    defer { withExtendedLifetime(scratch) {} }
    let model = try await model(command)
    let answers = try await model.judge(slates(3))
    #expect(answers[0].rewards?[0] != nil && answers[2].rewards?[0] != nil)
    #expect(answers[1].absence(0, 1)?.reason.contains("silent for 1 s") == true)
    await model.close()
  }

  @Test func greetingsThatCannotBeUsedAreToldWithTheirReason() async throws {
    let cases = [
      ("exit 4", "exit code 4"), ("no-such-command", "not found"), ("echo hi; cat > /dev/null", "'hi'"),
      (#"echo '{"type":"hello","protocol":2,"kind":"reward"}'; cat"#, "protocol 2"),
      (#"echo '{"type":"hello","protocol":1,"kind":"oracle"}'; cat"#, "'oracle'"),
      (#"echo '{"type":"hello","protocol":1}'; cat"#, "kind"),
      (#"echo '{"type":"hello","protocol":1,"kind":"reward","batch":0}'; cat"#, "batch"),
    ]
    for (command, word) in cases {
      let error = await #expect(throws: ExecFault.self) {
        try await model(command, variables: ["HUSTINGS_EXEC_START_SECONDS": "1"])
      }
      #expect("\(String(describing: error))".contains(word), "\(command): \(String(describing: error))")
    }
  }

  @Test func anEditedScriptIsAnotherModelAndTheSameScriptIsNot() async throws {
    let (command, scratch) = try Self.python(script(lengths))
    defer { withExtendedLifetime(scratch) {} }
    let first = try await model(command)
    let again = try await model(command)
    #expect(first.card.fingerprint == again.card.fingerprint)
    try scratch.write("model.py", script(lengths) + "\n# other weights\n")
    let other = try await model(command)
    #expect(first.card.fingerprint != other.card.fingerprint)
    for model in [first, again, other] { await model.close() }
  }

  @Test func aHundredMegabytesOfAnswerAreRead() async throws {
    let (command, scratch) = try Self.python(
      script(
        "    for item in items: say({'id': item['id'], 'rewards': [1, 2], 'padding': 'x' * 100_000_000})"))
    defer { withExtendedLifetime(scratch) {} }
    let model = try await model(command)
    #expect(try await model.judge(slates(1))[0].rewards == [1, 2])
    await model.close()
  }
}
