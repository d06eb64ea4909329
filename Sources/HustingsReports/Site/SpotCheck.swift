import Hustings

/// A recording held against the model itself: how many of the items that both answered earned the same.
struct SpotCheck: Sendable, Hashable {
  /// How many items the model itself answered, of those that its recording answers.
  let items: Int
  /// How many of them earned what the recording says.
  let alike: Int

  static func + (one: SpotCheck, other: SpotCheck) -> SpotCheck {
    SpotCheck(items: one.items + other.items, alike: one.alike + other.alike)
  }
}

extension Chapter {
  /// The spot check of a recorded model: by the entry of the same name that was asked here and shares most items with it.
  /// Nil for a model that was asked itself, and for one that nobody checked.
  func spotCheck(of place: Int) -> SpotCheck? {
    let card = entries[place].card
    guard !card.isNull, !card.readsTexts else { return nil }
    let checks = entries.indices.filter { other in
      entries[other].card.readsTexts && entries[other].card.name == card.name
    }.map { other in
      let both = zip(credits[place], credits[other]).filter { $0 != nil && $1 != nil }
      return SpotCheck(items: both.count, alike: both.count { $0 == $1 })
    }
    return checks.filter { $0.items > 0 }.max { $0.items < $1.items }
  }

  /// The badge of an entry.
  func badge(of fingerprint: Digest) -> Badge? {
    place(of: fingerprint).map { Badge(entries[$0].card, check: spotCheck(of: $0)) }
  }
}

extension Site {
  /// The badge of a model over all benchmarks.
  func badge(of card: ModelCard) -> Badge {
    let checks = chapters.compactMap { chapter in
      chapter.place(of: card.fingerprint).flatMap(chapter.spotCheck)
    }
    return Badge(card, check: checks.reduce(nil) { sum, check in sum.map { $0 + check } ?? check })
  }
}
