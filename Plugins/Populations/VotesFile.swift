public import Hustings
import HustingsData
public import HustingsTraining

/// Votes of many annotators from a file: JSON lines or JSON, plain or gzip, one vote per line.
///
/// `annotator`, `prompt` and `responses` say who judged what; `responses` is a list of texts or an object of texts by name. What
/// was said is one of
/// - `choice`: the best response, or `"tie"` for two responses of which neither is; null for no answer;
/// - `ranking`: responses from best to worst, those that tie in a list of their own; those left out stand below the rest;
/// - `ranks`: a rank for each response, 1 the best, equal ranks for ties of two, null for those below the rest;
/// - `chosen` and `rejected`: two texts, without `responses`.
///
/// A response is named by its position from 0, its name, or its text. Optional are `group`, the kind of annotator that is known
/// from elsewhere and that no fit reads; `weight`, what the annotator counts; and `features`, numbers for each response.
public struct VotesFile: Sendable {
  /// The votes.
  public let panel: VotePanel
  /// The features of every row, where the file gives any.
  public let features: FeatureMatrix?
  /// Lines that hold no answer.
  public let unanswered: Int
  /// The digest of the file's votes, whatever its spelling.
  public let digest: Digest

  /// Reads a file.
  public init(_ path: String) throws {
    var reading = Reading()
    let stem = path.lowercased().hasSuffix(".gz") ? String(path.lowercased().dropLast(3)) : path.lowercased()
    if stem.hasSuffix(".json") {
      for row in try JSONNode.read(path).elements() { try reading.add(row) }
    } else {
      var rows = try JSONLines(path)
      while let row = try rows.next() { try reading.add(row) }
    }
    do {
      panel = try reading.builder.build()
    } catch VoteFault.noVotes {
      throw VotesFault(place: "\(path)", fault: .noVotes)
    }
    features = try reading.matrix(panel)
    unanswered = reading.unanswered
    digest = reading.hash.finalize()
  }
}

/// What is wrong with a line of votes.
public struct VotesFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where: file and line.
  public let place: String
  /// What.
  public let fault: VoteFault

  /// The sentence.
  public var description: String { "\(place): \(fault)" }
}

private struct Reading {
  var builder = VotePanelBuilder()
  var unanswered = 0
  var hash = SHA256()
  /// Features by prompt and response, where given.
  var features: [[Int: [Float]]] = []
  var width: Int?
  var firstLine = ""

  mutating func add(_ row: JSONNode) throws {
    do {
      try read(row)
    } catch let fault as VoteFault {
      throw VotesFault(place: "\(row.place)", fault: fault)
    }
  }

  private mutating func read(_ row: JSONNode) throws {
    let name = try identifier(row.node("annotator"))
    let annotator = try builder.annotator(
      name, group: try row.optionalNode("group").flatMap { $0.isNull ? nil : try identifier($0) },
      weight: try row.optionalDouble("weight"))
    let prompt = try Reading.prompt(row.node("prompt"))
    let (names, texts) = try Reading.responses(row)
    guard Set(texts).count == texts.count else { throw VoteFault.sameResponse(annotator: name) }
    let menu = builder.menu(prompt)
    let places = texts.map { builder.response(Response($0), to: menu) }
    try read(features: row, menu, places)
    guard let vote = try Reading.vote(row, names, texts) else {
      unanswered += 1
      return
    }
    try builder.add(vote, on: places, of: menu, by: annotator)
    hash.updateFramed(name)
    hash.update(prompt.digest)
    for text in texts { hash.updateFramed(text) }
    hash.updateFramed("\(vote.placed)")
  }

  private func identifier(_ node: JSONNode) throws -> String {
    if case .integer(let number) = node.value { return String(number) }
    let text = try node.string()
    guard !text.isEmpty else {
      throw node.fault(.notAllowed(found: "an empty text", expected: "a name"))
    }
    return text
  }

  private static func prompt(_ node: JSONNode) throws -> Prompt {
    guard case .array = node.value else { return Prompt(try node.string()) }
    return Prompt(
      try node.elements().map { Message(Role(try $0.string("role")), try $0.string("content")) })
  }

  /// Names and texts of the responses that were shown.
  private static func responses(_ row: JSONNode) throws -> (names: [String?], texts: [String]) {
    guard let node = try row.optionalNode("responses") else {
      return ([nil, nil], [try row.string("chosen"), try row.string("rejected")])
    }
    if case .object = node.value {
      let members = try node.members()
      return (members.map(\.key), try members.map { try $0.node.string() })
    }
    var names: [String?] = []
    var texts: [String] = []
    for element in try node.elements() {
      if case .object = element.value {
        names.append(try element.optionalString("id"))
        texts.append(try element.string("text"))
      } else {
        names.append(nil)
        texts.append(try element.string())
      }
    }
    return (names, texts)
  }

