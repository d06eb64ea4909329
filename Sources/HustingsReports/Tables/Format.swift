import Foundation

/// How numbers are written for people.
public enum Format {
  /// A number with a fixed number of decimals; a zero never has a sign.
  public static func decimal(_ value: Double, _ decimals: Int) -> String {
    // As String(format:), which takes five times as long; a double has at most 309 digits before its point.
    let text = String(unsafeUninitializedCapacity: 330 + decimals) { buffer in
      buffer.withMemoryRebound(to: CChar.self) { text in
        let count = withVaList([decimals, value]) { vsnprintf(text.baseAddress, text.count, "%.*f", $0) }
        return Int(count)
      }
    }
    return text.hasPrefix("-") && text.allSatisfy({ "-0.".contains($0) }) ? String(text.dropFirst()) : text
  }

  /// A number with its sign, whichever that is.
  public static func signed(_ value: Double, _ decimals: Int) -> String {
    let text = decimal(value, decimals)
    return text.hasPrefix("-") || text.allSatisfy({ "0.".contains($0) }) ? text : "+\(text)"
  }

  /// A share as a percentage without its sign: .5943 is 59.43.
  public static func percent(_ share: Double, _ decimals: Int = 2) -> String {
    decimal(100 * share, decimals)
  }

  /// A probability under the null hypothesis: three decimals, or `<.001`.
  public static func probability(_ p: Double) -> String {
    p < 0.001 ? "<.001" : p > 0.9995 ? "1.000" : String(decimal(p, 3).dropFirst())
  }

  /// A whole number with commas between thousands.
  public static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
      result.append(digit)
    }
    return value < 0 ? "-\(result)" : result
  }
}
