import Hustings
import HustingsNumerics

/// The likelihood of votes between two responses under several linear policies at once, reading every feature once for all of them.
///
/// What `VoteObjective` computes policy by policy is bound by memory where there are many rows: here a few rows are scored under
/// every policy, voted on, and give their gradients while they are in the cache. Scores and slopes are 32-bit, sums over votes
/// 64-bit; the number of threads changes no bit.
struct BinaryVotes: Sendable {
  private static let rowsAtATime = 128
  private let features: FeatureMatrix
  private let patterns: VotePatterns
  private let rowStarts: [Int]
  private let ridge: Double
  private let chunks: [Range<Int>]

  /// Nil unless every vote is for one of two responses and policies are linear in many dense features.
  init?(_ panel: VotePanel, _ family: any ScoreFamily, _ likelihood: VoteLikelihood, ridge: Double) {
    guard let family = family as? LinearScores, family.isLarge, family.features.sparse == nil,
      likelihood.tieStrength == 0, panel.patterns.count > 0,
      (0..<panel.patterns.count).allSatisfy({
        panel.patterns.isBinary($0) && panel.patterns.places[$0] > 0
      })
    else { return nil }
    features = family.features
    patterns = panel.patterns
    rowStarts = panel.menus.map(\.rows.lowerBound) + [panel.rowCount]
    self.ridge = ridge
    chunks = VoteObjective.cut(rowStarts, into: max(512, panel.rowCount / 64 + 1))
  }

  /// What one policy's mean loss is, and its gradient.
  struct Value {
    var value: Double
    var gradient: [Double]
  }

  /// For each policy -Σ weight·log P + ½·ridge·|parameters|², over its sum of weights, and the gradient.
  ///
  /// - Parameters:
  ///   - parameters: of each policy.
  ///   - weights: shape [patterns×policies].
  ///   - totals: the sums of weights.
  func evaluate(
    _ parameters: [[Double]], weights: UnsafePointer<Float>, totals: [Double], workers: Int
  ) -> [Value] {
    let (count, width) = (parameters.count, features.denseWidth)
    let partial = DoubleBuffer(chunks.count * count * width)
    let losses = DoubleBuffer(chunks.count * count)
    let packed = pack(parameters)
    nonisolated(unsafe) let weights = weights
    forEachBlock(of: chunks.count, size: 1, workers: workers) { range in
      for chunk in range {
        pass(
          chunks[chunk], packed.pointer, count, weights: weights, losses: losses.pointer + chunk * count,
          gradient: partial.pointer + chunk * count * width, logs: nil)
      }
    }
    return (0..<count).map { policy in
      var value = sum((0..<chunks.count).lazy.map { losses.pointer[$0 * count + policy] })
      var gradient = [Double](repeating: 0, count: width)
      for chunk in 0..<chunks.count {
        let own = partial.pointer + (chunk * count + policy) * width
        for i in 0..<width { gradient[i] += own[i] }
      }
      value /= totals[policy]
      for i in 0..<width {
        let weight = parameters[policy][i]
        gradient[i] = (gradient[i] + ridge * weight) / totals[policy]
        value += ridge / 2 * weight * weight / totals[policy]
      }
      return Value(value: value, gradient: gradient)
    }
  }

  /// log P of every pattern under every policy: [patterns × policies].
  func logProbabilities(_ parameters: [[Double]], workers: Int) -> [Double] {
    let count = parameters.count
    let packed = pack(parameters)
    return [Double](unsafeUninitializedCapacity: patterns.count * count) { out, initialised in
      nonisolated(unsafe) let out = out
      forEachBlock(of: chunks.count, size: 1, workers: workers) { range in
        for chunk in range {
          pass(
            chunks[chunk], packed.pointer, count, weights: nil, losses: nil, gradient: nil,
            logs: out.baseAddress)
        }
      }
      initialised = patterns.count * count
    }
  }

  private func pack(_ parameters: [[Double]]) -> FloatBuffer {
    FloatBuffer(parameters.flatMap { $0.map(Float.init) })
  }

  /// Works through some prompts. Losses and gradients are added to where they are wanted.
  private func pass(
    _ menus: Range<Int>, _ packed: UnsafePointer<Float>, _ count: Int, weights: UnsafePointer<Float>?,
    losses: UnsafeMutablePointer<Double>?, gradient: UnsafeMutablePointer<Double>?,
    logs: UnsafeMutablePointer<Double>?
  ) {
    let width = features.denseWidth
    let blocks = VoteObjective.cut(
      Array(rowStarts[menus.lowerBound...menus.upperBound]), into: BinaryVotes.rowsAtATime
    ).map { $0.shifted(by: menus.lowerBound) }
    let rows = blocks.reduce(0) { max($0, rowStarts[$1.upperBound] - rowStarts[$1.lowerBound]) }
    let votes = blocks.reduce(0) {
      max($0, patterns.menuOffsets[$1.upperBound] - patterns.menuOffsets[$1.lowerBound])
    }
    let room = FloatBuffer(2 * rows * count + count * width + 3 * votes * count)
    let (scores, slopes) = (room.pointer, room.pointer + rows * count)
    let sums = slopes + rows * count
    let work = sums + count * width
    features.dense.withUnsafeBufferPointer { dense in
      patterns.rows.withUnsafeBufferPointer { pairs in
        guard let dense = dense.baseAddress, let pairs = pairs.baseAddress else { return }
        for block in blocks {
          let first = rowStarts[block.lowerBound]
          let pick = RowPick(
            dense + first * width, stride: width, count: rowStarts[block.upperBound] - first)
          let votes = patterns.menuOffsets[block.lowerBound]..<patterns.menuOffsets[block.upperBound]
          MatrixProduct.dots(pick, inner: width, with: packed, outputs: count, into: scores)
          if gradient != nil { slopes.update(repeating: 0, count: pick.count * count) }
          VoteKernels.pass(
            votes.count, policies: count, pairs: pairs + 2 * votes.lowerBound, base: first, scores: scores,
            weights: weights.map { $0 + votes.lowerBound * count }, work: work, losses: losses,
            logs: logs.map { $0 + votes.lowerBound * count }, slopes: gradient == nil ? nil : slopes)
          if let gradient {
            sums.update(repeating: 0, count: count * width)
            MatrixProduct.addOuter(slopes, outputs: count, pick, inner: width, into: sums)
            for i in 0..<count * width { gradient[i] += Double(sums[i]) }
          }
        }
      }
    }
  }
}
