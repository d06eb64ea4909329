import Foundation
import Hustings
import HustingsNumerics
import HustingsTraining

/// A model's score of one pair in double precision, straight from the definitions and sharing no code with the engine.
struct ReferenceNetwork {
  let settings: ModelSettings
  var tensors: [String: [Double]]

  init(_ network: PreferenceNetwork) {
    settings = network.settings
    tensors = Dictionary(uniqueKeysWithValues: network.tensors.map { ($0.name, $0.values.map(Double.init)) })
  }

  private func affine(_ name: String, _ x: [Double]) -> [Double] {
    let weight = tensors["\(name).weight"] ?? []
    let outputs = weight.count / x.count
    var y = tensors["\(name).bias"] ?? [Double](repeating: 0, count: outputs)
    for i in x.indices {
      for o in 0..<outputs { y[o] += x[i] * weight[i * outputs + o] }
    }
    return y
  }

  private func activate(_ x: [Double]) -> [Double] {
    x.map { z in
      switch settings.activation {
      case .relu: max(0, z)
      case .tanh: tanh(z)
      case .gelu: 0.5 * z * (1 + tanh((2 / Double.pi).squareRoot() * (z + 0.044715 * z * z * z)))
      }
    }
  }

  /// The head's outputs for one response.
  func outputs(_ x: [Double]) -> [Double] {
    var x = x
    for index in settings.hidden.indices { x = activate(affine("body.\(index)", x)) }
    return affine("head", x)
  }

  /// Plane scales for one prompt; nil without a gate.
  func scales(_ prompt: [Double]) -> [Double]? {
    guard let gate = settings.head.gate, let planes = settings.head.form?.planes else { return nil }
    let sharpness = gate.kind == .softmax ? 1 : 1 / Double(prompt.count).squareRoot()
    let e = affine("gate", prompt).map { exp($0 * sharpness) }
    let c = gate.kind == .softmax ? 1 : Double(planes)
    return e.map { pow(c * $0 / e.reduce(0, +), Double(gate.power.rawValue)) }
  }

  /// The score of a pair as presented, and the skew part of it.
  func score(_ first: [Double], _ second: [Double], prompt: [Double]) -> (score: Double, skew: Double) {
    if let form = settings.head.form {
      let parts = form.parts(outputs(first), outputs(second), scales: scales(prompt))
      return (parts.scalar + parts.skew, parts.skew)
    }
    if case .distributional(let settings) = settings.head {
      return (ReferenceNetwork.distributionScore(settings, outputs(first), outputs(second)), 0)
    }
    let (a, b) = (affineHalves(first), affineHalves(second))
    let width = a.count / 2
    let bias = tensors["pair.0.bias"] ?? []
    var x = (0..<width).map { a[$0] + b[width + $0] + bias[$0] }
    guard !settings.hidden.isEmpty else { return (x[0], 0) }
    x = activate(x)
    for index in settings.hidden.indices.dropFirst() { x = activate(affine("body.\(index)", x)) }
    return (affine("head", x)[0], 0)
  }

  private func affineHalves(_ x: [Double]) -> [Double] {
    let weight = tensors["pair.0.weight"] ?? []
    let outputs = weight.count / x.count
    return (0..<outputs).map { o in x.indices.reduce(0) { $0 + x[$1] * weight[$1 * outputs + o] } }
  }
}

/// Small comparisons over dense, sparse or mixed features, the same every time.
enum Toy {
  static func numbers(_ count: Int, _ name: String) -> [Float] {
    var generator = CounterGenerator(seed: 11, identity: name)
    return (0..<count).map { _ in Float(generator.nextNormal()) }
  }

  enum Kind: String, CaseIterable, Sendable { case dense, sparse, mixed }

  static func features(_ kind: Kind, rows: Int, columns: Int) -> FeatureMatrix {
    let dense = numbers(rows * columns, "features")
    var generator = CounterGenerator(seed: 12, identity: "sparse")
    var offsets: [Int64] = [0]
    var places: [Int32] = []
    for _ in 0..<rows {
      places += Set((0..<3).map { _ in Int32(generator.nextIndex(below: 9)) }).sorted()
      offsets.append(Int64(places.count))
    }
    let sparse = SparseRows(
      width: 9, offsets: offsets, columns: places, values: numbers(places.count, "sparse"))
    switch kind {
    case .dense: return FeatureMatrix(count: rows, denseWidth: columns, dense: dense)
    case .sparse: return FeatureMatrix(count: rows, sparse: sparse)
    case .mixed: return FeatureMatrix(count: rows, sparse: sparse, denseWidth: columns, dense: dense)
    }
  }

  /// One row as 64-bit numbers, sparse columns first.
  static func row(_ features: FeatureMatrix, _ row: Int32) -> [Double] {
    var values = [Double](repeating: 0, count: features.sparseWidth)
    if let sparse = features.sparse {
      for place in Int(sparse.offsets[Int(row)])..<Int(sparse.offsets[Int(row) + 1]) {
        values[Int(sparse.columns[place])] = Double(sparse.values[place])
      }
    }
    let start = Int(row) * features.denseWidth
    return values + features.dense[start..<start + features.denseWidth].map(Double.init)
  }

  /// `count` pairs among the rows, each of one of five prompts, with soft labels, votes and weights of all kinds.
  static func pairs(_ count: Int, rows: Int) -> [EncodedPair] {
    var generator = CounterGenerator(seed: 13, identity: "pairs")
    return (0..<count).map { index in
      let chosen = generator.nextIndex(below: rows)
      let rejected = (chosen + 1 + generator.nextIndex(below: rows - 1)) % rows
      return EncodedPair(
        chosen: chosen, rejected: rejected, prompt: index % 5, target: [1, 0.8, 0.5][index % 3],
        share: index % 4 == 0 ? nil : Float(index % 7) / 6, weight: [1, 0.5, 2][index % 3])
    }
  }
}

extension ReferenceNetwork {
  /// Shares of the levels that outputs stand for.
  static func shares(_ outputs: [Double]) -> [Double] {
    let weights = outputs.map { exp($0) }
    return weights.map { $0 / weights.reduce(0, +) }
  }

  /// The score of two distributions, from their definitions: pair of levels by pair of levels.
  static func distributionScore(_ settings: DistributionSettings, _ a: [Double], _ b: [Double]) -> Double {
    switch settings.kind {
    case .gaussian:
      let spread = { (h: Double) in log(1 + exp(h + log(exp(1) - 1))) }
      let variance = spread(a[1]) * spread(a[1]) + spread(b[1]) * spread(b[1]) + 1e-6
      return (2 * Double.pi).squareRoot() * (a[0] - b[0]) / variance.squareRoot()
    case .categorical:
      let (p, q) = (shares(a), shares(b))
      var wins = 0.0
      for i in p.indices {
        for j in q.indices { wins += p[i] * q[j] * (i > j ? 1 : i == j ? 0.5 : 0) }
      }
      return log(wins / (1 - wins))
    }
  }
}
