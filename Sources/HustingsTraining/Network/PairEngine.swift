import Hustings
import HustingsNumerics

/// Scores of comparisons under one set of parameters, their loss, and its gradient.
///
/// Holds the buffers of batches of up to `capacity` presented pairs; use it from one task at a time.
final class PairEngine {
  let shape: NetworkShape
  let capacity: Int
  let workers: Int
  private let features: FeatureMatrix
  private let prompts: FeatureMatrix?
  private let rows: LayerStack
  private let gate: GatePass?
  private let joint: JointPass?
  private var index: RowIndex
  private var first: [Int32] = []
  private var second: [Int32] = []
  /// Scores of the pairs last run, in log-odds times temperature, as presented.
  let scores: FloatBuffer
  /// The skew part of each.
  let skew: FloatBuffer
  private let losses: FloatBuffer
  private let slopes: FloatBuffer
  private let skewSlopes: FloatBuffer

  init(
    _ shape: NetworkShape, features: FeatureMatrix, prompts: FeatureMatrix?, capacity: Int, workers: Int
  ) {
    precondition(
      features.width == shape.inputs, "\(features.width) features, the model reads \(shape.inputs)")
    self.shape = shape
    self.features = features
    self.prompts = prompts
    self.capacity = capacity
    self.workers = workers
    index = RowIndex(rows: features.count)
    rows = LayerStack(
      shape.rowLayers, denseInputs: features.denseWidth,
      capacity: min(2 * capacity, features.count), workers: workers)
    if let gate = shape.settings.head.gate, let weight = shape.gateWeight, let prompts,
      let form = shape.settings.head.form
    {
      precondition(
        prompts.width == shape.promptInputs,
        "\(prompts.width) prompt features, the gate reads \(shape.promptInputs)")
      self.gate = GatePass(
        gate, planes: form.planes, inputs: shape.promptInputs, weight: weight,
        denseInputs: prompts.denseWidth, capacity: capacity, workers: workers)
    } else {
      precondition(shape.gateWeight == nil, "a gate and no prompt features")
      gate = nil
    }
    joint = shape.joint.map {
      JointPass($0, layers: shape.pairLayers, capacity: capacity, workers: workers)
    }
    scores = FloatBuffer(capacity)
    skew = FloatBuffer(capacity)
    losses = FloatBuffer(capacity)
    slopes = FloatBuffer(capacity)
    skewSlopes = FloatBuffer(capacity)
  }

  /// Outputs of the row layers for up to `capacity` rows [n×outputs], where they stay until the next call.
  func outputs(_ picks: [Int32], parameters: UnsafePointer<Float>) -> UnsafePointer<Float> {
    LayerInput.lending(features, picks, count: picks.count) { rows.forward($0, parameters: parameters) }
    return UnsafePointer(rows.result)
  }

  /// Fills `scores` and `skew` for n presented pairs.
  func score(
    first firstRows: [Int32], second secondRows: [Int32], prompts promptRows: [Int32],
    parameters: UnsafePointer<Float>
  ) {
    let n = firstRows.count
    precondition(
      n <= capacity && secondRows.count == n, "\(n) and \(secondRows.count) rows, room for \(capacity)")
    index.begin()
    first = firstRows.map { index.add($0) }
    second = secondRows.map { index.add($0) }
    LayerInput.lending(features, index.rows, count: index.rows.count) {
      rows.forward($0, parameters: parameters)
    }
    if let joint {
      joint.forward(halves: rows.result, first, second, parameters: parameters, into: scores.pointer)
      skew.clear(n)
      return
    }
    if let gate, let prompts {
      LayerInput.lending(prompts, promptRows, count: n) { gate.forward($0, parameters: parameters) }
    }
    shape.settings.head.form?.margins(
      n, outputs: rows.result, first: first, second: second,
      scales: gate.map { UnsafePointer($0.scales.pointer) },
      into: scores.pointer, skew: skew.pointer)
  }

  /// The sums of a batch, and the gradient of its mean objective, added to `gradient` times `factor`.
  ///
  /// - Parameter gradient: nil for the sums alone.
  func run(
    _ batch: PairBatch, loss: PairLoss, parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>? = nil, factor: Double? = nil
  ) -> BatchSums {
    score(first: batch.first, second: batch.second, prompts: batch.prompt, parameters: parameters)
    let sums = take(loss, batch)
    guard let gradient else { return sums }
    // Without a factor, the gradient is that of this batch's mean.
    scaleSlopes(batch.count, by: Float(factor ?? (sums.weight > 0 ? 1 / sums.weight : 0)))
    backward(batch, parameters: parameters, gradient: gradient)
    return sums
  }

