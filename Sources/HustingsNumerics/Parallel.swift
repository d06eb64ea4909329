import CKernels
import Dispatch
import Foundation

/// Calls `body` once for every block of 0 ..< `count`, on several threads.
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
  onThreads(threads) { thread in
    for index in stride(from: thread, to: blocks, by: threads) { block(index) }
  }
}

/// Calls `body` once for each of 0 ..< `threads`, each on a thread of its own: on those of the crew, which are still awake between the
/// short pieces of a training step, or on Dispatch's while the crew is at other work.
private func onThreads(_ threads: Int, _ body: @Sendable (Int) -> Void) {
  withoutActuallyEscaping(body) { body in
    let isDone = withUnsafePointer(to: Piece(body: body)) { piece in
      hustings_crew_run(
        threads, { piece, thread in piece?.assumingMemoryBound(to: Piece.self).pointee.body(thread) },
        UnsafeMutableRawPointer(mutating: piece))
    }
    if isDone == 0 { DispatchQueue.concurrentPerform(iterations: threads, execute: body) }
  }
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
