public import Hustings
public import HustingsNumerics

/// A question to a model: two rows of responses and the row of their prompt.
public struct RowPair: Sendable, Hashable {
  /// The response presented first.
  public var first: Int32
  /// The response presented second.
  public var second: Int32
  /// The prompt.
  public var prompt: Int32

  /// A question; the prompt's row matters to gated models only.
  public init(_ first: Int, _ second: Int, prompt: Int = 0) {
    self.first = Int32(first)
    self.second = Int32(second)
    self.prompt = Int32(prompt)
  }

  /// The same two responses in the other order.
  public var swapped: RowPair {
    var pair = self
    swap(&pair.first, &pair.second)
    return pair
  }
}

extension PreferenceNetwork {
  private static let batch = 1024

  /// Log-odds that the response presented first is preferred, as presented: for a model that reads pairs, the other order
  /// may not give its negative.
  public func presentedMargins(
    _ pairs: [RowPair], features: FeatureMatrix, prompts: FeatureMatrix? = nil, workers: Int = 1
  ) -> [Double] {
    marginParts(pairs, features: features, prompts: prompts, withSkew: false, workers: workers).margins
  }

  /// Log-odds that `first` is preferred to `second`: a model that reads pairs is asked in both orders, and half the
  /// difference counts.
  public func margins(
    _ pairs: [RowPair], features: FeatureMatrix, prompts: FeatureMatrix? = nil, workers: Int = 1
  ) -> [Double] {
    let forward = presentedMargins(pairs, features: features, prompts: prompts, workers: workers)
    guard case .pairwise = settings.head else { return forward }
    let backward = presentedMargins(
      pairs.map(\.swapped), features: features, prompts: prompts, workers: workers)
    return zip(forward, backward).map { ($0 - $1) / 2 }
  }

  /// Margins in log-odds, as presented, with the part of each that the skew form gives, if that is wanted.
  func marginParts(
    _ pairs: [RowPair], features: FeatureMatrix, prompts: FeatureMatrix?, withSkew: Bool = true, workers: Int
  ) -> (margins: [Double], skew: [Double]) {
    guard let form = settings.head.form else {
      return (engineMargins(pairs, features, workers), [Double](repeating: 0, count: pairs.count))
    }
    // Every row is read once and in order, however many pairs it is in.
    let (rows, places) = PreferenceNetwork.rows(of: pairs, among: features.count)
    guard let outputs = outputs(of: rows, features: features, workers: workers) else { return ([], []) }
    var skew = [Double](repeating: 0, count: withSkew ? pairs.count : 0)
    let margins = [Double](unsafeUninitializedCapacity: pairs.count) { margins, initialised in
      skew.withUnsafeMutableBufferPointer { skew in
        nonisolated(unsafe) let (margins, skew) = (margins, skew)
        forEachBlock(of: pairs.count, size: 4096, workers: workers) { range in
          let scales = prompts.flatMap { planeScales(of: pairs[range].map(\.prompt), prompts: $0) }
          var (score, part) = (
            [Float](repeating: 0, count: range.count), [Float](repeating: 0, count: range.count)
          )
          form.margins(
            range.count, outputs: outputs.values, first: range.map { places[Int(pairs[$0].first)] },
            second: range.map { places[Int(pairs[$0].second)] }, scales: scales?.values, into: &score,
            skew: &part)
          for (i, pair) in range.enumerated() {
            margins[pair] = Double(score[i]) / temperature
            if withSkew { skew[pair] = Double(part[i]) / temperature }
          }
        }
      }
      initialised = pairs.count
    }
    return (margins, skew)
  }

  /// The rows that pairs name, in order, and the place of each of `count` rows among them.
  private static func rows(of pairs: [RowPair], among count: Int) -> (rows: [Int32], places: [Int32]) {
    var places = [Int32](repeating: 0, count: count)
    for pair in pairs {
      places[Int(pair.first)] = 1
      places[Int(pair.second)] = 1
    }
    var rows: [Int32] = []
    rows.reserveCapacity(count)
    for row in 0..<count where places[row] != 0 {
      places[row] = Int32(rows.count)
      rows.append(Int32(row))
    }
    return (rows, places)
  }

