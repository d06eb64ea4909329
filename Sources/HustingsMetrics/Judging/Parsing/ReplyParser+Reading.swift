extension ReplyParser {
  /// What this parser finds.
  func read(_ input: Found) throws(ReplyFault) -> [Found] {
    switch self {
    case .patterns(let patterns): return try matches(of: patterns, in: input.text)
    case .twoScores: return [.value(.number(try twoScores(input.text)))]
    case .ranking(let model): return [.value(.number(try rank(of: model, in: input)))]
    case .json(let key): return try members(key, of: parsed(input))
    case .literal:
      guard let value = ReplyValue(pythonLiteral: try input.text) else {
        throw .unreadable(expected: "a Python literal")
      }
      if case .list(let elements) = value, try input.text.first(where: { !$0.isWhitespace }) == "[" {
        return elements.map(Found.value)
      }
      return [.value(value)]
    case .replaced(let table, let otherwise):
      let text = try input.text
      return [.value(table[text] ?? otherwise ?? .text(text))]
    case .logProbability(let rule): return try shares(rule, in: input)
    case .pipeline(let parsers):
      guard let first = parsers.first else { return [input] }
      let rest = ReplyParser.pipeline(Array(parsers.dropFirst()))
      var found: [Found] = []
      for element in try first.read(input) {
        // Upstream hands a lone list on as it is, so that a ranking sees the whole list.
        if parsers.count == 1 { found.append(element) } else { found += try rest.read(element) }
      }
      return found
    }
  }

  // MARK: Patterns

  private func matches(of patterns: [Pattern], in text: String) throws(ReplyFault) -> [Found] {
    guard !text.isEmpty else { throw .empty }
    var expressions: [(Regex<AnyRegexOutput>, Double)] = []
    for pattern in patterns {
      guard let expression = try? Regex(pattern.expression) else {
        throw .unreadable(expected: "searchable, as '\(pattern.expression)' is no regular expression")
      }
      // Code points are what Python matches.
      expressions.append((expression.matchingSemantics(.unicodeScalar), pattern.value))
    }
    var found: [Found] = []
    // Upstream cuts the text after each match, so that `^` matches there.
    var rest = text
    while true {
      var best: (range: Range<String.Index>, value: Double)?
      for (expression, value) in expressions {
        guard let range = (try? expression.firstMatch(in: rest))?.range else { continue }
        if best.map({ range.lowerBound < $0.range.lowerBound }) ?? true { best = (range, value) }
      }
      guard let best, !best.range.isEmpty else { return found }
      found.append(.value(.number(best.value)))
      rest = String(rest[best.range.upperBound...])
    }
  }

  // MARK: Scores and ranks

  private func twoScores(_ text: String) throws(ReplyFault) -> Double {
    guard !text.isEmpty else { throw .empty }
    guard let (first, second) = ScorePair(firstLineOf: text).map({ ($0.first, $0.second) }) else {
      throw .unreadable(expected: "two scores on the first line")
    }
    return first > second ? 1 : first < second ? 2 : 0
  }

  private func rank(of model: String, in input: Found) throws(ReplyFault) -> Double {
    let expected = "a list of models with their ranks"
    guard case .value(var value) = input else { throw .wrongKind(expected: "a text") }
    if case .text(let text) = value {
      guard !text.isEmpty else { throw .empty }
      guard let parsed = ReplyValue(pythonLiteral: text) else { throw .unreadable(expected: expected) }
      value = parsed
    }
    guard case .list(let entries) = value else { throw .unreadable(expected: expected) }
    for entry in entries {
      // As upstream, an entry without a model's name before the one looked for spoils the list.
      guard let name = entry["model"] else { throw .unreadable(expected: expected) }
      guard name == .text(model) else { continue }
      guard let rank = entry["rank"]?.number, rank == 1 || rank == 2 else {
        throw .notAPreference("the rank \(entry["rank"].map { "\($0)" } ?? "left out")")
      }
      return rank
    }
    throw .unreadable(expected: "a ranking of '\(model)'")
  }

  // MARK: JSON

  /// A JSON text, from its fence where it has one, or a value that was parsed before it came here.
  private func parsed(_ input: Found) throws(ReplyFault) -> ReplyValue {
    if case .value(let value) = input {
      if case .text = value {} else { return value }
    }
    let text = try input.text
    guard !text.isEmpty else { throw .empty }
    var body = text[...]
    if let fence = body.firstRange(of: "```json") {
      body = body[fence.upperBound...]
      guard let end = body.firstRange(of: "```") else {
        throw .unreadable(expected: "a closed ```json fence")
      }
      body = body[..<end.lowerBound]
    }
    guard let value = ReplyValue(json: String(body)) else { throw .unreadable(expected: "JSON") }
    return value
  }

  private func members(_ key: String?, of value: ReplyValue) throws(ReplyFault) -> [Found] {
    let entries: [ReplyValue]
    switch value {
    case .object: entries = [value]
    case .list(let elements): entries = elements
    default: throw .unreadable(expected: "a JSON object or array")
    }
    var found: [Found] = []
    for entry in entries {
      guard let key else {
        found.append(.value(entry))
        continue
      }
      guard let member = entry[key] else { throw .unreadable(expected: "JSON with the key '\(key)'") }
      found.append(.value(member))
    }
    return found
  }
}

extension Found {
  var text: String {
    get throws(ReplyFault) {
      switch self {
      case .value(.text(let text)): return text
      default: throw .wrongKind(expected: "a text")
      }
    }
  }
}
