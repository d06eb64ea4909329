import Foundation
import Hustings
import HustingsMetrics
import Yams

/// What is wrong with the file of a contract: one sentence with its place.
public struct ContractError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  init(_ file: String, _ line: Int?, _ sentence: String) {
    description = "\(file)\(line.map { ":\($0)" } ?? "") \(sentence)"
  }
}

extension Contract {
  /// Reads a contract from YAML. Nothing is guessed: an unknown key is an error, and so is a clause without a margin.
  ///
  /// - Parameter file: what to call the text in messages.
  public init(yaml text: String, file: String) throws {
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw ContractError(file, error.line, "is no YAML: \(error.sentence). Correct that line.")
    }
    guard let root else {
      throw ContractError(file, nil, "is empty. A contract needs at least one clause with a margin.")
    }
    let reader = ContractReader(file: file)
    let fields = try reader.fields(
      root, of: "a contract",
      allowed: [
        "version", "owner", "expires", "mode", "alpha", "power", "looks", "certificate", "coverage",
        "clauses",
      ])
    guard let list = fields["clauses"] else {
      throw ContractError(file, nil, "has no clauses. List at least one, with a benchmark and a margin.")
    }
    guard let nodes = list.sequence, !nodes.isEmpty else {
      throw ContractError(file, reader.line(list), "has no list of clauses there. Write one clause a dash.")
    }
    let alpha = try reader.share(fields["alpha"], "alpha") ?? 0.05
    let coverage = try reader.share(fields["coverage"], "coverage") ?? 1
    let clauses = try nodes.map { try reader.clause($0, alpha: alpha, coverage: coverage) }
    var names: [String: Int] = [:]
    for clause in clauses {
      if let first = names.updateValue(clause.line, forKey: clause.name) {
        throw ContractError(
          file, clause.line, "repeats the clause '\(clause.name)' of line \(first). Keep one of the two.")
      }
    }
    let expires = try reader.text(fields["expires"], "expires")
    if let expires, (try? Date("\(expires)T00:00:00Z", strategy: .iso8601)) == nil || expires.count != 10 {
      throw ContractError(
        file, fields["expires"].flatMap(reader.line), "has '\(expires)' for a day. Write it as 2027-06-30.")
    }
    self.init(
      version: try reader.count(fields["version"], "version") ?? 1,
      owner: try reader.text(fields["owner"], "owner"),
      expires: expires, mode: try reader.word(fields["mode"], "mode") ?? .allMustPass,
      power: try reader.share(fields["power"], "power") ?? 0.8,
      looks: try reader.count(fields["looks"], "looks") ?? 1,
      needsCertificate: try reader.word(fields["certificate"], "certificate") == CertificateRule.required,
      clauses: clauses, digest: SHA256.digest(text))
  }

  /// Whether a candidate has to have one.
  enum CertificateRule: String, CaseIterable {
    case required, optional
  }
}

/// Takes the nodes of a contract apart, with messages that name the line.
private struct ContractReader {
  let file: String

  func line(_ node: Node) -> Int? { node.mark?.line }

  func fields(_ node: Node, of what: String, allowed: [String]) throws -> [String: Node] {
    guard let mapping = node.mapping else {
      throw ContractError(
        file, line(node), "holds no \(what.dropFirst(2)) there. Write it as key: value lines.")
    }
    var fields: [String: Node] = [:]
    for (key, value) in mapping {
      guard let name = key.string, allowed.contains(name) else {
        throw ContractError(
          file, line(key),
          "has the key '\(key.string ?? "?")', which \(what) does not know. Known are \(allowed.joined(separator: ", "))."
        )
      }
      fields[name] = value
    }
    return fields
  }

  func text(_ node: Node?, _ key: String) throws -> String? {
    guard let node else { return nil }
    guard let text = node.scalar?.string, !text.isEmpty else { throw wrong(node, key, "a text") }
    return text
  }

