import HustingsData
public import HustingsMetrics

/// The published leaderboards whose overall numbers can be recomputed, and the files they come in.
public enum PublishedFile {
  /// The definitions, by the name `--definition` takes. RewardBench 1 has its prior sets here, as published rows do.
  public static let definitions: [(name: String, definition: BoardDefinition)] = [
    ("rewardbench-1", RewardBench1.priorDefinition), ("rewardbench-2", RewardBench2.definition),
  ]

  /// Reads a CSV with a column `model`, perhaps `model_type` and `Score`, and one column per section; an empty field is a
  /// number that was not reported.
  public static func read(_ path: String, _ definition: BoardDefinition) throws -> PublishedTable {
    let table = try CSVTable.read(path)
    let columns = definition.sections.flatMap { [$0.name] + $0.aliases }.filter(table.has)
    guard !columns.isEmpty else {
      throw UnknownBoard(file: path, sections: definition.sections.map(\.name))
    }
    let records = try table.rows.map { row in
      var values: [String: Double] = [:]
      for column in columns { values[column] = try row.optionalDouble(column) }
      return (
        model: try row.string("model"),
        kind: table.has("model_type") ? try row.optionalString("model_type") : nil,
        published: table.has("Score") ? try row.optionalDouble("Score") : nil, values: values
      )
    }
    return PublishedTable(definition, records: records)
  }
}

/// A published table has none of the columns that its definition names.
public struct UnknownBoard: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// The columns it should have.
  public let sections: [String]

  /// One sentence: what, where, and the next move.
  public var description: String {
    "\(file) has no column of \(sections.joined(separator: ", ")). Check the header, or choose another --definition."
  }
}
