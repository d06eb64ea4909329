public import Foundation
public import Hustings

/// What a model said of some benchmarks, kept in a repository: all that a paired comparison with a later model needs.
public struct Baseline: Sendable, Hashable {
  /// One benchmark's part.
  public struct Part: Sendable, Hashable {
    /// The benchmark's name.
    public let name: String
    /// The version of its definition.
    public let version: String
    /// The digest of its items and rules.
    public let identity: Digest
    /// The identity of the run that the answers come from.
    public let run: Digest
    /// The seed of that run.
    public let seed: UInt64
    /// How many items the benchmark has.
    public let itemCount: Int
    /// What was said, by item.
    public let answers: [String: Tournament]
    /// The board at the time: every model with its headline, best first.
    public let standings: [Standing]

    /// A benchmark's part.
    public init(
      name: String, version: String, identity: Digest, run: Digest, seed: UInt64, itemCount: Int,
      answers: [String: Tournament], standings: [Standing] = []
    ) {
      self.name = name
      self.version = version
      self.identity = identity
      self.run = run
      self.seed = seed
      self.itemCount = itemCount
      self.answers = answers
      self.standings = standings
    }
  }

  /// One line of a board.
  public struct Standing: Sendable, Hashable {
    /// The model's name.
    public let model: String
    /// The digest of all that decides its answers.
    public let fingerprint: Digest
    /// Its headline.
    public let value: Double

    /// One line of a board.
    public init(model: String, fingerprint: Digest, value: Double) {
      self.model = model
      self.fingerprint = fingerprint
      self.value = value
    }
  }

  /// One look at a candidate.
  public struct Look: Sendable, Hashable {
    /// The clause of the contract.
    public let clause: String
    /// The baseline's run.
    public let baseline: Digest
    /// The candidate's fingerprint.
    public let candidate: Digest
    /// The candidate's run.
    public let run: Digest
    /// What came of it.
    public let verdict: String
    /// When, to the second.
    public let at: Date

    /// One look at a candidate.
    public init(
      clause: String, baseline: Digest, candidate: Digest, run: Digest, verdict: String, at: Date
    ) {
      self.clause = clause
      self.baseline = baseline
      self.candidate = candidate
      self.run = run
      self.verdict = verdict
      self.at = at
    }
  }

  /// The contract that a baseline was made for.
  public struct ContractMark: Sendable, Hashable {
    /// Its version.
    public let version: Int
    /// The digest of its file.
    public let digest: Digest

    /// A contract's mark.
    public init(version: Int, digest: Digest) {
      self.version = version
      self.digest = digest
    }
  }

  /// The model.
  public let model: ModelCard
  /// The contract it was made for; nil when none was named.
  public let contract: ContractMark?
  /// The benchmarks, by name.
  public let parts: [Part]
  /// Every look at a candidate so far, oldest first.
  public var looks: [Look]

  /// A baseline.
  public init(model: ModelCard, contract: ContractMark?, parts: [Part], looks: [Look] = []) {
    self.model = model
    self.contract = contract
    self.parts = parts.sorted { $0.name < $1.name }
    self.looks = looks
  }
}
