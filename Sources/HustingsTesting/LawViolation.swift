/// A law that a plugin breaks, with the evidence.
public struct LawViolation: Sendable, Hashable, CustomStringConvertible {
  /// The law, as a sentence.
  public let law: String
  /// Where it broke.
  public let evidence: String

  /// A broken law.
  public init(_ law: String, _ evidence: String) {
    self.law = law
    self.evidence = evidence
  }

  /// The law and where it broke.
  public var description: String { "\(law): \(evidence)" }
}
