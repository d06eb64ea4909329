/// Prefixes of paths such as `models / * / win_rate`, in which `*` stands for any key.
enum PathPrefix {
  /// The longest of the prefixes that fits the path.
  static func longest(_ prefixes: some Sequence<String>, of path: String) -> String? {
    prefixes.filter { fits($0, path) }.max { ($0.count, $1) < ($1.count, $0) }
  }

  /// Whether `path` begins with `prefix`; the last key of the prefix may be a part of one.
  static func fits(_ prefix: String, _ path: String) -> Bool {
    guard prefix.contains("*") else { return path.hasPrefix(prefix) }
    let wanted = keys(prefix)
    let given = keys(path)
    guard given.count >= wanted.count else { return false }
    return zip(wanted, given).enumerated().allSatisfy { place, pair in
      pair.0 == "*" || pair.0 == pair.1 || (place == wanted.count - 1 && pair.1.hasPrefix(pair.0))
    }
  }

  private static func keys(_ path: String) -> [Substring] {
    path.split(separator: " / ", omittingEmptySubsequences: false)
  }
}
