import Foundation
import Hustings
import HustingsData
import HustingsMetrics

/// A model's answers to numbered questions, as FastChat, Vicuna-Bench and Arena-Hard write them.
///
/// JSON lines with `question_id` or `uid`, and the answer as `choices` (the turns of the first, as texts or as objects with
/// `content`), as `messages` (what the assistant says, as texts or as objects with `answer`), or as one text (`answer`, `output`
/// or `text`). Of several rows on one question the last counts, as for FastChat.
struct AnswerFile: Sendable {
  /// Who answers; nil where the file does not say.
  let author: String?
  /// What was answered in each turn, by question.
  let turns: [String: [String]]
  private let stored: [String: StoredStyle]

  init(_ path: String) throws {
    var author: String?
    var turns: [String: [String]] = [:]
    var stored: [String: StoredStyle] = [:]
    try RowFile.rows(path) { row in
      if author == nil { author = try row.optionalString("model_id") ?? row.optionalString("model") }
      let question = try AnswerFile.question(row)
      turns[question] = try AnswerFile.turns(row)
      stored[question] = try StoredStyle(row)
    }
    self.author = author
    self.turns = turns
    self.stored = stored
  }

  /// How long the first answer to a question is and how it is laid out, by the names of traits; empty where there is none.
  ///
  /// Tokens, whose counting needs their tokeniser, are those that the file names. Of marks it may name the counts as well.
  func style(of question: String) -> [String: Double] {
    guard let answer = turns[question]?.first else { return [:] }
    let stored = stored[question]
    let style = stored?.marks ?? StoredStyle.Marks(MarkdownCounts(answer))
    var traits: [String: Double] = [
      Trait.length: Double(answer.codePointCount), Trait.headers: Double(style.headers),
      Trait.listItems: Double(style.listItems), Trait.bolds: Double(style.bolds),
    ]
    traits[Trait.tokens] = stored?.tokens.map(Double.init)
    return traits
  }

  /// The question that a row is about, whether its name is a text or a number.
  static func question(_ row: JSONNode) throws -> String {
    if let uid = try row.optionalString("uid") { return uid }
    let node = try row.node("question_id")
    if case .integer(let number) = node.value { return "\(number)" }
    return try node.string()
  }

  private static func turns(_ row: JSONNode) throws -> [String] {
    if let choices = try row.optionalArray("choices") {
      guard let first = choices.first else {
        throw row.fault("choices", .notAllowed(found: "no choice", expected: "one"))
      }
      return try first.array("turns").map { try text($0, member: "content") }
    }
    if let messages = try row.optionalArray("messages") {
      return try messages.filter { try $0.string("role") == "assistant" }.map {
        try text($0.node("content"), member: "answer")
      }
    }
    for name in ["answer", "output", "text"] {
      if let answer = try row.optionalString(name) { return [answer] }
    }
    throw row.fault("choices", .missing(nearest: nil))
  }

  private static func text(_ node: JSONNode, member: String) throws -> String {
    if case .object = node.value { return try node.string(member) }
    return try node.string()
  }

  /// The response to a question up to a turn: the answer to that turn, after the turns before it; nil where one is missing.
  func response(_ question: String, asked: [String], turn: Int) -> Response? {
    guard let answers = turns[question], answers.count >= turn, asked.count >= turn else { return nil }
    var before: [Message] = []
    for earlier in 0..<turn - 1 {
      before += [Message(.assistant, answers[earlier]), Message(.user, asked[earlier + 1])]
    }
    return Response(answers[turn - 1], after: before)
  }
}

/// What an answer file says of an answer's length and layout: `metadata` of Arena-Hard's newer files, `conv_metadata` of its older
/// ones, or `token_len` beside the text.
struct StoredStyle: Sendable {
  /// Counts of markdown.
  struct Marks: Sendable {
    let headers: Int
    let listItems: Int
    let bolds: Int

    init(headers: Int, listItems: Int, bolds: Int) {
      self.headers = headers
      self.listItems = listItems
      self.bolds = bolds
    }

    init(_ counts: MarkdownCounts) {
      headers = counts.headers.reduce(0, +)
      listItems = counts.orderedItems + counts.unorderedItems
      bolds = counts.starredBolds + counts.underscoredBolds
    }
  }

  let tokens: Int?
  let marks: Marks?

  init(_ row: JSONNode) throws {
    let metadata = try StoredStyle.object("metadata", row) ?? StoredStyle.object("conv_metadata", row)
    let turn = try row.optionalArray("choices")?.first?.optionalArray("turns")?.first
    tokens =
      try metadata.flatMap { try StoredStyle.total("token_len", $0) }
      ?? turn.flatMap { turn in
        guard case .object = turn.value else { return nil }
        return try turn.optionalInteger("token_len")
      }
    let counts = try metadata.map { metadata in
      try ["header_count", "list_count", "bold_count"].map { try StoredStyle.total($0, metadata) }
    }
    if let counts, let headers = counts[0], let items = counts[1], let bolds = counts[2] {
      marks = Marks(headers: headers, listItems: items, bolds: bolds)
    } else {
      marks = nil
    }
  }

  private static func object(_ name: String, _ row: JSONNode) throws -> JSONNode? {
    guard let node = try row.optionalNode(name), case .object = node.value else { return nil }
    return node
  }

  /// A number, or the sum of the numbers of its kinds, such as headers by level.
  private static func total(_ name: String, _ row: JSONNode) throws -> Int? {
    guard let node = try row.optionalNode(name) else { return nil }
    guard case .object = node.value else { return try node.integer() }
    return try node.members().reduce(0) { $0 + (try $1.node.integer()) }
  }
}

/// Where the answers of a contest's baseline lie.
struct BaselineAnswers: Sendable {
  private let benchmark: String
  private let place: String

  /// - Parameters:
  ///   - setting: the file or folder that the user named; nil for the usual one.
  ///   - folder: the benchmark's folder in the data root.
  init(_ setting: String?, folder: String, benchmark: String) {
    self.benchmark = benchmark
    place = setting ?? folder
  }

  /// Where they are looked for.
  var description: String { place }

  /// The answers of a model, where a file in the folder is called like it; nil where none is.
  func found(of model: String) throws -> AnswerFile? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue else {
      return nil
    }
    return try file(of: model).map(AnswerFile.init)
  }

  private func file(of model: String) -> String? {
    for folder in ["\(place)/model_answer", place] {
      let files = FolderListing.files(folder, suffix: ".jsonl")
      let file =
        files.first { $0.stem == model } ?? files.first { $0.stem.hasSuffix("_\(model)") }
      if let file { return file.path }
    }
    return nil
  }

  /// The answers of a model: those of the file that was named, or of the file in the folder that is called like the model.
  func answers(of model: String) throws -> AnswerFile {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
      throw BenchmarkError.noBaseline(model, benchmark: benchmark, place: place)
    }
    guard isFolder.boolValue else { return try AnswerFile(place) }
    if let file = file(of: model) { return try AnswerFile(file) }
    throw BenchmarkError.noBaseline(model, benchmark: benchmark, place: place)
  }
}
