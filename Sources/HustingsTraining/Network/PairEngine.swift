import Hustings
import HustingsNumerics

/// Scores of comparisons under one set of parameters, their loss, and its gradient.
///
/// Holds the buffers of batches of up to `pairs` pairs, which a model that reads pairs may be presented in both orders; use it
/// from one task at a time.
final class PairEngine {
  let shape: NetworkShape
  let pairs: Int
  /// Pairs as presented.
  private let capacity: Int
  let workers: Int
  private let features: FeatureMatrix
  private let prompts: FeatureMatrix?
  /// Of the dense features, for a wide first layer on tiles.
  private let scales: ColumnScales?
  private let rows: LayerStack
  private let gate: GatePass?
  private let joint: JointPass?
  /// The first layer of a model that reads pairs, for batches of both orders.
  private let bothOrders: BothOrdersLayer?
  /// Whether the batch last scored went through that.
  private(set) var isFolded = false
  private let distribution: DistributionPass?
  private let linear: LinearPass?
  private let loss: LossPass
  private var index: RowIndex
  private var first: [Int32] = []
  private var second: [Int32] = []

  init(
    _ shape: NetworkShape, _ loss: PairLoss, features: FeatureMatrix, prompts: FeatureMatrix?, pairs: Int,
    arithmetic: Arithmetic, workers: Int
  ) {
    precondition(
      features.width == shape.inputs, "\(features.width) features, the model reads \(shape.inputs)")
    self.shape = shape
    self.features = features
    self.prompts = prompts
    self.pairs = pairs
    let capacity = shape.joint == nil ? pairs : 2 * pairs
    self.capacity = capacity
    self.workers = workers
    index = RowIndex(rows: features.count)
    rows = LayerStack(
      shape.rowLayers, denseInputs: features.denseWidth,
      capacity: min(2 * pairs, features.count), arithmetic: arithmetic, workers: workers)
    if let gate = shape.settings.head.gate, let weight = shape.gateWeight, let prompts,
      let form = shape.settings.head.form
    {
      precondition(
        prompts.width == shape.promptInputs,
        "\(prompts.width) prompt features, the gate reads \(shape.promptInputs)")
      self.gate = GatePass(
        gate, planes: form.planes, inputs: shape.promptInputs, weight: weight,
        denseInputs: prompts.denseWidth, capacity: capacity, arithmetic: arithmetic, workers: workers)
    } else {
      precondition(shape.gateWeight == nil, "a gate and no prompt features")
      gate = nil
    }
    joint = shape.joint.map {
      JointPass(
        $0, layers: shape.pairLayers, capacity: capacity, arithmetic: arithmetic, workers: workers)
    }
    if case .distributional(let settings) = shape.settings.head {
      distribution = DistributionPass(settings)
    } else {
      distribution = nil
    }
    scales =
      arithmetic.usesTiles && shape.rowLayers[0].outputs > LinearMap.narrowest
      ? ColumnScales(features.dense, columns: features.denseWidth, workers: workers) : nil
    bothOrders =
      joint != nil && features.sparse == nil && shape.rowLayers[0].outputs > 2 * LinearMap.narrowest
      ? BothOrdersLayer(
        shape.rowLayers[0], capacity: pairs, scales: scales, arithmetic: arithmetic,
        workers: workers) : nil
    linear = LinearPass(shape, loss, features: features, workers: workers)
    self.loss = LossPass(loss, shape.settings.head, capacity: capacity)
  }

  /// Scores of the pairs last scored, in log-odds times temperature, as presented.
  var scores: UnsafeMutablePointer<Float> { loss.scores.pointer }

  /// The skew part of each score.
  var skew: UnsafeMutablePointer<Float> { loss.skew.pointer }

  /// Fills `scores` and `skew` for n presented pairs.
  ///
  /// - Parameter hasBothOrders: whether pairs 2i and 2i + 1 are one pair in both orders.
  func score(
    first firstRows: [Int32], second secondRows: [Int32], prompts promptRows: [Int32],
    hasBothOrders: Bool = false, parameters: UnsafePointer<Float>
  ) {
    let n = firstRows.count
    precondition(
      n <= capacity && secondRows.count == n, "\(n) and \(secondRows.count) rows, room for \(capacity)")
    index.begin()
    first = index.add(firstRows)
    second = index.add(secondRows)
    // Where responses are in many pairs, a row of two halves for each costs less than two rows for each pair.
    isFolded = hasBothOrders && bothOrders != nil && 2 * index.rows.count > n
    if isFolded, let joint, let bothOrders {
      loss.skew.clear(n)
      return scoreFolded(firstRows, joint, bothOrders, parameters)
    }
    LayerInput.lending(features, index.rows, count: index.rows.count, scales: scales) {
      rows.forward($0, parameters: parameters)
    }
    if let joint {
      let halves = ResponseHalves(rows.result, width: shape.rowWidth / 2, first, second)
      joint.forward(n, parameters: parameters, into: scores) { halves.sums($0, into: $1) }
      loss.skew.clear(n)
      return
    }
    if let distribution {
      distribution.forward(rows.result, first, second, into: scores)
      loss.skew.clear(n)
      return
    }
    if let gate, let prompts {
      LayerInput.lending(prompts, promptRows, count: n) { gate.forward($0, parameters: parameters) }
    }
    shape.settings.head.form?.margins(
      n, outputs: rows.result, first: first, second: second,
      scales: gate.map { UnsafePointer($0.scales.pointer) }, into: scores, skew: skew)
  }

