import CKernels

/// Sums over who voted what, and over what somebody voted.
public enum VoteKernels {
  /// sums[r×width] = Σ of the rows of values[·×width] that `members` names from offsets[r] to offsets[r + 1], in that order.
  ///
  /// - Parameters:
  ///   - offsets: shape [count + 1], places in `members`.
  ///   - sums: shape [count×width], overwritten.
  public static func memberSums(
    _ count: Int, width: Int, offsets: [Int], members: [Int32], values: UnsafePointer<Double>,
    into sums: UnsafeMutablePointer<Double>, workers: Int
  ) {
    precondition(offsets.count == count + 1, "\(offsets.count) offsets of \(count) rows")
    precondition(
      (offsets.last ?? 0) <= members.count, "\(members.count) members, offsets to \(offsets.last ?? 0)")
    nonisolated(unsafe) let (values, sums) = (values, sums)
    forEachBlock(of: count, size: 2048, workers: workers) { rows in
      offsets.withUnsafeBufferPointer { offsets in
        members.withUnsafeBufferPointer { members in
          guard let offsets = offsets.baseAddress, let members = members.baseAddress else { return }
          hustings_member_sums(
            rows.count, width, offsets + rows.lowerBound, members, values, sums + rows.lowerBound * width)
        }
      }
    }
  }

  /// Votes between two rows under several policies.
  ///
  /// - Parameters:
  ///   - pairs: shape [n×2], winner and loser.
  ///   - base: the row that `scores` and `slopes` begin with.
  ///   - scores: shape [rows×policies].
  ///   - weights: shape [n×policies]; nil for 1.
  ///   - work: room for 3·n·policies.
  ///   - losses: shape [policies]; gets Σ weight·log(1 + exp(-gap)) added.
  ///   - logs: shape [n×policies]; -weight·log(1 + exp(-gap)).
  ///   - slopes: shape [rows×policies]; gets the derivative of the losses by each score added.
  public static func pass(
    _ n: Int, policies: Int, pairs: UnsafePointer<Int32>, base: Int, scores: UnsafePointer<Float>,
    weights: UnsafePointer<Float>?, work: UnsafeMutablePointer<Float>,
    losses: UnsafeMutablePointer<Double>?, logs: UnsafeMutablePointer<Double>?,
    slopes: UnsafeMutablePointer<Float>?
  ) {
    hustings_votes(n, policies, pairs, Int32(base), scores, weights, work, losses, logs, slopes)
  }
}
