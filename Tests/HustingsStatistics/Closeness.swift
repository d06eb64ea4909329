/// Whether two numbers agree to 1e-10, absolute below one and relative above.
func close(_ a: Double?, _ b: Double?, _ tolerance: Double = 1e-10) -> Bool {
  guard let a, let b else { return a == nil && b == nil }
  return a == b || abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}

/// Whether two lists agree number by number.
func close(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-10) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { close($0, $1, tolerance) }
}
