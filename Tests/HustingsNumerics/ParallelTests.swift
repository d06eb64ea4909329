import Dispatch
import Foundation
import HustingsNumerics
import Testing

/// How often each of `count` places was visited by blocks of a size.
private func visits(_ count: Int, size: Int, workers: Int?) -> [Int] {
  var counts = [Int](repeating: 0, count: count)
  counts.withUnsafeMutableBufferPointer { counts in
    nonisolated(unsafe) let counts = counts
    forEachBlock(of: count, size: size, workers: workers) { range in
      for place in range { counts[place] += 1 }
    }
  }
  return counts
}

@Suite struct ParallelTests {
  @Test(arguments: [0, 1, 7, 64, 1000], [1, 2, 3, 5, nil])
  func everyPlaceIsInOneBlock(_ count: Int, _ workers: Int?) {
    for size in [1, 3, 64] {
      #expect(visits(count, size: size, workers: workers) == [Int](repeating: 1, count: count))
    }
  }

  /// Those who are done take over blocks of the one that is held up.
  @Test(arguments: [2, 3]) func unevenBlocksAreEachDoneOnce(_ workers: Int) {
    for slow in [0, 11, 23] {
      var counts = [Int](repeating: 0, count: 24)
      counts.withUnsafeMutableBufferPointer { counts in
        nonisolated(unsafe) let counts = counts
        forEachBlock(of: 24, size: 1, workers: workers) { range in
          if range.lowerBound == slow { Thread.sleep(forTimeInterval: 0.002) }
          counts[range.lowerBound] += 1
        }
      }
      #expect(counts == [Int](repeating: 1, count: 24))
    }
  }

  /// Threads are awake between the pieces at first and asleep after the pauses.
  @Test func manyShortPiecesAllGetDone() {
    for piece in 0..<2000 {
      #expect(visits(8, size: 1, workers: 2 + piece % 3) == [Int](repeating: 1, count: 8))
      if piece % 500 == 499 { Thread.sleep(forTimeInterval: 0.002) }
    }
  }

  @Test func workWithinWorkGetsDone() {
    var rows = [[Int]](repeating: [], count: 6)
    rows.withUnsafeMutableBufferPointer { rows in
      nonisolated(unsafe) let rows = rows
      forEachBlock(of: 6, size: 1, workers: 3) { range in
        for row in range { rows[row] = visits(20, size: 2, workers: 2) }
      }
    }
    #expect(rows == [[Int]](repeating: [Int](repeating: 1, count: 20), count: 6))
  }

  @Test func workFromManyThreadsAtOnceGetsDone() {
    var rows = [[Int]](repeating: [], count: 16)
    rows.withUnsafeMutableBufferPointer { rows in
      nonisolated(unsafe) let rows = rows
      DispatchQueue.concurrentPerform(iterations: 16) { row in
        for _ in 0..<50 { rows[row] = visits(30, size: 4, workers: 3) }
      }
    }
    #expect(rows == [[Int]](repeating: [Int](repeating: 1, count: 30), count: 16))
  }
}
