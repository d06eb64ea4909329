import HustingsData
public import HustingsMetrics

/// Files of judgments of pairs with their texts: AlpacaEval's `annotations.json`, its people's votes, and rows with several
/// judgments each.
public enum JudgedPairFile {
  /// The judgments of a file, by the judge's name; nil where the file names none.
  ///
  /// A row has `instruction`, perhaps `input`, `output_1`, `output_2`, and `preference` or a list `preferences` on AlpacaEval's
  /// scale; perhaps `annotator`, `generator_2`, and what the judgments cost and took (`price_per_example` and
  /// `time_per_example`, or lists `usd` and `sec`).
  public static func read(_ path: String) throws -> [(judge: String?, pairs: [JudgedPair])] {
    var order: [String?] = []
    var pairs: [String?: [JudgedPair]] = [:]
    try RowFile.rows(path) { row in
      let judge = try row.optionalString("annotator")
      if pairs[judge] == nil { order.append(judge) }
      pairs[judge, default: []].append(try pair(row, judge: judge))
    }
    return order.map { ($0, pairs[$0] ?? []) }
  }

  private static func pair(_ row: JSONNode, judge: String?) throws -> JudgedPair {
    let prompt = try row.string("instruction")
    let input = try row.optionalString("input") ?? ""
    let codes: [Double?]
    if let list = try row.optionalArray("preferences") {
      codes = try list.map { try code($0) }
    } else {
      codes = [try row.optionalNode("preference").flatMap { try code($0) }]
    }
    func numbers(_ list: String, _ single: String) throws -> [Double] {
      if let many = try row.optionalArray(list) { return try many.map { try $0.double() } }
      let one = try row.optionalNode(single) ?? row.optionalNode("preference_\(single)")
      return try one.map { [try $0.double()] } ?? []
    }
    // Upstream swaps by a coin that is a function of the prompt, for annotators that randomise the order.
    let annotator = judge.flatMap(AlpacaAnnotator.named)
    return JudgedPair(
      question: .init(
        prompt: input.isEmpty ? prompt : "\(prompt)\n\n\(input)", first: try row.string("output_1"),
        second: try row.string("output_2")), author: try row.optionalString("generator_2"),
      preferences: codes.map { AlpacaPreference.probability(code: $0) },
      dollars: try numbers("usd", "price_per_example"), seconds: try numbers("sec", "time_per_example"),
      isSwapped: annotator.map { $0.randomisesOrder && AlpacaSeeding.isSwapped(prompt: prompt) })
  }

  private static func code(_ node: JSONNode) throws -> Double? {
    if node.isNull { return nil }
    if case .nonFinite = node.value { return nil }
    return try node.double()
  }
}
