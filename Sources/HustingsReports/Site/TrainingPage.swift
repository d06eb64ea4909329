import Hustings
import HustingsStore

/// The learning curves of trained models.
enum TrainingPage {
  static func body(_ site: Site) -> [HTML] {
    var body: [HTML] = [
      .element("h1", [], [.text("Training")]),
      .p([.text("How metrics moved while models were trained, step by step.")]),
    ]
    let groups = Dictionary(grouping: site.curves, by: \.checkpoint)
    for checkpoint in groups.keys.sorted() {
      let card = site.cards.first { $0.fingerprint == checkpoint }
      body.append(
        .section(
          card?.name ?? "checkpoint \(checkpoint.short)", id: checkpoint.short,
          (card.map { [.p([.link($0.path, "The model \($0.name)")])] } ?? [])
            + figures(groups[checkpoint] ?? [])))
    }
    return body
  }

  /// One plot per family of metrics: `train.loss` and `test.loss` share one, since they share a scale.
  static func figures(_ points: [CurvePoint]) -> [HTML] {
    let families = Dictionary(grouping: points) { family(of: $0.metric) }
    return families.keys.sorted().compactMap { family -> HTML? in
      let metrics = Dictionary(grouping: families[family] ?? [], by: \.metric)
      let series = metrics.keys.sorted().compactMap { metric -> CurvePlot.Series? in
        let known = (metrics[metric] ?? []).sorted { $0.step < $1.step }.compactMap { point in
          point.value.map { CurvePlot.Point(x: Double(point.step), y: $0) }
        }
        return known.isEmpty ? nil : CurvePlot.Series(metric, thinned(known))
      }
      guard !series.isEmpty else { return nil }
      let ends = series.map { line in
        "\(line.name) ends at \(line.points.last.map { Format.decimal($0.y, 4) } ?? "–")"
      }
      return CurvePlot(series).figure(
        title: "\(family), step by step.", summary: ends.joined(separator: "; ") + ".", across: "step",
        up: family
      ).html
    }
  }

  private static func family(of metric: String) -> String {
    let parts = metric.split { "./ ".contains($0) }
    return parts.last.map(String.init) ?? metric
  }

  /// At most 400 points, the first and the last among them: more cannot be told apart on a screen.
  private static func thinned(_ points: [CurvePlot.Point]) -> [CurvePlot.Point] {
    guard points.count > 400 else { return points }
    return (0..<400).map { points[$0 * (points.count - 1) / 399] }
  }
}
