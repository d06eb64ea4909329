import Foundation
import Hustings
import HustingsData
import HustingsMetrics
import Testing

@testable import JudgePlugins

@Suite struct RubricTests {
  private func rubric(_ name: String) throws -> Rubric { try RubricFolder.rubric(name, path: { $0 }) }

  @Test(arguments: BuiltInRubrics.names) func builtInRubricsCanBeReadAndFilled(_ name: String) throws {
    let rubric = try rubric(name)
    #expect(rubric.name == name)
    #expect(!rubric.summary.isEmpty)
    #expect(rubric.prompt.map(\.role) == [.system, .user])
    let slate = Prompt("The question")
    let responses = [Response("First text"), Response("Second text")]
    let values =
      switch rubric.kind {
      case .pairwise, .logprobs:
        PromptValues.pair(slate, responses, Matchup(0, 1), reference: ["The reference"])
      case .rating: PromptValues.single(slate, responses[0], reference: ["The reference"])
      case .ranking: PromptValues.list(slate, responses, reference: [])
      }
    let text = try rubric.prompt.map { try $0.filled(values) }.joined()
    #expect(text.contains("The question") && text.contains("First text"))
    #expect(text.contains("The reference") == rubric.needsReference)
    #expect(!text.contains("{"), "every place is filled")
  }

