import Foundation
import Hustings

extension Baseline {
  /// What the first member of the file says.
  static let format = "hustings-baseline/1"

  /// The file: JSON, benchmarks by name and items by id, one item a line, so that a change of one answer is a change of one
  /// line.
  public func encoded() throws -> [UInt8] {
    var lines = ["{", "  \"format\": \(quoted(Baseline.format)),"]
    lines.append(
      "  \"model\": {\"name\": \(quoted(model.name)), \"kind\": \(quoted(model.kind.rawValue)), "
        + "\"revision\": \(quoted(model.revision)), \"fingerprint\": \(quoted(model.fingerprint.hex))},")
    if let contract {
      lines.append(
        "  \"contract\": {\"version\": \(contract.version), \"digest\": \(quoted(contract.digest.hex))},")
    }
    lines.append("  \"benchmarks\": [")
    for (place, part) in parts.enumerated() {
      lines += [
        "    {", "      \"name\": \(quoted(part.name)),", "      \"version\": \(quoted(part.version)),",
      ]
      lines.append("      \"identity\": \(quoted(part.identity.hex)),")
      lines.append("      \"run\": \(quoted(part.run.hex)),")
      lines.append("      \"seed\": \(part.seed),")
      lines.append("      \"items\": \(part.itemCount),")
      lines += standings(part.standings)
      lines.append("      \"answers\": {")
      let items = part.answers.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      lines += items.enumerated().map { index, item in
        "        \(quoted(item.key)): \(text(of: item.value))\(index + 1 < items.count ? "," : "")"
      }
      lines += ["      }", "    }\(place + 1 < parts.count ? "," : "")"]
    }
    lines.append(looks.isEmpty ? "  ],\n  \"looks\": []" : "  ],\n  \"looks\": [")
    lines += looks.enumerated().map { index, look in
      "    {\"clause\": \(quoted(look.clause)), \"baseline\": \(quoted(look.baseline.hex)), "
        + "\"candidate\": \(quoted(look.candidate.hex)), \"run\": \(quoted(look.run.hex)), "
        + "\"verdict\": \(quoted(look.verdict)), \"at\": \(quoted(look.at.formatted(.iso8601)))}"
        + (index + 1 < looks.count ? "," : "")
    }
    if !looks.isEmpty { lines.append("  ]") }
    lines.append("}")
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private func standings(_ standings: [Standing]) -> [String] {
    guard !standings.isEmpty else { return [] }
    let rows = standings.enumerated().map { index, standing in
      "        {\"model\": \(quoted(standing.model)), \"fingerprint\": \(quoted(standing.fingerprint.hex)), "
        + "\"value\": \(standing.value)}\(index + 1 < standings.count ? "," : "")"
    }
    return ["      \"standings\": ["] + rows + ["      ],"]
  }

  /// Rewards as a list, one per response; margins as `[first, second, log-odds]`. Where there is no number stands what kind of
  /// absence it is.
  private func text(of tournament: Tournament) -> String {
    if let rewards = tournament.rewards {
      let values = rewards.enumerated().map { index, reward in
        reward.map { "\($0)" } ?? quoted((tournament.absences[index]?.kind ?? .abstention).rawValue)
      }
      return "[" + values.joined(separator: ", ") + "]"
    }
    let kind = tournament.areVerdicts ? "verdicts" : tournament.isOrdered ? "orders" : "margins"
    let rows = tournament.matchups.map { matchup -> String in
      let judgment = tournament.judgment(matchup)
      let value =
        judgment?.logOdds.map { "\($0)" } ?? quoted((judgment?.absence?.kind ?? .abstention).rawValue)
      return "[\(matchup.first), \(matchup.second), \(value)]"
    }
    return "{\"responses\": \(tournament.count), \"\(kind)\": [" + rows.joined(separator: ", ") + "]}"
  }

  private func quoted(_ text: String) -> String {
    // A string can always be written.
    (try? JSONValue.string(text).text()) ?? "\"\""
  }
}