  /// The sums over all pairs of a table, scored as answers are: a model that reads pairs is asked in both orders, and half
  /// the difference counts.
  func evaluate(_ table: PairTable, loss: PairLoss, parameters: UnsafePointer<Float>) -> BatchSums {
    var sums = BatchSums()
    let positions = Array(0..<table.count)
    for start in stride(from: 0, to: table.count, by: capacity) {
      let batch = PairBatch(table, positions[start..<min(table.count, start + capacity)])
      score(first: batch.first, second: batch.second, prompts: batch.prompt, parameters: parameters)
      if joint != nil {
        let forward = scores.values
        score(first: batch.second, second: batch.first, prompts: batch.prompt, parameters: parameters)
        for i in 0..<batch.count { scores.pointer[i] = (forward[i] - scores.pointer[i]) / 2 }
      }
      sums += take(loss, batch)
    }
    return sums
  }

  private func backward(
    _ batch: PairBatch, parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>
  ) {
    let n = batch.count
    rows.resultSlopes.update(repeating: 0, count: index.rows.count * shape.rowWidth)
    if let joint {
      joint.backward(
        halves: rows.result, first, second, slopes: slopes.pointer, parameters: parameters,
        gradient: gradient,
        into: rows.resultSlopes)
    } else {
      shape.settings.head.form?.addGradients(
        n, outputs: rows.result, first: first, second: second,
        scales: gate.map { UnsafePointer($0.scales.pointer) }, slopes: slopes.pointer,
        skewSlopes: penalty > 0 ? UnsafePointer(skewSlopes.pointer) : nil, to: rows.resultSlopes,
        scaleSlopes: gate?.slopes.pointer)
    }
    LayerInput.lending(features, index.rows, count: index.rows.count) {
      rows.backward($0, parameters: parameters, gradient: gradient)
    }
    if let gate, let prompts {
      LayerInput.lending(prompts, batch.prompt, count: n) {
        gate.backward($0, parameters: parameters, gradient: gradient)
      }
    }
  }

  private var penalty: Double {
    if case .decomposed(let settings) = shape.settings.head { settings.penalty } else { 0 }
  }

  private func scaleSlopes(_ n: Int, by factor: Float) {
    for i in 0..<n {
      slopes.pointer[i] *= factor
      skewSlopes.pointer[i] *= factor
    }
  }

  /// Losses and slopes of the scores, each times its pair's weight.
  private func take(_ loss: PairLoss, _ batch: PairBatch) -> BatchSums {
    let n = batch.count
    for i in 0..<n { scores.pointer[i] *= batch.sign[i] }
    if loss.isLogistic {
      let epsilon = Float(loss.smoothing)
      let targets = epsilon == 0 ? batch.target : batch.target.map { $0 * (1 - epsilon) + (1 - $0) * epsilon }
      Elementwise.logisticLoss(
        n, score: scores.pointer, margin: batch.margin, target: targets, commonTarget: 1,
        weight: batch.weight, tau: Float(loss.temperature), loss: losses.pointer, slope: slopes.pointer)
    } else {
      for i in 0..<n {
        let value = loss.value(
          score: scores.pointer[i], margin: batch.margin?[i], target: batch.target[i], tie: batch.tie[i])
        losses.pointer[i] = batch.weight[i] * value.loss
        slopes.pointer[i] = batch.weight[i] * value.slope
      }
    }
    var sums = BatchSums()
    sums.loss = Elementwise.sum(n, losses.pointer)
    let (penalty, tau) = (penalty, loss.temperature)
    for i in 0..<n {
      let weight = Double(batch.weight[i])
      sums.weight += weight
      if batch.target[i] != 0.5, batch.tie[i] < 0.5 {
        let score = scores.pointer[i]
        sums.decided += weight
        if batch.target[i] > 0.5 ? score > 0 : score < 0 { sums.correct += weight }
      }
      if penalty > 0 {
        let part = Double(skew.pointer[i]) / tau
        sums.penalty += weight * penalty * part * part
        skewSlopes.pointer[i] = Float(weight * 2 * penalty * part / tau)
      }
      // Slopes by the score as presented.
      slopes.pointer[i] *= batch.sign[i]
      scores.pointer[i] *= batch.sign[i]
    }
    return sums
  }
}