  /// Margins of a model that reads pairs or compares distributions, as presented.
  private func engineMargins(_ pairs: [RowPair], _ features: FeatureMatrix, _ workers: Int) -> [Double] {
    let engine = PairEngine(
      shape, PairLoss(temperature: temperature), features: features, prompts: nil,
      pairs: max(1, min(PreferenceNetwork.batch, pairs.count)), arithmetic: .fused, workers: workers)
    var margins: [Double] = []
    margins.reserveCapacity(pairs.count)
    for start in stride(from: 0, to: pairs.count, by: engine.pairs) {
      let part = pairs[start..<min(pairs.count, start + engine.pairs)]
      engine.score(
        first: part.map(\.first), second: part.map(\.second), prompts: part.map(\.prompt),
        parameters: parameters)
      for i in 0..<part.count { margins.append(Double(engine.scores[i]) / temperature) }
    }
    return margins
  }

  /// What the head makes of each row before any pair is formed: the reward alone for Bradley–Terry, vectors for a general
  /// preference model, both for the decomposed head, a distribution's numbers for a distributional one. Shape rows × outputs.
  ///
  /// One pass per row: pairs are scored from these without reading features again. Nil for a model that reads pairs.
  public func outputs(
    of rows: [Int32], features: FeatureMatrix, workers: Int = 1
  ) -> Matrix? {
    guard let width = settings.head.width else { return nil }
    var result = Matrix(rows: rows.count, columns: width)
    guard !rows.isEmpty else { return result }
    // Room for two rows per pair.
    let capacity = min(rows.count, 4 * PreferenceNetwork.batch)
    let stack = LayerStack(
      shape.rowLayers, denseInputs: features.denseWidth, capacity: capacity, arithmetic: .fused,
      workers: workers)
    parameters.withUnsafeBufferPointer { parameters in
      guard let parameters = parameters.baseAddress else { return }
      result.values.withUnsafeMutableBufferPointer { out in
        guard let out = out.baseAddress else { return }
        for start in stride(from: 0, to: rows.count, by: capacity) {
          let picks = Array(rows[start..<min(rows.count, start + capacity)])
          LayerInput.lending(features, picks, count: picks.count) {
            stack.forward($0, parameters: parameters)
          }
          (out + start * width).update(from: stack.result, count: picks.count * width)
        }
      }
    }
    return result
  }

  /// One reward per row, in log-odds; nil unless the head is Bradley–Terry's.
  public func rewards(of rows: [Int32], features: FeatureMatrix, workers: Int = 1) -> [Double]? {
    guard settings.head == .bradleyTerry else { return nil }
    return outputs(of: rows, features: features, workers: workers)?.values.map { Double($0) / temperature }
  }

  /// The distribution of each row's reward; nil unless the head gives one.
  public func distributions(
    of rows: [Int32], features: FeatureMatrix, workers: Int = 1
  ) -> [RewardDistribution]? {
    guard case .distributional(let settings) = settings.head,
      let outputs = outputs(of: rows, features: features, workers: workers)
    else { return nil }
    return rows.indices.map { row in
      RewardDistribution(settings, outputs: (0..<settings.width).map { Double(outputs[row, $0]) })
    }
  }

  /// Plane scales of each prompt row, λ to its power, shape rows × planes; nil without a gate.
  public func planeScales(of rows: [Int32], prompts: FeatureMatrix, workers: Int = 1) -> Matrix? {
    guard let gate = settings.head.gate, let weight = shape.gateWeight, let form = settings.head.form,
      !rows.isEmpty
    else { return nil }
    let pass = GatePass(
      gate, planes: form.planes, inputs: shape.promptInputs, weight: weight,
      denseInputs: prompts.denseWidth, capacity: rows.count, arithmetic: .fused, workers: workers)
    parameters.withUnsafeBufferPointer { parameters in
      guard let parameters = parameters.baseAddress else { return }
      LayerInput.lending(prompts, rows, count: rows.count) { pass.forward($0, parameters: parameters) }
    }
    return Matrix(rows: rows.count, columns: form.planes, values: pass.scales.values)
  }
}