  @Test func aFolderOfOnesOwnIsRead() throws {
    let scratch = try Scratch()
    try scratch.write(
      "mine/rubric.json", #"{"kind": "rating", "prompt": "p.txt", "parameters": {"max_tokens": 5}}"#)
    try scratch.write("mine/p.txt", "Rate {answer} to {prompt}.\n")
    let rubric = try rubric("\(scratch.path)/mine")
    #expect(rubric.kind == .rating)
    #expect(rubric.prompt == [PromptTemplate(.user, "Rate {answer} to {prompt}.")])
    #expect(rubric.parameters["max_tokens"] == 5)
    #expect(rubric.name == "mine")
  }

  @Test func everythingButTheNameIsPartOfTheIdentity() throws {
    let scratch = try Scratch()
    func written(_ name: String, _ settings: String, _ prompt: String) throws -> Digest {
      try scratch.write("\(name)/rubric.json", settings)
      try scratch.write("\(name)/p.txt", prompt)
      return try rubric("\(scratch.path)/\(name)").digest
    }
    let base = try written("a", #"{"kind": "pairwise", "prompt": "p.txt"}"#, "x")
    #expect(try written("b", #"{"kind": "pairwise", "prompt": "p.txt"}"#, "x") == base)
    #expect(try written("c", #"{"kind": "pairwise", "prompt": "p.txt"}"#, "y") != base)
    #expect(
      try written("d", #"{"kind": "pairwise", "prompt": "p.txt", "parser": "arena-hard-2"}"#, "x") != base)
    #expect(
      try written("e", #"{"kind": "pairwise", "prompt": "p.txt", "parameters": {"n": 1}}"#, "x") != base)
  }

  /// The shape of upstream's files, with a prompt of our own.
  @Test func annotatorsOfAlpacaEvalAreReadAsTheyAre() throws {
    let scratch = try Scratch()
    try scratch.write(
      "configs/weighted/configs.yaml",
      """
      weighted:
        prompt_template: "clf/clf.txt"
        fn_completions: "openai_completions"
        completions_kwargs:
          model_name: "gpt-4-turbo"
          max_tokens: 1
          temperature: 1 # sampled, so it has no effect
          logprobs: true
          top_logprobs: 5
        fn_completion_parser: "logprob_parser"
        completion_parser_kwargs:
          numerator_token: "m"
          denominator_tokens: ["m", "M"]
          is_binarize: false
        completion_key: "completions_all"
        batch_size: 1
      """)
    try scratch.write(
      "configs/clf/clf.txt",
      "<|im_start|>system\nBe fair.\n<|im_end|>\n<|im_start|>user\n{instruction} {output_1} {output_2}\n<|im_end|>\n"
    )
    let rubric = try rubric("\(scratch.path)/configs/weighted")
    #expect(rubric.prompt.map(\.role) == [.system, .user])
    #expect(rubric.prompt[0].text == "Be fair.")
    #expect(rubric.parameters.keys == ["max_tokens", "temperature", "logprobs", "top_logprobs"])
    #expect(rubric.parser.isGraded)
    // P(m) = 0.8 against P(M) = 0.2: log-odds of log 4.
    let reply = JudgeReply.tokens([
      TokenChoices([
        .init("m", logProbability: -0.2231435513142097), .init("M", logProbability: -1.6094379124341003),
      ])
    ])
    let margin = try #require(rubric.parser.judgment(in: reply).logOdds)
    #expect(abs(margin - 1.3862943611198906) < 1e-9)
  }

  @Test func toolCallsOfAlpacaEvalAreReadAsTheyAre() throws {
    let scratch = try Scratch()
    try scratch.write(
      "fn/configs.yaml",
      """
      fn:
        prompt_template: "fn/p.txt"
        completions_kwargs:
          model_name: "gpt-4"
          function_call:
            name: "make_partial_leaderboard"
          functions:
            - name: "make_partial_leaderboard"
              parameters:
                type: "object"
                properties:
                  ordered_models:
                    type: "array"
              "required": [ "ordered_models" ]
        fn_completion_parser: "pipeline_meta_parser"
        completion_parser_kwargs:
            parsers_to_kwargs:
              json_parser:
                annotation_key: "ordered_models"
              ranking_parser:
                model_1_name: "m"
        batch_size: 1
      """)
    try scratch.write("fn/p.txt", "{instruction} {output_1} {output_2}")
    let rubric = try rubric("\(scratch.path)/fn")
    guard case .array(let functions)? = rubric.parameters["functions"],
      case .object(let function) = functions[0]
    else {
      Issue.record("no functions")
      return
    }
    #expect(function["required"] == ["ordered_models"])
    #expect(function["name"] == "make_partial_leaderboard")
    let row = try JSONNode.parse(
      #"{"choices": [{"message": {"content": null, "function_call": {"name": "f", "arguments": "{\"ordered_models\": [{\"model\": \"M\", \"rank\": 1}, {\"model\": \"m\", \"rank\": 2}]}"}}}]}"#,
      name: "reply")
    let reply = try ReplyReading.reply(row, wantsTokens: false)
    #expect(rubric.parser.judgment(in: reply) == .margin(-1))
  }

  @Test func patternsOfAlpacaEvalAreReadAsTheyAre() throws {
    let scratch = try Scratch()
    try scratch.write(
      "rx/configs.yaml",
      """
      rx:
        prompt_template: "rx/p.txt"
        completion_parser_kwargs:
          outputs_to_match:
            1: '(?:^|\\n) ?Output \\(a\\)'
            2: '(?:^|\\n) ?Output \\(b\\)'
        fn_completion_parser: "regex_parser"
      """)
    try scratch.write("rx/p.txt", "{instruction}")
    let rubric = try rubric("\(scratch.path)/rx")
    #expect(rubric.parser.judgment(in: .text("Output (b)")) == .margin(-1))
    #expect(rubric.parser.judgment(in: .text("Output (a)")) == .margin(1))
    #expect(rubric.parser.judgment(in: .text("neither")).absence?.kind == .abstention)
  }

  @Test func promptsOfFastChatAreReadAsTheyAre() throws {
    let scratch = try Scratch()
    let file = try scratch.write(
      "judge_prompts.jsonl",
      #"""
      {"name": "pair-v2", "type": "pairwise", "system_prompt": "Be fair, {{not a place}}.", "prompt_template": "[Q]\n{question}\n[A]\n{answer_a}\n[B]\n{answer_b}", "description": "d", "category": "general", "output_format": "[[A]]"}
      {"name": "single-mt", "type": "single", "system_prompt": "s", "prompt_template": "{question_1}|{answer_1}|{question_2}|{answer_2}", "description": "d", "category": "general", "output_format": "[[rating]]"}
      """# + "\n")
    let error = #expect(throws: RubricFault.self) { try rubric(file) }
    #expect("\(String(describing: error))".contains("pair-v2, single-mt"))
    let pair = try rubric("\(file)#pair-v2")
    #expect(pair.kind == .pairwise && pair.parser == .containment)
    #expect(pair.parameters["max_tokens"] == 2048)
    #expect(pair.prompt[0].text.contains("{{not a place}}"))
    let single = try rubric("\(file)#single-mt")
    #expect(single.parser == .rating)
    let second = Response("a2", after: [Message(.assistant, "a1"), Message(.user, "q2")])
    #expect(
      try single.prompt[1].filled(PromptValues.single(Prompt("q1"), second, reference: [])) == "q1|a1|q2|a2")
  }

  @Test func promptsOfFastChatThatBelongTogetherAreTakenTogether() throws {
    let scratch = try Scratch()
    let names = ["single-v1", "single-math-v1", "single-v1-multi-turn", "single-math-v1-multi-turn"]
    let file = try scratch.write(
      "judge_prompts.jsonl",
      names.map {
        "{\"name\": \"\($0)\", \"type\": \"single\", \"system_prompt\": \"\($0)\", \"prompt_template\": \"{question_1}\", "
          + "\"output_format\": \"[[rating]]\"}\n"
      }.joined())
    let family = try rubric("\(file)#single")
    let kinds = [(false, false), (true, false), (false, true), (true, true)]
    for (name, kind) in zip(names, kinds) {
      let occasion = Rubric.Occasion(isGuided: kind.0, hasSeveralTurns: kind.1)
      #expect(family.prompt(for: occasion).first?.text == name)
    }
    #expect(family.takesReference && !family.needsReference)
    #expect(try rubric("\(file)#single-v1").templateDigest != family.templateDigest)
    #expect(throws: RubricFault.self) { try rubric("\(file)#pair") }
  }

  @Test func aFolderMayHoldPromptsForReferencesAndSecondTurns() throws {
    let scratch = try Scratch()
    try scratch.write(
      "own/rubric.json", #"{"kind": "rating", "prompt": "p.txt", "guided": "g.txt", "multi-turn": "m.txt"}"#)
    for name in ["p", "g", "m"] { try scratch.write("own/\(name).txt", "\(name) {answer}") }
    let own = try rubric("\(scratch.path)/own")
    func text(_ isGuided: Bool, _ hasSeveralTurns: Bool) -> String? {
      own.prompt(for: .init(isGuided: isGuided, hasSeveralTurns: hasSeveralTurns)).first?.text
    }
    #expect(text(false, false) == "p {answer}" && text(false, true) == "m {answer}")
    // Where there is no prompt for both, the reference answer decides.
    #expect(text(true, false) == "g {answer}" && text(true, true) == "g {answer}")
  }

  @Test func configurationsOfArenaHardAreReadAsTheyAre() throws {
    let scratch = try Scratch()
    let old = try scratch.write(
      "judge_config.yaml",
      #"""
      name: judgment config file for Arena Hard
      bench_name: arena-hard-v0.1
      judge_model: gpt-4-1106-preview
      reference: False # Optional
      ref_model: null
      temperature: 0
      max_tokens: 4096
      regex_pattern: \[\[([AB<>=]+)\]\]
      system_prompt: "Be fair.\n\n1. A: [[A>>B]]"
      prompt_template: ["<|User Prompt|>\n{question_1}\n\n{answer_1}\n{answer_2}"]
      model_list:
        - gpt-3.5-turbo-0125
      """#)
    let first = try rubric(old)
    #expect(first.parser == .fiveLabels(.v01))
    #expect(first.continuation == "continue your judgment and finish by outputting a final verdict label")
    #expect(first.prompt[0].text == "Be fair.\n\n1. A: [[A>>B]]")
    #expect(first.prompt[1].text.contains("<|User Prompt|>\n{question_1}"))
    let new = try scratch.write(
      "arena-hard-v2.0.yaml",
      #"""
      # judge_model: gpt-4.5-preview (good)

      judge_model: gpt-4.1
      temperature: 0.0
      max_tokens: 16000

      bench_name: arena-hard-v2.0
      reference: null

      regex_patterns:
        - \[\[([AB<>=]+)\]\]
        - \[([AB<>=]+)\]

      prompt_template: "<|User Prompt|>\n{QUESTION}\n{ANSWER_A}\n{ANSWER_B}"

      model_list:
        - deepseek-r1
      """#)
    let second = try rubric(new)
    #expect(second.parser == .fiveLabels(.v2) && second.continuation == nil)
    #expect(second.parameters["max_tokens"] == 16000)
    #expect(second.name == "arena-hard-v2.0")
    let text = try second.prompt[1].filled(
      PromptValues.pair(Prompt("q"), [Response("b"), Response("a")], Matchup(1, 0), reference: []))
    #expect(text == "<|User Prompt|>\nq\na\nb")
    #expect(second.parser.judgment(in: .text("My final verdict is [[A>>B]]")) == .margin(3))
    #expect(second.parser.judgment(in: .text("[[B>A]]")) == .margin(-1))
  }

  @Test func howOftenAJudgeIsAskedIsAsItsConfigurationSays() throws {
    let scratch = try Scratch()
    func config(_ attempts: String) throws -> Rubric {
      try rubric(
        scratch.write(
          "judge_config.yaml",
          "bench_name: a\nregex_pattern: x\nsystem_prompt: s\nprompt_template: [\"{question_1} {answer_1} {answer_2}\"]\n"
            + "number_of_judgment_attempts: \(attempts)\n"))
    }
    #expect(try config("2").continuation != nil)
    #expect(try config("1").continuation == nil)
    #expect(try config("1").digest != config("2").digest)
    // The first question is the same, and so is what its reply is kept under.
    #expect(try config("1").templateDigest == config("2").templateDigest)
    #expect(throws: RubricFault.self) { try config("5") }
    let builtIn = try rubric("arena-hard-0.1")
    #expect(builtIn.parser == .fiveLabels(.v01) && builtIn.continuation != nil)
    #expect(builtIn.templateDigest == (try rubric("arena-hard").templateDigest))
  }

  @Test func whatIsNoRubricIsRefusedWithAReason() throws {
    let scratch = try Scratch()
    try scratch.write("empty/readme.txt", "x")
    try scratch.write("kind/rubric.json", #"{"kind": "oracle", "prompt": "p.txt"}"#)
    try scratch.write("kind/p.txt", "x")
    try scratch.write("batch/configs.yaml", "b:\n  prompt_template: p.txt\n  batch_size: 4\n")
    try scratch.write("yaml/configs.yaml", "a: [1, 2\n")
    for (name, word) in [
      ("empty", "rubric.json"), ("kind", "oracle"), ("batch", "one at a time"), ("yaml", "line 1"),
    ] {
      let error = #expect(throws: (any Error).self) { try rubric("\(scratch.path)/\(name)") }
      #expect("\(String(describing: error))".contains(word), "\(name): \(String(describing: error))")
    }
  }

  @Test(arguments: [
    ("3 > 1 > 2", [1, 2, 0]), ("Order: [2, 1, 3]", [1, 0, 2]), ("[[2]] > [[1]] = [[3]]", [1, 0, 1]),
    ("First I thought 1.\nThen: 3 > 2 > 1", [2, 1, 0]), ("1 = 2 = 3", [0, 0, 0]), ("1 > 2", nil),
    ("1 > 2 > 2", nil), ("1 > 2 > 4", nil), ("none", nil),
  ])
  func ordersAreRead(_ text: String, _ ranks: [Int]?) {
    #expect(RubricParser.order.ranks(in: .text(text), count: 3) == ranks)
  }

  @Test func aLabelThatIsNotListedIsBoundedOrZero() throws {
    let reply = JudgeReply.tokens([
      TokenChoices([
        .init("A", logProbability: -0.1), .init("x", logProbability: -3), .init("y", logProbability: -5),
      ])
    ])
    let least = RubricParser.LabelRule(first: ["A"], second: ["B"], readsLast: false, missingIsZero: false)
    #expect(least.judgment(in: reply) == .margin(4.9))
    let zero = RubricParser.LabelRule(first: ["A"], second: ["B"], readsLast: false, missingIsZero: true)
    #expect(zero.judgment(in: reply) == .margin(40))
    let other = RubricParser.LabelRule(first: ["P"], second: ["Q"], readsLast: false, missingIsZero: false)
    #expect(other.judgment(in: reply).absence?.reason.contains("'A'") == true)
  }
}
