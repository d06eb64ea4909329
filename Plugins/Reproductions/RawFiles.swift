import HustingsData

extension Reproductions {
  /// How many rows of a JSON list have each value of `subset`.
  static func subsetCounts(_ file: String) throws -> Figures {
    var counts: [String: Int] = [:]
    for row in try JSONNode.read(file).elements() {
      if let subset = try row.optionalString("subset") { counts[subset, default: 0] += 1 }
    }
    return .object(counts.mapValues { .count($0) })
  }
}
