import Foundation

/// Floats at an address that stays the same, for work that threads share out.
///
/// The owner decides who writes where; nothing here guards against two threads writing to one place.
public final class FloatBuffer: @unchecked Sendable {
  /// The first element.
  public let pointer: UnsafeMutablePointer<Float>
  /// How many there are.
  public let count: Int

  /// A buffer of zeros, which takes memory where it is first written to.
  public init(_ count: Int) {
    self.count = count
    guard let zeros = calloc(max(1, count), MemoryLayout<Float>.stride) else {
      preconditionFailure("no memory for \(count) floats")
    }
    pointer = zeros.bindMemory(to: Float.self, capacity: max(1, count))
  }

  /// A buffer that begins as a copy.
  public convenience init(_ values: [Float]) {
    self.init(values.count)
    values.withUnsafeBufferPointer {
      if let base = $0.baseAddress { pointer.update(from: base, count: count) }
    }
  }

  deinit { free(pointer) }

  /// Sets the first `count` elements to zero.
  public func clear(_ count: Int? = nil) { pointer.update(repeating: 0, count: count ?? self.count) }

  /// Sets some elements to zero.
  public func clear(_ range: Range<Int>) {
    precondition(range.upperBound <= count, "elements up to \(range.upperBound) of a buffer of \(count)")
    (pointer + range.lowerBound).update(repeating: 0, count: range.count)
  }

  /// A copy of the elements.
  public var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Replaces the elements by as many others.
  public func replace(with values: [Float]) {
    precondition(values.count == count, "\(values.count) values for a buffer of \(count)")
    values.withUnsafeBufferPointer {
      if let base = $0.baseAddress { pointer.update(from: base, count: count) }
    }
  }
}
