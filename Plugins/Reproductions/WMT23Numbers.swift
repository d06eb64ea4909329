import BenchmarkPlugins
import Hustings
import HustingsMetrics
import HustingsStatistics

extension Reproductions {
  /// WMT23 side by side: penalties of ten systems by three raters a segment, their agreement, and one rater picking for the
  /// others.
  static let wmt23 = Reproduction(
    folder: "wmt23_sxs_ende", tolerance: .init(absolute: 1e-10, relative: 1e-12)
  ) { folder in
    let segments = try Rehearsal(WMT23.plugin, folder: folder).examples.map { Segment($0.key) }
    let raters = Set(segments.flatMap(\.penalties.keys)).sorted()
    let systems = Set(segments.flatMap(\.systems)).sorted()
    var perItem: [String: Int] = [:]
    var bySystem: [String: [Double]] = [:]
    var units: [[Double]] = []
    for segment in segments {
      for (place, system) in segment.systems.enumerated() {
        let unit = raters.compactMap { segment.penalties[$0]?[place] }
        perItem["\(unit.count)", default: 0] += 1
        units.append(unit)
        bySystem[system, default: []] += unit
      }
    }
    let means = segments.map(\.mean)
    return .object([
      "rows": .count(units.reduce(0) { $0 + $1.count }), "segments": .count(segments.count),
      "systems": .count(systems.count), "raters": .list(raters.map { .text($0) }),
      "ratings_per_item": .object(perItem.mapValues { .count($0) }),
      "system_mean_penalty_lower_is_better": .object(
        bySystem.mapValues { .maybe(Descriptive.mean($0)) }),
      "krippendorff_interval": .maybe(KrippendorffAlpha.interval.value(units)),
      "implied_pairwise": votes(segments),
      "rater_vs_other_two": .object(
        Dictionary(uniqueKeysWithValues: raters.map { ($0, agreement(of: $0, segments)) })),
      "best_of_10": .object([
        "random_pick_mean_penalty": .maybe(Descriptive.mean(means.compactMap(Descriptive.mean))),
        "oracle_mean_penalty": .maybe(Descriptive.mean(means.compactMap { $0.min() })),
      ]),
    ])
  }

  /// The penalties of one segment, by rater, over its systems in order.
  private struct Segment {
    let systems: [String]
    let penalties: [String: [Double]]

    init(_ key: AnswerKey) {
      let order = key.names.indices.sorted { key.names[$0] < key.names[$1] }
      systems = order.map { key.names[$0] }
      penalties = key.raters.compactMapValues { tournament in
        let values = order.compactMap { tournament.rewards?[key.candidates[$0]].map { 0 - $0 } }
        return values.count == order.count ? values : nil
      }
    }

    /// The mean penalty of each system over the raters, or over those but one.
    func mean(without rater: String?) -> [Double] {
      let kept = penalties.keys.sorted().filter { $0 != rater }.compactMap { penalties[$0] }
      return systems.indices.map { place in WMT23.tidy(Descriptive.mean(kept.map { $0[place] }) ?? 0) }
    }

    var mean: [Double] { mean(without: nil) }
  }

  private static func votes(_ segments: [Segment]) -> Figures {
    var items: [[String]] = []
    for segment in segments {
      let raters = segment.penalties.keys.sorted().compactMap { segment.penalties[$0] }
      for i in segment.systems.indices {
        for j in segment.systems.indices where j > i {
          items.append(raters.map { $0[i] < $0[j] ? "a" : $0[i] > $0[j] ? "b" : "t" })
        }
      }
    }
    let counts = items.joined().reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    return .object([
      "n_pairs": .count(items.count), "fleiss": fleiss(items),
      "krippendorff_nominal": .maybe(KrippendorffAlpha.nominal(items)),
      "counts": .object(counts.mapValues { .count($0) }),
      "unanimous": .count(items.count { Set($0).count == 1 }),
    ])
  }

  /// One rater picks the best of ten, and the other two say what that was worth; ties at the top are averaged.
  private static func agreement(of rater: String, _ segments: [Segment]) -> Figures {
    var taus: [Double] = []
    var values: [Double] = []
    for segment in segments {
      guard let mine = segment.penalties[rater], let best = mine.min() else { continue }
      let others = segment.mean(without: rater)
      if let tau = Correlation.kendall.value(mine, others) { taus.append(tau) }
      let picked = mine.indices.filter { mine[$0] == best }.map { others[$0] }
      if let value = Descriptive.mean(picked) { values.append(value) }
    }
    return .object([
      "segments": .count(values.count), "segments_defined": .count(taus.count),
      "mean_kendall_tau_b": .maybe(Descriptive.mean(taus)),
      "best_of_10_mean_penalty_by_others": .maybe(Descriptive.mean(values)),
    ])
  }
}
