import HustingsNumerics

/// The weighted log-likelihood of a panel's patterns under one policy, and its gradient by the policy's parameters.
///
/// Prompts are worked through in blocks small enough for scores, slopes and features to stay in the cache; blocks are cut by
/// the data alone, and their sums are added in order, so that the number of threads changes no bit.
struct VoteObjective: Sendable {
  private let patterns: VotePatterns
  private let rowStarts: [Int]
  let family: any ScoreFamily
  let likelihood: VoteLikelihood
  /// Half of this times the sum of squared parameters is taken from the log-likelihood.
  let ridge: Double
  private let chunks: [Range<Int>]
  private let widestVote: Int

  init(_ panel: VotePanel, _ family: any ScoreFamily, _ likelihood: VoteLikelihood, ridge: Double) {
    precondition(
      family.rowCount == panel.rowCount, "\(family.rowCount) rows scored, the panel has \(panel.rowCount)")
    patterns = panel.patterns
    rowStarts = panel.menus.map(\.rows.lowerBound) + [panel.rowCount]
    self.family = family
    self.likelihood = likelihood
    self.ridge = ridge
    chunks = VoteObjective.cut(rowStarts, into: max(512, panel.rowCount / 64 + 1))
    widestVote = panel.patterns.widest
  }

  /// Consecutive prompts with about so many rows together.
  static func cut(_ starts: [Int], into size: Int) -> [Range<Int>] {
    var chunks: [Range<Int>] = []
    var first = 0
    for menu in 1..<max(1, starts.count) where starts[menu] - starts[first] >= size {
      chunks.append(first..<menu)
      first = menu
    }
    if first < starts.count - 1 { chunks.append(first..<starts.count - 1) }
    return chunks
  }

  /// log P of every pattern.
  func logProbabilities(_ parameters: [Double], workers: Int) -> [Double] {
    [Double](unsafeUninitializedCapacity: patterns.count) { out, count in
      nonisolated(unsafe) let out = out
      parameters.withUnsafeBufferPointer { parameters in
        nonisolated(unsafe) let parameters = parameters
        forEachBlock(of: chunks.count, size: 1, workers: workers) { range in
          for chunk in range {
            _ = pass(chunks[chunk], parameters, weights: nil, gradient: nil, logs: out.baseAddress)
          }
        }
      }
      count = patterns.count
    }
  }

  /// -Σ weight·log P + ½·ridge·|parameters|², over the sum of weights, and its gradient.
  func evaluate(
    _ parameters: [Double], weights: UnsafePointer<Double>, total: Double, workers: Int
  ) -> (value: Double, gradient: [Double]) {
    let count = parameters.count
    let width = family.isPerRow ? 0 : count
    let partial = DoubleBuffer(max(count, chunks.count * width))
    let values = DoubleBuffer(chunks.count)
    nonisolated(unsafe) let weights = weights
    parameters.withUnsafeBufferPointer { parameters in
      nonisolated(unsafe) let parameters = parameters
      forEachBlock(of: chunks.count, size: 1, workers: workers) { range in
        for chunk in range {
          values.pointer[chunk] = pass(
            chunks[chunk], parameters, weights: weights, gradient: partial.pointer + chunk * width, logs: nil)
        }
      }
    }
    var value = -sum((0..<chunks.count).lazy.map { values.pointer[$0] }) / total
    var gradient = [Double](repeating: 0, count: count)
    for chunk in 0..<(family.isPerRow ? 1 : chunks.count) {
      for i in 0..<count { gradient[i] -= partial.pointer[chunk * width + i] }
    }
    for i in 0..<count {
      gradient[i] = (gradient[i] + ridge * parameters[i]) / total
      value += ridge / 2 * parameters[i] * parameters[i] / total
    }
    return (value, gradient)
  }

  /// Works through some prompts; returns their weighted log-likelihood.
  private func pass(
    _ menus: Range<Int>, _ parameters: UnsafeBufferPointer<Double>, weights: UnsafePointer<Double>?,
    gradient: UnsafeMutablePointer<Double>?, logs: UnsafeMutablePointer<Double>?
  ) -> Double {
    guard let parameters = parameters.baseAddress else { return 0 }
    let blocks = VoteObjective.cut(Array(rowStarts[menus.lowerBound...menus.upperBound]), into: 128)
      .map { $0.shifted(by: menus.lowerBound) }
    let longest = blocks.reduce(0) { max($0, rowStarts[$1.upperBound] - rowStarts[$1.lowerBound]) }
    let work = DoubleBuffer(2 * longest + 2 * widestVote + VoteLikelihood.scratch(widestVote))
    let (scores, slopes) = (work.pointer, work.pointer + longest)
    let z = slopes + longest
    let own = z + widestVote
    let scratch = own + widestVote
    var total = 0.0
    patterns.offsets.withUnsafeBufferPointer { offsets in
      patterns.rows.withUnsafeBufferPointer { rows in
        patterns.joins.withUnsafeBufferPointer { joins in
          patterns.places.withUnsafeBufferPointer { places in
            guard let joined = joins.baseAddress else { return }
            for block in blocks {
              let range = rowStarts[block.lowerBound]..<rowStarts[block.upperBound]
              family.score(parameters, rows: range, into: scores)
              if gradient != nil { slopes.update(repeating: 0, count: range.count) }
              for pattern in patterns.menuOffsets[block.lowerBound]..<patterns.menuOffsets[block.upperBound] {
                let weight = weights?[pattern] ?? 1
                if weight == 0 { continue }
                let start = Int(offsets[pattern])
                let count = Int(offsets[pattern + 1]) - start
                for i in 0..<count {
                  z[i] = scores[Int(rows[start + i]) - range.lowerBound]
                  own[i] = 0
                }
                let value = likelihood.add(
                  z, count: count, places: Int(places[pattern]), joins: joined + start, weight: weight,
                  slopes: gradient == nil ? nil : own, scratch: scratch)
                logs?[pattern] = value
                total += weight * value
                if gradient != nil {
                  for i in 0..<count { slopes[Int(rows[start + i]) - range.lowerBound] += own[i] }
                }
              }
              if let gradient { family.addGradient(parameters, rows: range, slopes: slopes, to: gradient) }
            }
          }
        }
      }
    }
    return total
  }
}

/// Numbers at an address that stays the same, zero at first; the owner decides who writes where.
final class DoubleBuffer: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Double>
  let count: Int

  init(_ count: Int) {
    self.count = count
    pointer = .allocate(capacity: max(1, count))
    pointer.initialize(repeating: 0, count: max(1, count))
  }

  deinit { pointer.deallocate() }

  var values: [Double] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}
