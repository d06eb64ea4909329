/// Where in a file something was found: the file, and, as far as they are known, the line and the column.
public struct Place: Sendable, Hashable, CustomStringConvertible {
  /// The file as the caller named it.
  public let file: String
  /// The line, counted from 1; nil when the fact concerns the whole file.
  public let line: Int?
  /// The column in Unicode scalars, counted from 1; nil when only the line is known.
  public let column: Int?

  /// A place in `file`.
  public init(file: String, line: Int? = nil, column: Int? = nil) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file`, `file:line` or `file:line:column`, the form editors and terminals make clickable.
  public var description: String {
    var text = file
    if let line { text += ":\(line)" }
    if line != nil, let column { text += ":\(column)" }
    return text
  }
}
