import EncoderPlugins
import Hustings
import HustingsNumerics
import HustingsReports
import HustingsTraining

extension Study {
  /// Zhang et al. 2024 (arXiv 2410.02197), section 4: K readings for K responses, or one for each ordered pair.
  static let queries = Study(
    name: "queries",
    summary: "what it costs to compare K responses with each other: readings and measured time"
  ) { settings in
    try await QueriesStudy(settings: settings).report()
  }
}

struct QueriesStudy {
  let settings: StudySettings
  var counts = [2, 4, 8, 16, 32, 64, 128, 256]

  func report() async throws -> StudyReport {
    let passages = self.passages(count: counts.max() ?? 2)
    let encoder = try HashedEncoder(HashedSettings(bits: 13), fittedOn: passages, workers: 1)
    let inputs = encoder.card.sparseWidth + encoder.card.denseWidth
    let models: [(name: String, network: PreferenceNetwork)] = try [
      ("bt", Head.bradleyTerry), ("gpm d=8", .general(GeneralSettings(dimension: 8))),
      ("pairpm", .pairwise(PairwiseSettings(order: .both))),
    ].map { name, head in
      let model = ModelSettings(head, hidden: [64])
      return (name, try PreferenceNetwork(model, inputs: inputs, seed: settings.seeds[0]))
    }
    var rows: [[Table.Cell]] = []
    for count in counts {
      settings.progress("comparing \(count) responses")
      let chosen = Array(passages.prefix(count))
      let encoding = time { _ = encoder.rows(of: chosen) }
      let features = encoder.rows(of: chosen)
      for (name, network) in models {
        let readings = network.kind == .pairwise ? count * (count - 1) : count
        let comparing = time { QueriesStudy.compareAll(network, features, count) }
        rows.append([
          .integer(count), .text(name), .integer(readings),
          .number(Double(readings) / Double(count), decimals: 1),
          .number(1e6 * encoding, decimals: 0), .number(1e6 * comparing, decimals: 0),
        ])
      }
    }
    return StudyReport(
      tables: [
        Table(
          title: "Comparing K responses to one prompt with each other, one thread",
          columns: [
            .init("K", field: "responses", isNumeric: true), .init("model"),
            .init("readings", isNumeric: true),
            .init("per response", isNumeric: true),
            .init("encoding, µs", field: "encoding_microseconds", isNumeric: true),
            .init("comparing, µs", field: "comparing_microseconds", isNumeric: true),
          ], rows: rows,
          notes: [
            "Median of 9 times after one that does not count, of untrained networks with 64 hidden units: time does not depend on weights.",
            "A reading is a pass of the body over a response, or for pairpm over an ordered pair. Encoding a text is counted once for every"
              + " model; a language model that reads pairs has to encode every one of them.",
          ])
      ])
  }

  /// Every margin between the first `count` rows: one reading per row where a head allows it, and one per ordered pair else.
  private static func compareAll(_ network: PreferenceNetwork, _ features: FeatureMatrix, _ count: Int) {
    if network.kind == .pairwise {
      let pairs = (0..<count).flatMap { i in (0..<count).filter { $0 != i }.map { RowPair(i, $0) } }
      _ = network.presentedMargins(pairs, features: features)
      return
    }
    guard let vectors = network.outputs(of: (0..<Int32(count)).map { $0 }, features: features) else { return }
    let width = vectors.columns
    var margins = [Float](repeating: 0, count: count * count)
    vectors.values.withUnsafeBufferPointer { v in
      for i in 0..<count {
        for j in 0..<count {
          let (a, b) = (i * width, j * width)
          var sum: Float = width == 1 ? v[a] - v[b] : 0
          for k in stride(from: 0, to: width - 1, by: 2) {
            sum += v[a + k] * v[b + k + 1] - v[a + k + 1] * v[b + k]
          }
          margins[i * count + j] = sum
        }
      }
    }
  }

  /// The median time of nine calls.
  private func time(_ body: () -> Void) -> Double {
    body()
    let times = (0..<9).map { _ in
      let began = settings.clock()
      body()
      return settings.clock() - began
    }
    return times.sorted()[times.count / 2]
  }

  private func passages(count: Int) -> [Passage] {
    let words = [
      "about", "answer", "because", "case", "every", "find", "good", "help", "item", "just", "know", "line",
    ]
    return (0..<count).map { index in
      var generator = CounterGenerator(seed: settings.seeds[0], identity: "response \(index)")
      let text = (0..<120).map { _ in words[generator.nextIndex(below: words.count)] }.joined(separator: " ")
      return Passage(Prompt("What would you say?"), Response("\(text) \(index)."))
    }
  }
}
