/// A table that can be printed in any format: what every report is made of.
public struct Table: Sendable, Hashable {
  /// One column.
  public struct Column: Sendable, Hashable {
    /// Its heading.
    public let heading: String
    /// The name of its field in machine-readable formats, in snake case.
    public let field: String
    /// Whether its cells are numbers, which stand to the right.
    public let isNumeric: Bool

    /// A column; the field is the heading in snake case unless given.
    public init(_ heading: String, field: String? = nil, isNumeric: Bool = false) {
      self.heading = heading
      self.field = field ?? Column.snakeCase(heading)
      self.isNumeric = isNumeric
    }

    private static func snakeCase(_ heading: String) -> String {
      heading.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
    }
  }

  /// One cell: what a person reads, and what a program does.
  public struct Cell: Sendable, Hashable {
    /// What a program reads.
    public enum Value: Sendable, Hashable {
      case text(String)
      case number(Double)
      case integer(Int)
      case list([Value])
      case missing
    }

    /// What a person reads.
    public let text: String
    /// What a program reads.
    public let value: Value

    /// A cell.
    public init(_ text: String, _ value: Value) {
      self.text = text
      self.value = value
    }

    /// A cell of text.
    public static func text(_ text: String) -> Cell { Cell(text, .text(text)) }
    /// A cell of a whole number, grouped by thousands.
    public static func integer(_ value: Int) -> Cell { Cell(Format.grouped(value), .integer(value)) }
    /// A cell of a number with a fixed number of decimals.
    public static func number(_ value: Double?, decimals: Int) -> Cell {
      guard let value, value.isFinite else { return .missing }
      return Cell(Format.decimal(value, decimals), .number(value))
    }
    /// A cell without a value.
    public static let missing = Cell("–", .missing)
  }

  /// What stands above the table.
  public let title: String?
  /// The columns.
  public let columns: [Column]
  /// The rows, each with one cell per column.
  public let rows: [[Cell]]
  /// Sentences that stand below the table.
  public let notes: [String]

  /// A table.
  public init(title: String? = nil, columns: [Column], rows: [[Cell]], notes: [String] = []) {
    for row in rows {
      precondition(row.count == columns.count, "\(row.count) cells, \(columns.count) columns")
    }
    self.title = title
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }
}