  private func score(_ batch: PairBatch, parameters: UnsafePointer<Float>) {
    score(
      first: batch.first, second: batch.second, prompts: batch.prompt, hasBothOrders: batch.hasBothOrders,
      parameters: parameters)
  }

  private func scoreFolded(
    _ firstRows: [Int32], _ joint: JointPass, _ layer: BothOrdersLayer, _ parameters: UnsafePointer<Float>
  ) {
    layer.prepare(parameters, count: firstRows.count / 2)
    LayerInput.lending(features, firstRows, count: firstRows.count) {
      guard let dense = $0.dense else { return }
      nonisolated(unsafe) let (layer, first) = (layer, dense)
      joint.forward(firstRows.count, parameters: parameters, into: scores) {
        layer.forward(first, $0, into: $1)
      }
    }
  }

  /// The sums of a batch, and its gradient times `factor` added to `gradient`.
  ///
  /// - Parameter factor: nil for one over the batch's weight, which makes it the gradient of the mean.
  func run(
    _ batch: PairBatch, parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>,
    factor: Double? = nil
  ) -> BatchSums {
    let weight = batch.totalWeight
    let factor = factor ?? (weight > 0 ? 1 / weight : 0)
    if let linear {
      return linear.run(
        batch, features: features, parameters: parameters, factor: factor, gradient: gradient)
    }
    score(batch, parameters: parameters)
    var sums = loss.take(batch, 0..<batch.count, factor: Float(factor))
    sums.penalty += backward(batch, parameters: parameters, gradient: gradient, factor: factor)
    return sums
  }

  /// The sums over all pairs of a table, scored as answers are: a model that reads pairs is asked in both orders, and half
  /// the difference counts.
  func evaluate(_ table: PairTable, parameters: UnsafePointer<Float>) -> BatchSums {
    var sums = BatchSums()
    let positions = Array(0..<table.count)
    for start in stride(from: 0, to: table.count, by: pairs) {
      let part = positions[start..<min(table.count, start + pairs)]
      let batch = PairBatch(table, part)
      let presented = joint == nil ? batch : PairBatch(bothOrdersOf: table, part)
      score(presented, parameters: parameters)
      if joint != nil {
        for i in 0..<batch.count { scores[i] = (scores[2 * i] - scores[2 * i + 1]) / 2 }
      }
      sums += loss.take(batch, 0..<batch.count, factor: 1)
    }
    return sums
  }

  /// Adds to the gradient; returns what a penalty on outputs costs the batch.
  private func backward(
    _ batch: PairBatch, parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>,
    factor: Double
  ) -> Double {
    let n = batch.count
    if isFolded, let joint, let bothOrders {
      nonisolated(unsafe) let layer = bothOrders
      joint.backward(n, slopes: loss.slopes.pointer, parameters: parameters, gradient: gradient) {
        layer.take($0, count: n / 2, slopes: $1)
      }
      bothOrders.addGradient(count: n / 2, to: gradient)
      return 0
    }
    var penalty = 0.0
    rows.clearResultSlopes(index.rows.count)
    if let joint {
      let halves = ResponseHalves(rows.resultSlopes, width: shape.rowWidth / 2, first, second)
      joint.backward(n, slopes: loss.slopes.pointer, parameters: parameters, gradient: gradient) {
        halves.take($0, slopes: $1)
      }
    } else if let distribution {
      distribution.backward(
        rows.result, first, second, slopes: loss.slopes.pointer, to: rows.resultSlopes)
      penalty = distribution.addEvenness(
        rows.result, first, second, weights: batch.weight, factor: Float(factor), to: rows.resultSlopes)
    } else {
      shape.settings.head.form?.addGradients(
        n, outputs: rows.result, first: first, second: second,
        scales: gate.map { UnsafePointer($0.scales.pointer) }, slopes: loss.slopes.pointer,
        skewSlopes: loss.skewSlopesIfAny, to: rows.resultSlopes, scaleSlopes: gate?.slopes.pointer)
    }
    LayerInput.lending(features, index.rows, count: index.rows.count, scales: scales) {
      rows.backward($0, parameters: parameters, gradient: gradient)
    }
    if let gate, let prompts {
      LayerInput.lending(prompts, batch.prompt, count: n) {
        gate.backward($0, parameters: parameters, gradient: gradient)
      }
    }
    return penalty
  }
}
