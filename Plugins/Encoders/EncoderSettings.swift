import Hustings

extension SettingReader {
  /// The settings of an encoder or a step.
  init(kind: String, _ options: [String: String]) {
    self.init(options) { fault in
      switch fault {
      case .unknown(let name, let known): EncoderError.unknownSetting(kind: kind, name: name, known: known)
      case .bad(let name, let text, let expected):
        EncoderError.badSetting(kind: kind, name: name, text: text, expected: expected)
      }
    }
  }

  /// `yes` or `no`; nil when it is not given.
  mutating func flag(_ name: String) throws -> Bool? {
    guard let text = text(name) else { return nil }
    switch text {
    case "yes": return true
    case "no": return false
    default: throw bad(name, text, "yes or no")
    }
  }

  /// A range such as `3-5`; `no` counts as not given.
  mutating func range(_ name: String, in bounds: ClosedRange<Int>) throws -> ClosedRange<Int>? {
    guard let text = text(name), text != "no" else { return nil }
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high, bounds.contains(low),
      bounds.contains(high)
    else {
      throw bad(name, text, "a range such as 3-5, within \(bounds.lowerBound)-\(bounds.upperBound), or no")
    }
    return low...high
  }
}
