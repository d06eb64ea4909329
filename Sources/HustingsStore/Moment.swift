import Foundation

/// Points in time as the store writes them: ISO 8601 in UTC to the millisecond, which sort as texts.
enum Moment {
  private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

  /// Seconds of the years 1970 to 9999 after the beginning of 2001, in all of which a year has four digits.
  private static let usual = -978_307_200.0..<252_423_993_600

  static func text(_ date: Date) -> String {
    let time = date.timeIntervalSinceReferenceDate
    return usual.contains(time) ? digits(time) : date.formatted(style)
  }

  static func date(_ text: String, table: String) throws -> Date {
    do {
      return try style.parse(text)
    } catch {
      throw Unreadable(table: table, detail: "'\(text)' is no point in time")
    }
  }

  /// What the style writes, without a calendar: every kept reply has a time.
  private static func digits(_ time: Double) -> String {
    let second = time.rounded(.down)
    let milliseconds = Int((time - second) * 1e9) / 1_000_000
    let (day, rest) = (Int(second) + 978_307_200).quotientAndRemainder(dividingBy: 86_400)
    let (year, month, dayOfMonth) = civil(day)
    return String(unsafeUninitializedCapacity: 24) { text in
      func put(_ value: Int, _ count: Int, at place: Int, before mark: Unicode.Scalar) {
        var value = value
        for digit in (place..<place + count).reversed() {
          text[digit] = UInt8(48 + value % 10)
          value /= 10
        }
        text[place + count] = UInt8(ascii: mark)
      }
      put(year, 4, at: 0, before: "-")
      put(month, 2, at: 5, before: "-")
      put(dayOfMonth, 2, at: 8, before: "T")
      put(rest / 3_600, 2, at: 11, before: ":")
      put(rest / 60 % 60, 2, at: 14, before: ":")
      put(rest % 60, 2, at: 17, before: ".")
      put(milliseconds, 3, at: 20, before: "Z")
      return 24
    }
  }

  /// Year, month and day of a day after the first of January 1970 (Hinnant, "chrono-compatible low-level date algorithms",
  /// `civil_from_days`).
  private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = (day + 719_468).quotientAndRemainder(dividingBy: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (400 * era + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }
}
