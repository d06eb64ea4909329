import Foundation

/// Memory that a processor finds its way through quickly.
///
/// Rows picked from all over a matrix of hundreds of megabytes cost a look at the page tables each. Linux backs memory by pages of
/// 2 MB where it is asked to before the memory is first written; elsewhere, and where it has none left, nothing changes.
enum LargePages {
  private static let size = 1 << 21

  static func advise(_ start: UnsafeMutableRawPointer, bytes: Int) {
    #if os(Linux)
      let first = (Int(bitPattern: start) + size - 1) / size * size
      let last = (Int(bitPattern: start) + bytes) / size * size
      guard last > first, let whole = UnsafeMutableRawPointer(bitPattern: first) else { return }
      // Refused, it is as if it had not been asked.
      _ = madvise(whole, last - first, Int32(MADV_HUGEPAGE))
    #endif
  }
}

extension Array {
  /// An array as `init(unsafeUninitializedCapacity:initializingWith:)` makes it, for much data that is read in any order.
  public init(
    large capacity: Int,
    initializingWith fill: (inout UnsafeMutableBufferPointer<Element>, inout Int) throws -> Void
  ) rethrows {
    try self.init(unsafeUninitializedCapacity: capacity) { buffer, count in
      if let start = buffer.baseAddress {
        LargePages.advise(UnsafeMutableRawPointer(start), bytes: capacity * MemoryLayout<Element>.stride)
      }
      try fill(&buffer, &count)
    }
  }

  /// Makes room for much data that will be read in any order.
  public mutating func reserveLargeCapacity(_ capacity: Int) {
    reserveCapacity(capacity)
    withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      LargePages.advise(UnsafeMutableRawPointer(start), bytes: capacity * MemoryLayout<Element>.stride)
    }
  }
}
