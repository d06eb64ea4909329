import Foundation
public import Hustings
import HustingsData
public import HustingsTraining

/// Policies on disk: a folder with `card.json`, what each policy answers in `table.jsonl`, and, where they have any, their
/// parameters in `weights.safetensors`.
///
/// The table has a line per prompt: `prompt`, `responses`, the log-probabilities `reference` gives them, and `policies`, a list of
/// log-probabilities per policy; null for a probability of 0. It needs no code of ours to read.
public struct PolicyFolder: Sendable {
  /// What a folder says of itself.
  public struct Card: Sendable, Hashable, Codable {
    /// The format of the folder.
    public var format: Int
    /// Which command made it.
    public var recipe: String
    /// The policies' names, in order.
    public var policies: [String]
    /// The share of annotators, or the weight in a mixture, that belongs to each policy.
    public var shares: [Double]
    /// The temperature at which log-ratios to the reference are rewards.
    public var beta: Double
    /// Which kind of policy: table, linear, neural, mixture.
    public var family: String
    /// The encoder whose features it reads, as written on the command line; nil without one.
    public var encoder: String?
    /// The digest of the data it was made from.
    public var data: String
    /// The digest of the table.
    public var table: String
    /// The digest of the parameters' file; nil where there is none.
    public var weights: String?
    /// Numbers about the fit, by name.
    public var numbers: [String: Double]
    /// Settings, by name.
    public var settings: [String: String]

    /// A card.
    public init(
      recipe: String, policies: [String], shares: [Double], beta: Double, family: String,
      encoder: String? = nil,
      data: String, numbers: [String: Double] = [:], settings: [String: String] = [:]
    ) {
      format = Card.current
      self.recipe = recipe
      self.policies = policies
      self.shares = shares
      self.beta = beta
      self.family = family
      self.encoder = encoder
      self.data = data
      table = ""
      self.numbers = numbers
      self.settings = settings
    }

    /// The newest format.
    public static let current = 1
  }

  /// What it says of itself.
  public let card: Card
  /// The frozen policy that the others are measured from.
  public let reference: PolicyTable
  /// The policies.
  public let policies: [PolicyTable]

  /// Policies to be written.
  public init(card: Card, reference: PolicyTable, policies: [PolicyTable]) {
    precondition(
      card.policies.count == policies.count && card.shares.count == policies.count,
      "a card of \(card.policies.count) for \(policies.count) policies")
    self.card = card
    self.reference = reference
    self.policies = policies
  }

  /// Reads a folder, or one policy of it as `FOLDER#N`.
  public init(_ name: String) throws {
    let mark = name.lastIndex(of: "#")
    let folder = mark.map { String(name[..<$0]) } ?? name
    let whole = try PolicyFolder(whole: folder)
    guard let mark else {
      self = whole
      return
    }
    let text = String(name[name.index(after: mark)...])
    guard let place = Int(text) ?? whole.card.policies.firstIndex(of: text),
      whole.policies.indices.contains(place)
    else {
      throw PolicyFault.noSuchPolicy(text, folder: folder, known: whole.card.policies)
    }
    var card = whole.card
    card.policies = [card.policies[place]]
    card.shares = [1]
    self.init(card: card, reference: whole.reference, policies: [whole.policies[place]])
  }

  private init(whole folder: String) throws {
    let cardPath = "\(folder)/card.json"
    guard FileManager.default.fileExists(atPath: cardPath) else { throw PolicyFault.noFolder(folder) }
    let bytes = Data(try FileBytes(binary: cardPath).bytes)
    guard let card = try? JSONDecoder().decode(Card.self, from: bytes) else {
      throw PolicyFault.noPolicies(folder)
    }
    guard card.format <= Card.current else { throw PolicyFault.newer(folder, format: card.format) }
    let path = "\(folder)/table.jsonl"
    let digest = PolicyFolder.digest(try FileBytes(binary: path).bytes)
    guard digest == card.table else { throw PolicyFault.changed(path) }
    if let weights = card.weights {
      let path = "\(folder)/\(PolicyFolder.weightsFile)"
      let found = PolicyFolder.digest(try FileBytes(binary: path).bytes)
      guard found == weights else { throw PolicyFault.changed(path) }
    }
    var menus: [VotePanel.Menu] = []
    var logs: [[Double]] = card.policies.map { _ in [] }
    var base: [Double] = []
    var lines = try JSONLines(path)
    while let row = try lines.next() {
      let responses = try row.strings("responses")
      let start = menus.last?.rows.upperBound ?? 0
      menus.append(
        VotePanel.Menu(
          prompt: try PolicyFolder.prompt(row.node("prompt")), responses: responses.map { Response($0) },
          rows: start..<start + responses.count))
      func numbers(_ node: JSONNode) throws -> [Double] {
        let values = try node.elements().map { $0.isNull ? -Double.infinity : try $0.double() }
        guard values.count == responses.count else {
          throw node.fault(
            .notAllowed(found: "a list of \(values.count)", expected: "one of \(responses.count)"))
        }
        return values
      }
      base += try numbers(row.node("reference"))
      let lists = try row.array("policies")
      guard lists.count == logs.count else {
        throw row.fault(
          "policies", .notAllowed(found: "\(lists.count) lists", expected: "\(logs.count), as card.json says")
        )
      }
      for (place, list) in lists.enumerated() { logs[place] += try numbers(list) }
    }
    self.card = card
    reference = try PolicyTable(name: "reference", menus: menus, logProbabilities: base)
    policies = try zip(card.policies, logs).map {
      try PolicyTable(name: $0, menus: menus, logProbabilities: $1)
    }
  }

