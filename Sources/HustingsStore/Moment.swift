import Foundation

/// Points in time as the store writes them: ISO 8601 in UTC to the millisecond, which sort as texts.
enum Moment {
  private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

  static func text(_ date: Date) -> String { date.formatted(style) }

  static func date(_ text: String, table: String) throws -> Date {
    do {
      return try style.parse(text)
    } catch {
      throw Unreadable(table: table, detail: "'\(text)' is no point in time")
    }
  }
}
