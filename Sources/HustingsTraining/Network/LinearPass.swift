import Hustings
import HustingsNumerics

/// Loss and gradient of a linear model over dense features, reading each row from memory once.
///
/// A few pairs at a time go forward and back while their rows are still in the cache. Chunks of pairs are dealt to a fixed
/// number of lanes, each with sums of its own, which are added in order: the number of workers changes no bit.
final class LinearPass {
  /// Pairs whose rows, of a few KB each, stay in the cache between the forward and the backward pass.
  private static let chunk = 16
  private static let lanes = 8
  private static let widest = 16

  private let layer: Layer
  private let form: ScoreForm
  private let map: LinearMap
  private let lanes: [Lane]
  private let workers: Int

  /// What one lane works with.
  private final class Lane {
    let loss: LossPass
    let outputs: FloatBuffer
    let slopes: FloatBuffer
    let partial: FloatBuffer
    var sums = BatchSums()

    init(_ loss: LossPass, width: Int, partialSize: Int) {
      self.loss = loss
      outputs = FloatBuffer(2 * LinearPass.chunk * width)
      slopes = FloatBuffer(2 * LinearPass.chunk * width)
      partial = FloatBuffer(partialSize + width)
    }
  }

  /// Nil when the model is not linear over dense features, has a gate, or many outputs.
  init?(_ shape: NetworkShape, _ loss: PairLoss, features: FeatureMatrix, workers: Int) {
    let layer = shape.rowLayers[0]
    guard let form = shape.settings.head.form, shape.settings.hidden.isEmpty, shape.gateWeight == nil,
      features.sparse == nil, layer.outputs <= LinearPass.widest
    else { return nil }
    self.layer = layer
    self.form = form
    self.workers = workers
    map = LinearMap(layer, denseInputs: features.denseWidth, arithmetic: .fused, isReadAgain: true)
    let partialSize = map.partialSize
    lanes = (0..<LinearPass.lanes).map { _ in
      Lane(
        LossPass(loss, shape.settings.head, capacity: LinearPass.chunk), width: layer.outputs,
        partialSize: partialSize)
    }
  }

  /// The rows of each chunk, responses presented first and then those presented second, chunk after chunk.
  private func rows(_ batch: PairBatch) -> [Int32] {
    var rows: [Int32] = []
    rows.reserveCapacity(2 * batch.count)
    for start in stride(from: 0, to: batch.count, by: LinearPass.chunk) {
      let end = min(batch.count, start + LinearPass.chunk)
      rows += batch.first[start..<end]
      rows += batch.second[start..<end]
    }
    return rows
  }

  /// The sums of a batch, and its gradient times `factor` added to `gradient`.
  func run(
    _ batch: PairBatch, features: FeatureMatrix, parameters: UnsafePointer<Float>, factor: Double,
    gradient: UnsafeMutablePointer<Float>
  ) -> BatchSums {
    let chunks = (batch.count + LinearPass.chunk - 1) / LinearPass.chunk
    let used = min(lanes.count, chunks)
    map.prepare(parameters, for: nil, workers: 1)
    let rows = rows(batch)
    LayerInput.lending(features, rows, count: rows.count) { input in
      nonisolated(unsafe) let (this, input, parameters) = (self, input, parameters)
      // Each worker goes through neighbouring chunks, so that the rows fetched early are the ones it wants next.
      let share = (used + workers - 1) / workers
      forEachBlock(of: used, size: share, workers: workers) { indices in
        for index in indices {
          let lane = this.lanes[index]
          lane.partial.clear()
          lane.sums = BatchSums()
          for chunk in index * chunks / used..<(index + 1) * chunks / used {
            let start = chunk * LinearPass.chunk
            let pairs = start..<min(batch.count, start + LinearPass.chunk)
            let x = input[2 * pairs.lowerBound..<2 * pairs.upperBound]
            lane.sums += this.run(lane, batch, pairs, x, parameters, Float(factor))
          }
        }
      }
    }
    guard used > 0 else { return BatchSums() }
    let total = lanes[0].partial
    var sums = lanes[0].sums
    for lane in lanes[1..<used] {
      sums += lane.sums
      Elementwise.add(map.partialSize + layer.outputs, 1, lane.partial.pointer, to: total.pointer)
    }
    map.add(partial: total.pointer, to: gradient)
    if let bias = layer.bias {
      Elementwise.add(layer.outputs, 1, total.pointer + map.partialSize, to: gradient + bias)
    }
    return sums
  }

  private func run(
    _ lane: Lane, _ batch: PairBatch, _ pairs: Range<Int>, _ x: LayerInput,
    _ parameters: UnsafePointer<Float>, _ factor: Float
  ) -> BatchSums {
    let (n, loss) = (pairs.count, lane.loss)
    map.forward(x, from: 0, parameters, into: lane.outputs.pointer)
    if let bias = layer.bias {
      Elementwise.addBias(
        rows: 2 * n, columns: layer.outputs, bias: parameters + bias, x: lane.outputs.pointer)
    }
    return LinearPass.places.withUnsafeBufferPointer { places in
      guard let first = places.baseAddress else { return BatchSums() }
      // The second of pair i stands n rows after its first.
      let second = first + n
      form.margins(
        n, outputs: lane.outputs.pointer, first: first, second: second, scales: nil,
        into: loss.scores.pointer,
        skew: loss.skew.pointer)
      let sums = loss.take(batch, pairs, factor: factor)
      lane.slopes.clear(2 * n * layer.outputs)
      form.addGradients(
        n, outputs: lane.outputs.pointer, first: first, second: second, scales: nil,
        slopes: loss.slopes.pointer, skewSlopes: loss.skewSlopesIfAny, to: lane.slopes.pointer)
      map.addPartial(x, slopes: lane.slopes.pointer, to: lane.partial.pointer)
      if layer.bias != nil {
        Elementwise.addColumnSums(
          rows: 2 * n, columns: layer.outputs, x: lane.slopes.pointer,
          to: lane.partial.pointer + map.partialSize)
      }
      return sums
    }
  }

  /// 0, 1, 2, …: the places of a chunk's rows.
  private static let places = (0..<Int32(2 * chunk)).map { $0 }
}
