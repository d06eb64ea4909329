import HustingsNumerics

extension TypeSearch {
  /// What a type's maximisation found of its objective's curvature, for the next one to begin with: annotators change types
  /// little from one iteration to the next.
  struct Knowledge {
    /// What parameters are measured in, so that the curvature is about 1.
    var scale: Double
    var curvature: LBFGS.Curvature
  }

  /// The M-step: each type's policy, fitted to votes weighted by how likely their annotators are of the type.
  ///
  /// All types' solves go side by side, so that one reading of the data can serve every type that still seeks.
  func maximise(
    _ gamma: [Double], from old: [[Double]]?, _ ballots: Ballots, knowing known: inout [Knowledge?]
  ) -> [[Double]] {
    let types = settings.types
    let weights = ballots.sumsByPattern(gamma, width: types, workers: workers)
    let totals = (0..<types).map { type in
      sum((0..<panel.patterns.count).lazy.map { weights[$0 * types + type] })
    }
    var evaluator = Evaluator(self, weights, totals)
    let reference = family.reference(seed: settings.seed)
    // Nobody is of the others: their policies are the reference, which the prior alone would make of them.
    let sought = totals.indices.filter { totals[$0] > 1e-12 }
    let starts = sought.map { settings.restart == .previous ? old?[$0] ?? reference : reference }
    let there = evaluator.evaluate(starts, sought)
    let unknown = sought.indices.filter { known[sought[$0]] == nil }
    let probes = unknown.map { TypeSearch.probe(starts[$0], there[$0].gradient) }
    for (place, ahead) in zip(unknown, evaluator.evaluate(probes, unknown.map { sought[$0] })) {
      known[sought[place]] = Knowledge(
        scale: TypeSearch.scale(there[place].gradient, ahead: ahead.gradient), curvature: LBFGS.Curvature())
    }
    let scales = sought.map { known[$0]?.scale ?? 1 }
    var descents = sought.indices.map { place in
      let scale = scales[place]
      let solver = LBFGS(
        settings: LBFGSSettings(iterations: settings.steps, tolerance: settings.precision * scale),
        leastGain: settings.precision * settings.precision)
      var descent = LBFGS.Descent(
        solver, from: starts[place].map { $0 / scale },
        knowing: known[sought[place]]?.curvature ?? LBFGS.Curvature())
      _ = descent.take(there[place].value, there[place].gradient.map { $0 * scale })
      return descent
    }
    while true {
      let open = descents.indices.filter { descents[$0].wanted != nil }
      if open.isEmpty { break }
      let points = open.map { place in (descents[place].wanted ?? []).map { $0 * scales[place] } }
      for (place, found) in zip(open, evaluator.evaluate(points, open.map { sought[$0] })) {
        _ = descents[place].take(found.value, found.gradient.map { $0 * scales[place] })
      }
    }
    var result = [[Double]](repeating: reference, count: types)
    for (place, type) in sought.enumerated() {
      result[type] = descents[place].x.map { $0 * scales[place] }
      known[type]?.curvature = descents[place].curvature
    }
    guard settings.restart == .reference, let old else { return result }
    let (new, before) = (
      evaluator.evaluate(sought.map { result[$0] }, sought),
      evaluator.evaluate(sought.map { old[$0] }, sought)
    )
    for (place, type) in sought.enumerated() where new[place].value > before[place].value {
      result[type] = old[type]
    }
    return result
  }

  /// The weighted losses of some types at some points.
  private struct Evaluator {
    private let search: TypeSearch
    private let weights: [Double]
    private let totals: [Double]
    /// The weights of some types, as they are wanted.
    private var picked: (types: [Int], small: FloatBuffer, columns: DoubleBuffer)?

    /// - Parameters:
    ///   - weights: shape [patterns×types].
    ///   - totals: their sums.
    init(_ search: TypeSearch, _ weights: [Double], _ totals: [Double]) {
      self.search = search
      self.weights = weights
      self.totals = totals
    }

    mutating func evaluate(_ points: [[Double]], _ types: [Int]) -> [BinaryVotes.Value] {
      guard !types.isEmpty else { return [] }
      let picked = pick(types)
      if let together = search.together {
        return together.evaluate(
          points, weights: picked.small.pointer, totals: types.map { totals[$0] }, workers: search.workers)
      }
      let outer = types.count >= search.workers ? search.workers : 1
      let inner = types.count >= search.workers ? 1 : search.workers
      var values = [BinaryVotes.Value](
        repeating: BinaryVotes.Value(value: 0, gradient: []), count: types.count)
      let (search, sums, patterns) = (self.search, totals, self.search.panel.patterns.count)
      values.withUnsafeMutableBufferPointer { values in
        nonisolated(unsafe) let values = values
        forEachBlock(of: types.count, size: 1, workers: outer) { range in
          for place in range {
            let found = search.objective.evaluate(
              points[place], weights: picked.columns.pointer + place * patterns, total: sums[types[place]],
              workers: inner)
            values[place] = BinaryVotes.Value(value: found.value, gradient: found.gradient)
          }
        }
      }
      return values
    }

    /// Weights of some types: pattern by pattern in 32 bits for one reading of all, or type by type.
    private mutating func pick(_ types: [Int]) -> (types: [Int], small: FloatBuffer, columns: DoubleBuffer) {
      if let picked, picked.types == types { return picked }
      let (all, patterns) = (search.settings.types, search.panel.patterns.count)
      let isTogether = search.together != nil
      let small = FloatBuffer(isTogether ? patterns * types.count : 0)
      let columns = DoubleBuffer(isTogether ? 0 : patterns * types.count)
      weights.withUnsafeBufferPointer { weights in
        for (place, type) in types.enumerated() {
          for pattern in 0..<patterns {
            let weight = weights[pattern * all + type]
            if isTogether {
              small.pointer[pattern * types.count + place] = Float(weight)
            } else {
              columns.pointer[place * patterns + pattern] = weight
            }
          }
        }
      }
      picked = (types, small, columns)
      return (types, small, columns)
    }
  }

  private static let probeLength = 0.1

  /// A point a little down the gradient.
  private static func probe(_ start: [Double], _ gradient: [Double]) -> [Double] {
    let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? zip(start, gradient).map { $0 - probeLength * $1 / length } : start
  }

  /// What parameters are to be measured in so that the curvature along the gradient is 1, which is what the solver's first step
  /// expects: one over the root of the curvature between a point and its probe; 1 where that is not positive.
  private static func scale(_ gradient: [Double], ahead: [Double]) -> Double {
    let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { return 1 }
    let change = zip(gradient, ahead).reduce(0) { $0 + $1.0 * ($1.0 - $1.1) } / length
    let curvature = change / probeLength
    return curvature > 1e-8 && curvature < 1e8 ? 1 / curvature.squareRoot() : 1
  }
}
