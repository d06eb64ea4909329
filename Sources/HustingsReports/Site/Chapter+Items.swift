import Hustings

extension Chapter {
  /// The ordinals of a subset's items.
  func ordinals(of subset: String) -> [Int] { keys.indices.filter { keys[$0].subset == subset } }

  /// Whether its candidates are the same few systems in every item, under names that mean something: not numbers, letters or
  /// two sides of a pair.
  var isAmongSystems: Bool {
    let names = Set(keys.prefix(200).flatMap(\.names))
    return (3...40).contains(names.count) && names.contains { $0.count > 2 && Int($0) == nil }
      && keys.prefix(200).allSatisfy { $0.names.count > 2 }
  }

  /// The key as if it were a model's answers.
  var goldTrials: [Trial] { keys.map { Trial(key: $0, tournament: $0.gold) } }

  /// An item's texts, folded up; nothing where they are not kept.
  func texts(_ ordinal: Int, limit: Int) -> HTML {
    guard let slate = slate(ordinal) else { return .empty }
    let key = keys[ordinal]
    let names = (0..<slate.responses.count).map { response in
      key.candidates.firstIndex(of: response).map { key.names[$0] } ?? "response \(response + 1)"
    }
    var parts: [HTML] = [Chapter.quote("prompt", slate.prompt.text, limit: limit)]
    for (name, response) in zip(names, slate.responses) {
      parts.append(Chapter.quote(name, response.text, limit: limit))
    }
    return .details("texts", parts)
  }

  /// A text as it was written, cut where it is long; what it says is shown and never read as anything else.
  private static func quote(_ name: String, _ text: String, limit: Int) -> HTML {
    let isLong = text.utf8.count > limit
    let shown = isLong ? String(text.prefix(limit)) + " …" : text
    return .element(
      "figure", [.style("quote")],
      [
        .element("figcaption", [], [.name(name)]),
        .element("pre", [Attribute("dir", "auto")], [.text(shown)]),
      ])
  }
}
