import HustingsNumerics

extension LengthControl {
  /// `statistic` on every resample, computed on several threads; each replicate depends on its number alone.
  func resampled(
    _ rows: LengthControlRows, replicates: Int, seed: UInt64,
    statistic: @Sendable (_ counts: [UInt32]) -> Double?
  ) -> [Double?] {
    // NaN marks an undefined replicate in the block of memory; it never leaves this function.
    filledRows(replicates, width: 1, blockSize: 8) { range, out in
      for replicate in range {
        let counts = Resampling.counts(clusters: rows.count, seed: seed, replicate: replicate)
        out[replicate - range.lowerBound] = statistic(counts) ?? .nan
      }
    }.map { $0.isNaN ? nil : $0 }
  }
}
