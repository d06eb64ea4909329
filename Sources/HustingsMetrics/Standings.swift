import Hustings

extension Tournament {
  /// One number per place by which the places can be put in order: rewards, else wins against the others with half a
  /// win for a tie (Copeland); nil when a reward or a margin among them is missing.
  func standings(of places: [Int]) -> [Double]? {
    if let rewards {
      let known = places.compactMap { rewards[$0] }
      return known.count == places.count ? known : nil
    }
    var wins = [Double](repeating: 0, count: places.count)
    for i in places.indices {
      for j in places.indices where i < j {
        if places[i] == places[j] {
          wins[i] += 0.5
          wins[j] += 0.5
          continue
        }
        guard let margin = margin(places[i], places[j]) else { return nil }
        wins[i] += margin > 0 ? 1 : margin == 0 ? 0.5 : 0
        wins[j] += margin < 0 ? 1 : margin == 0 ? 0.5 : 0
      }
    }
    return wins
  }

  /// The positions in `places` that are at least as good as every other: those with the highest standing, or, where not
  /// every pair was asked, those that were asked against all others and lost to none.
  func top(of places: [Int]) -> [Int] {
    if let standings = standings(of: places), let best = standings.max() {
      return places.indices.filter { standings[$0] == best }
    }
    guard rewards == nil else { return [] }
    return places.indices.filter { i in
      places.allSatisfy { $0 == places[i] || (margin(places[i], $0) ?? -1) >= 0 }
    }
  }

  /// Why a standing among `places` is missing.
  func absence(among places: [Int]) -> Absence {
    for i in places {
      for j in places where i != j {
        if let absence = absence(i, j) { return absence }
      }
    }
    return Absence(.error, "not every pair was asked")
  }
}
