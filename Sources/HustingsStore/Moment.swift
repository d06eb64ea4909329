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

  /// What the style writes, by the C library, which takes less time: every kept reply has one.
  private static func digits(_ time: Double) -> String {
    let second = time.rounded(.down)
    let milliseconds = Int((time - second) * 1e9) / 1_000_000
    var (seconds, parts) = (time_t(second) + 978_307_200, tm())
    gmtime_r(&seconds, &parts)
    return String(unsafeUninitializedCapacity: 24) { text in
      func put(_ value: Int32, _ count: Int, at place: Int, before mark: Unicode.Scalar) {
        var value = value
        for digit in (place..<place + count).reversed() {
          text[digit] = UInt8(48 + value % 10)
          value /= 10
        }
        text[place + count] = UInt8(ascii: mark)
      }
      put(parts.tm_year + 1_900, 4, at: 0, before: "-")
      put(parts.tm_mon + 1, 2, at: 5, before: "-")
      put(parts.tm_mday, 2, at: 8, before: "T")
      put(parts.tm_hour, 2, at: 11, before: ":")
      put(parts.tm_min, 2, at: 14, before: ":")
      put(parts.tm_sec, 2, at: 17, before: ".")
      put(Int32(milliseconds), 3, at: 20, before: "Z")
      return 24
    }
  }
}
