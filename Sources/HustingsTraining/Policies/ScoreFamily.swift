/// Functions that give every row of a panel a score, by parameters: what a kind of policy is made of.
///
/// A policy π answers a prompt with the probability π_ref(y)·exp(s(y)/β), normalised over the prompt's responses; the score
/// s = β·log(π/π_ref), up to a constant per prompt, is the reward that direct preference optimisation finds in it. A family
/// says how parameters make scores. Parameters of the reference make every score 0.
public protocol ScoreFamily: Sendable {
  /// How many rows it scores.
  var rowCount: Int { get }
  /// How many parameters it has.
  var parameterCount: Int { get }
  /// Whether parameter r is the score of row r, so that gradients of different rows never meet.
  var isPerRow: Bool { get }
  /// Whether a likelihood that is concave in scores is concave in parameters, so that it has one best value.
  var isConvex: Bool { get }
  /// Parameters whose scores are all 0.
  func reference(seed: UInt64) -> [Double]
  /// Parameters drawn at random around the reference's.
  func random(seed: UInt64, scale: Double) -> [Double]
  /// Writes the scores of some rows.
  func score(
    _ parameters: UnsafePointer<Double>, rows: Range<Int>, into scores: UnsafeMutablePointer<Double>)
  /// Adds to the gradient by parameters what slopes by the scores of some rows make of it.
  func addGradient(
    _ parameters: UnsafePointer<Double>, rows: Range<Int>, slopes: UnsafePointer<Double>,
    to gradient: UnsafeMutablePointer<Double>)
  /// A short vector for each row, [rows × width], in which rows with like features lie alike.
  func sketch(width: Int, seed: UInt64) -> [Float]
}

extension ScoreFamily {
  /// The scores of all rows.
  public func scores(_ parameters: [Double]) -> [Double] {
    precondition(
      parameters.count == parameterCount, "\(parameters.count) parameters of \(parameterCount)")
    return [Double](unsafeUninitializedCapacity: rowCount) { out, count in
      if let base = out.baseAddress {
        parameters.withUnsafeBufferPointer { from in
          if let from = from.baseAddress { score(from, rows: 0..<rowCount, into: base) }
        }
      }
      count = rowCount
    }
  }
}
