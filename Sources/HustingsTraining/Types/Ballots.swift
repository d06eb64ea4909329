import HustingsNumerics

/// Who voted what, from both sides: the votes of each annotator, and the annotators behind each distinct vote.
struct Ballots: Sendable {
  private let voteOffsets: [Int]
  private let votes: [Int32]
  private let voterOffsets: [Int]
  private let voters: [Int32]
  private let weights: [Double]?

  init(_ panel: VotePanel) {
    voteOffsets = panel.voteOffsets
    votes = panel.votes
    weights = panel.weights
    var offsets = [Int](repeating: 0, count: panel.patterns.count + 1)
    for vote in panel.votes { offsets[Int(vote) + 1] += 1 }
    for pattern in 0..<panel.patterns.count { offsets[pattern + 1] += offsets[pattern] }
    var next = offsets
    var voters = [Int32](repeating: 0, count: panel.votes.count)
    for annotator in panel.annotators.indices {
      for vote in panel.votes(of: annotator) {
        voters[next[Int(vote)]] = Int32(annotator)
        next[Int(vote)] += 1
      }
    }
    voterOffsets = offsets
    self.voters = voters
  }

  /// For each annotator the sum of the rows of values[patterns×width] over what they voted: [annotators×width].
  func sumsByAnnotator(_ values: [Double], width: Int, workers: Int) -> [Double] {
    sums(voteOffsets, votes, values, width: width, workers: workers)
  }

  /// For each pattern the sum of the rows of values[annotators×width], times the annotators' weights, over who voted it:
  /// [patterns×width].
  func sumsByPattern(_ values: [Double], width: Int, workers: Int) -> [Double] {
    let weighted = weights.map { weights in
      values.indices.map { values[$0] * weights[$0 / width] }
    }
    return sums(voterOffsets, voters, weighted ?? values, width: width, workers: workers)
  }

  private func sums(_ offsets: [Int], _ members: [Int32], _ values: [Double], width: Int, workers: Int)
    -> [Double]
  {
    let count = offsets.count - 1
    return [Double](unsafeUninitializedCapacity: count * width) { sums, initialised in
      values.withUnsafeBufferPointer { values in
        if let sums = sums.baseAddress, let values = values.baseAddress {
          VoteKernels.memberSums(
            count, width: width, offsets: offsets, members: members, values: values, into: sums,
            workers: workers)
        }
      }
      initialised = count * width
    }
  }
}
