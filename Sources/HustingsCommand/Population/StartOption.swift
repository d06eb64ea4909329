import ArgumentParser
import Foundation
import HustingsData
import HustingsTraining

/// Where searches for types begin, as typed: `mixed`, `clusters`, `spectral`, `dirichlet`, `random` or `given:FILE`.
struct StartOption: ExpressibleByArgument {
  private enum Kind {
    case known(TypeSelection.Beginning)
    case file(String)
  }

  private let kind: Kind
  /// As typed.
  let name: String

  static let mixed = StartOption(kind: .known(.mixed), name: "mixed")

  private init(kind: Kind, name: String) { (self.kind, self.name) = (kind, name) }

  init?(argument: String) {
    name = argument
    switch argument {
    case "mixed": kind = .known(.mixed)
    case "clusters": kind = .known(.clusters)
    case "spectral": kind = .known(.spectral)
    case "dirichlet": kind = .known(.dirichlet)
    case "random": kind = .known(.random)
    default:
      guard argument.hasPrefix("given:"), argument.count > 6 else { return nil }
      kind = .file(String(argument.dropFirst(6)))
    }
  }

  var defaultValueDescription: String { name }

  /// How searches begin; reads the file of given types, a CSV with the columns `annotator` and `type`, types from 1.
  func beginning(_ panel: VotePanel, types: [Int]) throws -> TypeSelection.Beginning {
    guard case .file(let path) = kind else {
      if case .known(let beginning) = kind { return beginning }
      return .mixed
    }
    var types = types.filter { $0 > 1 }
    var given: [String: Int] = [:]
    for row in try CSVTable.read(path).rows {
      let type = try row.integer("type")
      guard type >= 1 else { throw row.fault(.notAnInteger(column: "type", text: "\(type)")) }
      given[try row.string("annotator")] = type
    }
    let most = given.values.max() ?? 0
    types = types.filter { $0 != most }
    guard types.isEmpty, most > 0 else {
      throw UsageError("\(path) gives \(most) types. Ask for as many, as with --types \(max(1, most)).")
    }
    if let stranger = panel.annotators.first(where: { given[$0] == nil }) {
      throw InvalidRequest(
        "\(path) gives annotator '\(stranger)' no type. Give every annotator of the votes one.")
    }
    return .given(
      panel.annotators.flatMap { name in (1...most).map { given[name] == $0 ? 1 : 0 } })
  }
}
