import CKernels
import Dispatch
import Foundation

/// Calls `body` once for every block of 0 ..< `count`, on several threads: with a number of them on those of the crew, which are
/// still awake between the short pieces of a training step, or on Dispatch's while the crew is at other work.
///
/// Which thread takes which block is open, so `body` must depend on its block alone and write to places of
/// its own.
///
/// - Parameter workers: the number of threads; nil for one per active core.
public func forEachBlock(
  of count: Int, size: Int, workers: Int? = nil, _ body: @Sendable (Range<Int>) -> Void
) {
  precondition(size > 0, "blocks of \(size)")
  guard count > 0 else { return }
  let blocks = (count + size - 1) / size
  let threads = min(blocks, max(1, workers ?? ProcessInfo.processInfo.activeProcessorCount))
  @Sendable func block(_ index: Int) {
    body(index * size..<min(count, (index + 1) * size))
  }
  guard threads > 1 else {
    for index in 0..<blocks { block(index) }
    return
  }
  guard workers != nil else { return DispatchQueue.concurrentPerform(iterations: blocks) { block($0) } }
  withoutActuallyEscaping(block) { block in
    let isDone = withUnsafePointer(to: Piece(body: block)) { piece in
      hustings_crew_run(
        threads, blocks, { piece, index in piece?.assumingMemoryBound(to: Piece.self).pointee.body(index) },
        UnsafeMutableRawPointer(mutating: piece))
    }
    if isDone != 0 { return }
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      for index in thread * blocks / threads..<(thread + 1) * blocks / threads { block(index) }
    }
  }
}

/// The size of blocks, a multiple of `unit`, that give each of several workers a few, so that a fast one can take over some of a
/// slow one's; all of `count` for one worker.
func sharedSize(_ count: Int, workers: Int, unit: Int) -> Int {
  let blocks = workers == 1 ? 1 : 4 * workers
  return max(1, (count + blocks * unit - 1) / (blocks * unit)) * unit
}

/// Work that a crew shares out.
private struct Piece {
  let body: @Sendable (Int) -> Void
}

/// `count` · `width` numbers, filled row by row on several threads: `fill` writes the rows of its range.
public func filledRows(
  _ count: Int, width: Int, blockSize: Int, workers: Int? = nil,
  fill: @Sendable (_ rows: Range<Int>, _ out: UnsafeMutablePointer<Double>) -> Void
) -> [Double] {
  [Double](unsafeUninitializedCapacity: count * width) { buffer, initialized in
    if let base = buffer.baseAddress {
      // Blocks are disjoint, so no two threads write to the same place.
      nonisolated(unsafe) let out = base
      forEachBlock(of: count, size: blockSize, workers: workers) { rows in
        fill(rows, out + rows.lowerBound * width)
      }
    }
    initialized = count * width
  }
}
