/// A published leaderboard, whose overall numbers are recomputed from its sections.
public struct PublishedTable: Sendable, Hashable {
  /// One row as published, and what its sections come to.
  public struct Row: Sendable, Hashable {
    /// The model's name; names need not be unique.
    public let model: String
    /// The kind of model, in the board's own words.
    public let kind: String?
    /// The overall number as published; nil where the board gives none.
    public let published: Double?
    /// The sections that count: present, and not a 0 that means missing.
    public let sections: [String: Double]
    /// The sections whose published 0 means that they were not run.
    public let zeroes: [String]
    /// The overall number from the sections; nil without any.
    public let recomputed: Double?

    /// Recomputed minus published; nil where either is missing.
    public var difference: Double? {
      guard let published, let recomputed else { return nil }
      return recomputed - published
    }
  }

  /// The rows, in the order of the file.
  public let rows: [Row]

  /// The table of some records, each with its values by column name.
  public init(
    _ definition: BoardDefinition,
    records: [(model: String, kind: String?, published: Double?, values: [String: Double])]
  ) {
    rows = records.map { record in
      var sections: [String: Double] = [:]
      var zeroes: [String] = []
      for section in definition.sections {
        let names = [section.name] + section.aliases
        guard let value = names.lazy.compactMap({ record.values[$0] }).first else { continue }
        if value == 0, section.zeroMeansMissing {
          zeroes.append(section.name)
        } else {
          sections[section.name] = value
        }
      }
      return Row(
        model: record.model, kind: record.kind, published: record.published, sections: sections,
        zeroes: zeroes,
        recomputed: definition.overall(ofSections: sections))
    }
  }
}