  private static func prompt(_ node: JSONNode) throws -> Prompt {
    guard case .array = node.value else { return Prompt(try node.string()) }
    return Prompt(
      try node.elements().map { Message(Role(try $0.string("role")), try $0.string("content")) })
  }

  private static func digest(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.finalize().hex
  }

  private static let weightsFile = "weights.safetensors"

  /// Makes the folder where there is none; throws where policies cannot be written to, so that it can be known before anything is
  /// trained.
  ///
  /// - Parameter source: a folder that the policies are made from, which they must not replace.
  public static func prepare(_ folder: String, from source: String? = nil) throws {
    if let source {
      let origin = source.lastIndex(of: "#").map { String(source[..<$0]) } ?? source
      let paths = [folder, origin].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
      guard paths[0] != paths[1] else { throw PolicyFault.sameFolder(folder) }
    }
    let cardPath = "\(folder)/card.json"
    if FileManager.default.fileExists(atPath: cardPath) {
      let bytes = Data(try FileBytes(binary: cardPath).bytes)
      guard (try? JSONDecoder().decode(Card.self, from: bytes)) != nil else {
        throw PolicyFault.foreign(folder)
      }
    }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw DataError.unwritable(file: folder, reason: "the folder cannot be made")
    }
  }

  /// Writes the folder in place of policies that were there; `tensors` are parameters, by name. The card goes first and comes last,
  /// so that what was cut off is no folder of policies.
  public func write(to folder: String, tensors: [NamedTensor] = []) throws {
    for tensor in tensors where !tensor.values.allSatisfy(\.isFinite) {
      throw VoteFault.notFinite(what: "a parameter", at: tensor.name)
    }
    try PolicyFolder.prepare(folder)
    for name in ["card.json", PolicyFolder.weightsFile, "annotators.csv", "trace.csv"] {
      let path = "\(folder)/\(name)"
      if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }
    var lines: [UInt8] = []
    for menu in reference.menus {
      func list(_ policy: PolicyTable) -> JSONValue {
        .array(policy.logProbabilities[menu.rows].map { $0 > -.infinity ? .double($0) : .null })
      }
      let prompt: JSONValue =
        menu.prompt.messages.count == 1 && menu.prompt.messages[0].role == .user
        ? .string(menu.prompt.text)
        : .array(
          menu.prompt.messages.map { ["role": .string($0.role.name), "content": .string($0.content)] })
      let line: JSONValue = [
        "prompt": prompt, "responses": .array(menu.responses.map { .string($0.text) }),
        "reference": list(reference), "policies": .array(policies.map(list)),
      ]
      lines += try line.encoded() + [UInt8(ascii: "\n")]
    }
    var card = card
    card.table = PolicyFolder.digest(lines)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(lines, to: "\(folder)/table.jsonl")
    card.weights = nil
    if !tensors.isEmpty {
      let path = "\(folder)/\(PolicyFolder.weightsFile)"
      try SafetensorsFile.write(
        tensors.map { tensor in
          StoredTensor(name: tensor.name, shape: tensor.shape, floats: tensor.values)
        }, to: path)
      card.weights = PolicyFolder.digest(try FileBytes(binary: path).bytes)
    }
    try AtomicFile.write([UInt8](try encoder.encode(card)) + [UInt8(ascii: "\n")], to: "\(folder)/card.json")
  }
}

/// What can be wrong with a folder of policies.
public enum PolicyFault: Error, Hashable, Sendable, CustomStringConvertible {
  case noFolder(String)
  case noPolicies(String)
  case newer(String, format: Int)
  case changed(String)
  case sameFolder(String)
  case foreign(String)
  case noSuchPolicy(String, folder: String, known: [String])

  /// The sentence.
  public var description: String {
    switch self {
    case .noFolder(let folder):
      "There are no policies in '\(folder)': it has no card.json. Train some, as with `hustings train em-dpo --out \(folder)`."
    case .noPolicies(let folder):
      "\(folder)/card.json is no card of policies; name a folder that `hustings train em-dpo`, `minmax` or `gpo` wrote."
    case .newer(let folder, let format):
      "\(folder) has format \(format) and this version reads up to \(PolicyFolder.Card.current); update Hustings."
    case .changed(let path):
      "\(path) is not the file that card.json was written for; train the policies again."
    case .sameFolder(let folder):
      "\(folder) holds the policies that are read, which --out would replace. Name another folder."
    case .foreign(let folder):
      "\(folder)/card.json is no card of policies, and --out would replace it. Remove it, or name another folder."
    case .noSuchPolicy(let text, let folder, let known):
      "\(folder) has no policy '\(text)'; it has \(known.enumerated().map { "#\($0) (\($1))" }.joined(separator: ", "))."
    }
  }
}
