import HustingsNumerics

/// The loss of scored pairs, and its slopes by their scores and skew parts.
final class LossPass {
  private let loss: PairLoss
  /// What the mean square of the skew part of the log-odds is multiplied by.
  private let penalty: Double
  /// Scores of pairs as presented, in log-odds times temperature.
  let scores: FloatBuffer
  /// The skew part of each.
  let skew: FloatBuffer
  /// The loss's slope by each score.
  let slopes: FloatBuffer
  /// Its slope by each skew part.
  let skewSlopes: FloatBuffer
  private let losses: FloatBuffer
  private let targets: FloatBuffer

  init(_ loss: PairLoss, _ head: Head, capacity: Int) {
    self.loss = loss
    penalty = head.penalty
    scores = FloatBuffer(capacity)
    skew = FloatBuffer(capacity)
    slopes = FloatBuffer(capacity)
    skewSlopes = FloatBuffer(capacity)
    losses = FloatBuffer(capacity)
    targets = FloatBuffer(capacity)
  }

  /// Where slopes by skew parts are; nil when all are 0.
  var skewSlopesIfAny: UnsafePointer<Float>? { penalty > 0 ? UnsafePointer(skewSlopes.pointer) : nil }

  /// Sums over the pairs in `range` of a batch, whose scores begin at 0; with slopes, each times `factor`.
  func take(_ batch: PairBatch, _ range: Range<Int>, factor: Float) -> BatchSums {
    let n = range.count
    if let sign = batch.sign { turn(sign, range) }
    fill(batch, range)
    var sums = BatchSums()
    sums.loss = Elementwise.sum(n, losses.pointer)
    for i in 0..<n {
      let pair = range.lowerBound + i
      let weight = Double(batch.weight[pair])
      sums.weight += weight
      if batch.target[pair] != 0.5, batch.tie[pair] < 0.5 {
        let score = scores.pointer[i]
        sums.decided += weight
        if batch.target[pair] > 0.5 ? score > 0 : score < 0 { sums.correct += weight }
      }
      slopes.pointer[i] *= factor
    }
    if penalty > 0 { addPenalty(batch, range, factor, to: &sums) }
    if let sign = batch.sign {
      for i in 0..<n { slopes.pointer[i] *= sign[range.lowerBound + i] }
      turn(sign, range)
    }
    return sums
  }

  /// Scores as presented to scores of the chosen response, or back.
  private func turn(_ sign: [Float], _ range: Range<Int>) {
    for i in 0..<range.count { scores.pointer[i] *= sign[range.lowerBound + i] }
  }

  private func fill(_ batch: PairBatch, _ range: Range<Int>) {
    let (n, start) = (range.count, range.lowerBound)
    guard loss.isLogistic else {
      for i in 0..<n {
        let pair = start + i
        let value = loss.value(
          score: scores.pointer[i], margin: batch.margin?[pair], target: batch.target[pair],
          tie: batch.tie[pair])
        losses.pointer[i] = batch.weight[pair] * value.loss
        slopes.pointer[i] = batch.weight[pair] * value.slope
      }
      return
    }
    let epsilon = Float(loss.smoothing)
    for i in 0..<n {
      let p = batch.target[start + i]
      targets.pointer[i] = epsilon == 0 ? p : p * (1 - epsilon) + (1 - p) * epsilon
    }
    batch.weight.withUnsafeBufferPointer { weight in
      (batch.margin ?? []).withUnsafeBufferPointer { margin in
        Elementwise.logisticLoss(
          n, score: scores.pointer, margin: batch.margin == nil ? nil : margin.baseAddress.map { $0 + start },
          target: targets.pointer, commonTarget: 1, weight: weight.baseAddress.map { $0 + start },
          tau: Float(loss.temperature), loss: losses.pointer, slope: slopes.pointer)
      }
    }
  }

  private func addPenalty(_ batch: PairBatch, _ range: Range<Int>, _ factor: Float, to sums: inout BatchSums)
  {
    let tau = loss.temperature
    for i in 0..<range.count {
      let weight = Double(batch.weight[range.lowerBound + i])
      let part = Double(skew.pointer[i]) / tau
      sums.penalty += weight * penalty * part * part
      skewSlopes.pointer[i] = factor * Float(weight * 2 * penalty * part / tau)
    }
  }
}
