import Foundation

/// The terminal: the one place that prints.
enum Terminal {
  /// Whether a person watches standard error.
  static let isWatched = isatty(2) != 0

  /// Writes a result to standard output.
  static func write(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  /// Writes a line of news to standard error.
  static func note(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }

  /// Writes a fault to standard error.
  static func complain(_ text: String) {
    note("hustings: \(text)")
  }

  /// Replaces the current line on a terminal; says nothing elsewhere.
  static func progress(_ text: String) {
    guard isWatched else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[2K\(text)".utf8))
  }

  /// Clears the current line on a terminal.
  static func endProgress() {
    guard isWatched else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8))
  }
}