  func number(_ node: Node?, _ key: String) throws -> Double? {
    guard let node else { return nil }
    guard let text = node.scalar?.string, let value = Double(text), value.isFinite else {
      throw wrong(node, key, "a number")
    }
    return value
  }

  func count(_ node: Node?, _ key: String) throws -> Int? {
    guard let node else { return nil }
    guard let text = node.scalar?.string, let value = Int(text), value >= 1 else {
      throw wrong(node, key, "a whole number from 1 on")
    }
    return value
  }

  func share(_ node: Node?, _ key: String) throws -> Double? {
    guard let value = try number(node, key) else { return nil }
    let isRight = key == "coverage" ? value > 0 && value <= 1 : value > 0 && value < 1
    guard isRight else { throw wrong(node, key, "a number between 0 and 1") }
    return value
  }

  func flag(_ node: Node?, _ key: String) throws -> Bool? {
    guard let node else { return nil }
    switch node.scalar?.string {
    case "true": return true
    case "false": return false
    default: throw wrong(node, key, "true or false")
    }
  }

  func word<Word: RawRepresentable<String> & CaseIterable>(_ node: Node?, _ key: String) throws -> Word? {
    guard let node else { return nil }
    guard let text = node.scalar?.string, let word = Word(rawValue: text) else {
      throw wrong(node, key, Word.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return word
  }

  private func wrong(_ node: Node?, _ key: String, _ expected: String) -> ContractError {
    let found = node?.scalar.map { "'\($0.string)'" } ?? "a list or a mapping"
    return ContractError(file, node.flatMap(line), "has \(found) for \(key). It takes \(expected).")
  }

  func clause(_ node: Node, alpha: Double, coverage: Double) throws -> Contract.Clause {
    let fields = try fields(
      node, of: "a clause",
      allowed: [
        "benchmark", "metric", "scale", "stratum", "direction", "margin", "test", "role", "cluster", "alpha",
        "coverage", "strict",
      ])
    let place = line(node)
    guard let benchmark = try text(fields["benchmark"], "benchmark") else {
      throw ContractError(file, place, "has a clause without a benchmark. Name one, such as judgebench.")
    }
    guard let margin = try number(fields["margin"], "margin"), margin > 0 else {
      throw ContractError(
        file, place, "has a clause without a margin above 0. Say how much may be lost, such as 0.02.")
    }
    let scale: RewardScale? = try word(fields["scale"], "scale")
    if scale != nil, fields["metric"] != nil {
      throw ContractError(file, place, "has a clause with both a metric and a scale. Make it two clauses.")
    }
    let direction: Contract.DirectionWord? = try word(fields["direction"], "direction")
    let metric = try text(fields["metric"], "metric")
    return Contract.Clause(
      benchmark: benchmark, subject: scale.map(Contract.Subject.scale) ?? .metric(metric),
      stratum: try text(fields["stratum"], "stratum"), direction: direction?.direction, margin: margin,
      test: try word(fields["test"], "test") ?? .nonInferiority,
      role: try word(fields["role"], "role") ?? .primary,
      cluster: try word(fields["cluster"], "cluster") ?? .prompt,
      alpha: try share(fields["alpha"], "alpha") ?? alpha,
      coverage: try share(fields["coverage"], "coverage") ?? coverage,
      isStrict: try flag(fields["strict"], "strict") ?? false, line: place ?? 0)
  }
}

extension Contract {
  /// How a contract spells a direction.
  enum DirectionWord: String, CaseIterable {
    case higher, lower

    var direction: Direction { self == .higher ? .higherIsBetter : .lowerIsBetter }
  }
}

extension YamlError {
  /// The line, from 1.
  fileprivate var line: Int? {
    switch self {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
    case .duplicatedKeysInMapping(_, let context): context.mark.line
    default: nil
    }
  }

  /// What is wrong, without a full stop.
  fileprivate var sentence: String {
    switch self {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _):
      problem
    case .duplicatedKeysInMapping: "a key stands twice"
    default: "it cannot be read"
    }
  }
}
