import CKernels

/// Bootstrap resamples of clusters, and random signs, at full speed.
///
/// Replicate r of a seed is a pure function of (seed, r): any range of replicates, cut over any number of
/// threads, gives the same bytes. Draws come from xoshiro128++ lanes seeded per replicate by Philox; see
/// `resample.h`.
public enum Resampling {
  /// Column totals of every replicate, each of which draws as many clusters as there are, with replacement.
  ///
  /// All columns share the draws, and a column's totals do not depend on which other columns there are.
  ///
  /// - Parameters:
  ///   - table: shape [clusters][columns], one row per cluster.
  ///   - columns: how many numbers a cluster has.
  /// - Returns: shape [replicates][columns].
  public static func totals(
    of table: [Double], columns: Int, replicates: Int, seed: UInt64, workers: Int? = nil
  ) -> [Double] {
    let clusters = clusterCount(of: table.count, columns: columns)
    guard clusters > 0, replicates > 0 else { return [Double](repeating: 0, count: replicates * columns) }
    let tiles = Tile.cover(table, columns: columns)
    return filledRows(replicates, width: columns, blockSize: 64, workers: workers) { rows, out in
      for tile in tiles {
        tile.add(clusters: clusters, seed: seed, rows: rows, columns: columns, out: out)
      }
    }
  }

  /// How often each cluster is drawn in one replicate: the draws that `totals(of:)` adds up.
  public static func counts(clusters: Int, seed: UInt64, replicate: Int) -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: clusters) { buffer, initialized in
      hustings_resample_counts(UInt32(clusters), seed, UInt64(replicate), buffer.baseAddress)
      initialized = clusters
    }
  }

  /// Column totals of every replicate when clusters come in few kinds, whose counts are one multinomial draw.
  ///
  /// The distribution is that of `totals(of:)` with every cluster written out, the draws are not. The cost
  /// does not grow with the number of clusters.
  ///
  /// - Parameters:
  ///   - sizes: how many clusters are of each kind.
  ///   - rows: shape [kinds][columns], the numbers of one cluster of each kind.
  /// - Returns: shape [replicates][columns].
  public static func totals(
    ofTypes sizes: [Int], rows: [Double], columns: Int, replicates: Int, seed: UInt64, workers: Int? = nil
  ) -> [Double] {
    precondition(
      rows.count == sizes.count * columns, "\(rows.count) numbers for \(sizes.count) rows of \(columns)")
    let counts = sizes.map(UInt64.init)
    return filledRows(replicates, width: columns, blockSize: 256, workers: workers) { range, out in
      hustings_resample_types(
        counts, UInt32(counts.count), rows, UInt32(columns), seed, UInt64(range.lowerBound),
        UInt64(range.count), out)
    }
  }

  /// Sums of `values` under fair random signs, one per replicate.
  public static func flippedTotals(
    of values: [Double], replicates: Int, seed: UInt64, workers: Int? = nil
  ) -> [Double] {
    filledRows(replicates, width: 1, blockSize: 64, workers: workers) { range, out in
      hustings_flip_totals(
        values, UInt64(values.count), seed, UInt64(range.lowerBound), UInt64(range.count), out)
    }
  }

  private static func clusterCount(of numbers: Int, columns: Int) -> Int {
    precondition(columns > 0 && numbers % columns == 0, "\(numbers) numbers in rows of \(columns)")
    let clusters = numbers / columns
    precondition(clusters < 1 << 29, "\(clusters) clusters, more than 32 bits can index in rows of eight")
    return clusters
  }
}

/// Up to eight columns of a table, padded to a width the kernel has code for.
private struct Tile: Sendable {
  let first: Int
  let columns: Int
  let width: Int
  let table: [Double]

  static func cover(_ table: [Double], columns: Int) -> [Tile] {
    stride(from: 0, to: columns, by: 8).map { first in
      let here = min(8, columns - first)
      let width = here > 4 ? 8 : here > 2 ? 4 : here
      if width == columns { return Tile(first: 0, columns: here, width: width, table: table) }
      var padded = [Double](repeating: 0, count: table.count / columns * width)
      for cluster in 0..<table.count / columns {
        for column in 0..<here {
          padded[cluster * width + column] = table[cluster * columns + first + column]
        }
      }
      return Tile(first: first, columns: here, width: width, table: padded)
    }
  }

  /// Writes this tile's columns of the replicates `rows`; `out` points to the first of them.
  func add(
    clusters: Int, seed: UInt64, rows: Range<Int>, columns all: Int, out: UnsafeMutablePointer<Double>
  ) {
    if width == all {
      hustings_resample_totals(
        table, UInt32(clusters), UInt32(width), seed, UInt64(rows.lowerBound), UInt64(rows.count), out)
      return
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count * width) { scratch in
      guard let base = scratch.baseAddress else { return }
      hustings_resample_totals(
        table, UInt32(clusters), UInt32(width), seed, UInt64(rows.lowerBound), UInt64(rows.count), base)
      for row in 0..<rows.count {
        for column in 0..<columns { out[row * all + first + column] = base[row * width + column] }
      }
    }
  }
}