  /// The vote of a row; nil where it holds no answer.
  private static func vote(_ row: JSONNode, _ names: [String?], _ texts: [String]) throws -> Vote? {
    func place(_ node: JSONNode) throws -> Int {
      if case .integer(let position) = node.value {
        guard texts.indices.contains(position) else {
          throw VoteFault.unknownResponse("\(position)", shown: texts.count)
        }
        return position
      }
      guard case .string(let text) = node.value else {
        throw node.fault(
          .notAllowed(found: "no response", expected: "a response's position from 0, its name or its text"))
      }
      if let place = names.firstIndex(of: text) ?? texts.firstIndex(of: text) { return place }
      let short = text.count > 40 ? "\(text.prefix(40))…" : text
      throw VoteFault.unknownResponse("'\(short)'", shown: texts.count)
    }
    let kinds = ["ranking", "ranks", "choice", "chosen"]
    let answers = try kinds.filter { try row.optionalNode($0) != nil }
    if answers.count > 1 { throw VoteFault.twoAnswers(answers[0], answers[1]) }
    if answers.isEmpty, try kinds.contains(where: { try row.member($0) != nil }) { return nil }
    if let ranking = try row.optionalNode("ranking") {
      let placed = try ranking.elements().map { element -> [Int] in
        if case .array = element.value { return try element.elements().map(place) }
        return [try place(element)]
      }
      return try Vote(placed: placed, shown: texts.count)
    }
    if let ranks = try row.optionalNode("ranks") {
      let values = try ranks.elements().map { $0.isNull ? nil : try $0.double() }
      guard values.count == texts.count else {
        throw row.fault(
          "ranks",
          .notAllowed(
            found: "a list of \(values.count)", expected: "a list of \(texts.count), one per response"))
      }
      let distinct = Set(values.compactMap { $0 }).sorted()
      if distinct.isEmpty { return nil }
      // Where nothing is left out and all but the last rank stand alone, those last are below the rest, not tied.
      return try Vote(
        placed: distinct.map { rank in values.indices.filter { values[$0] == rank } }, shown: texts.count)
    }
    if let choice = try row.optionalNode("choice") {
      if case .string(let word) = choice.value, word.lowercased() == "tie", !texts.contains(word) {
        guard texts.count == 2 else { throw VoteFault.tieOfMany(texts.count) }
        return .tie
      }
      return try .best(try place(choice), of: texts.count)
    }
    if try row.optionalNode("chosen") != nil {
      guard try row.optionalNode("responses") != nil else { return try .best(0, of: 2) }
      return try .best(try place(row.node("chosen")), of: texts.count)
    }
    throw row.fault(
      .notAllowed(
        found: "no answer", expected: "one of 'choice', 'ranking', 'ranks', 'chosen' with 'rejected'"))
  }

  private mutating func read(features row: JSONNode, _ menu: Int, _ places: [Int]) throws {
    while self.features.count <= menu { self.features.append([:]) }
    guard let rows = try row.optionalArray("features") else { return }
    guard rows.count == places.count else {
      throw row.fault(
        "features",
        .notAllowed(found: "a list of \(rows.count)", expected: "a list of \(places.count), one per response")
      )
    }
    for (place, node) in zip(places, rows) {
      let values = try node.doubles().map(Float.init)
      if let width, values.count != width {
        throw node.fault(
          .notAllowed(found: "\(values.count) numbers", expected: "\(width), as in \(firstLine)"))
      }
      if let bad = values.firstIndex(where: { !$0.isFinite }) {
        throw VoteFault.notFinite(what: "a feature", at: "number \(bad + 1)")
      }
      if width == nil { (width, firstLine) = (values.count, "\(row.place)") }
      if let known = self.features[menu][place], known != values {
        throw row.fault(
          "features",
          .notAllowed(
            found: "other numbers than an earlier line has", expected: "the same for the same response"))
      }
      self.features[menu][place] = values
    }
  }

  /// The features of all rows; nil where none are given. Throws where some are missing.
  func matrix(_ panel: VotePanel) throws -> FeatureMatrix? {
    guard let width else { return nil }
    var dense: [Float] = []
    for (menu, known) in zip(panel.menus, features) {
      for place in menu.responses.indices {
        guard let values = known[place] else {
          throw VotesFault(
            place: "a response to '\(menu.prompt.text.prefix(40))'",
            fault: .noFeatures)
        }
        dense += values
      }
    }
    return FeatureMatrix(count: panel.rowCount, denseWidth: width, dense: dense)
  }
}
