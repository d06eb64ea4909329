public import Foundation
public import Hustings
public import HustingsMetrics

/// What a team promises about its models: one small file in its repository.
///
/// Margins are fixed before anyone looks at a candidate. A gate that cannot check its contract to the letter fails closed.
public struct Contract: Sendable, Hashable {
  /// How the verdicts of several primary clauses become one.
  public enum Mode: String, Sendable, Hashable, CaseIterable {
    /// Every primary clause must pass: an intersection–union test, which needs no correction.
    case allMustPass = "all-must-pass"
    /// Any significant drop of a primary clause blocks, with Holm's correction over the clauses.
    case anyMayBlock = "any-may-block"
  }

  /// What a clause asks of a metric.
  public enum Test: String, Sendable, Hashable, CaseIterable {
    /// Not worse by more than the margin.
    case nonInferiority = "non-inferiority"
    /// Changed by less than the margin in either direction: for refactors, where a rise is a bug too.
    case equivalence
  }

  /// Whether a clause decides or only informs.
  public enum Role: String, Sendable, Hashable, CaseIterable {
    case primary, advisory
  }

  /// What makes items dependent.
  public enum Cluster: String, Sendable, Hashable, CaseIterable {
    /// The benchmark's own clusters, usually the prompt.
    case prompt
    /// Every item stands for itself.
    case item
  }

  /// What a clause looks at.
  public enum Subject: Sendable, Hashable {
    /// A metric of the benchmark; the headline when nil.
    case metric(String?)
    /// A property of the reward scale.
    case scale(RewardScale)
  }

  /// One promise.
  public struct Clause: Sendable, Hashable {
    /// The benchmark's name.
    public let benchmark: String
    /// What is looked at.
    public let subject: Subject
    /// The subset it is looked at in; the whole benchmark when nil.
    public let stratum: String?
    /// Which way the metric improves, as the author of the contract believes; checked against the metric.
    public let direction: Direction?
    /// The change that is acceptable, in the metric's own unit: .01 is one point of a share.
    public let margin: Double
    /// What is asked.
    public let test: Test
    /// Whether it decides.
    public let role: Role
    /// What makes items dependent.
    public let cluster: Cluster
    /// The chance of a false verdict.
    public let alpha: Double
    /// The least share of items that must be answered, by baseline and candidate.
    public let coverage: Double
    /// Whether any significant drop fails, even one within the margin.
    public let isStrict: Bool
    /// The line of the file on which it begins.
    public let line: Int

    /// A clause.
    public init(
      benchmark: String, subject: Subject, stratum: String? = nil, direction: Direction? = nil,
      margin: Double,
      test: Test = .nonInferiority, role: Role = .primary, cluster: Cluster = .prompt, alpha: Double = 0.05,
      coverage: Double = 1, isStrict: Bool = false, line: Int = 0
    ) {
      self.benchmark = benchmark
      self.subject = subject
      self.stratum = stratum
      self.direction = direction
      self.margin = margin
      self.test = test
      self.role = role
      self.cluster = cluster
      self.alpha = alpha
      self.coverage = coverage
      self.isStrict = isStrict
      self.line = line
    }

    /// Whether a rise is as bad as a drop: by the author's word, and always for the scale of rewards.
    public var isEquivalence: Bool {
      if case .scale = subject { return true }
      return test == .equivalence
    }

    /// The clause in words: `judgebench accuracy (Coding)`.
    public var name: String {
      let what =
        switch subject {
        case .metric(let name): name ?? "headline"
        case .scale(let measure): "scale \(measure.rawValue)"
        }
      return "\(benchmark) \(what)" + (stratum.map { " (\($0))" } ?? "")
    }
  }

  /// Raised by the author whenever the promises change.
  public let version: Int
  /// Who answers for it.
  public let owner: String?
  /// The last day on which it holds, `2027-06-30`; nil for no end.
  public let expires: String?
  /// How the clauses become one verdict.
  public let mode: Mode
  /// The power below which the plan warns that a margin cannot be certified.
  public let power: Double
  /// How many looks at one candidate the contract allows: with n, each is taken at alpha / n.
  public let looks: Int
  /// Whether a candidate needs a passing certificate.
  public let needsCertificate: Bool
  /// The promises, in the order of the file.
  public let clauses: [Clause]
  /// The digest of the file.
  public let digest: Digest

  /// A contract.
  public init(
    version: Int, owner: String? = nil, expires: String? = nil, mode: Mode = .allMustPass,
    power: Double = 0.8,
    looks: Int = 1, needsCertificate: Bool = false, clauses: [Clause], digest: Digest
  ) {
    self.version = version
    self.owner = owner
    self.expires = expires
    self.mode = mode
    self.power = power
    self.looks = looks
    self.needsCertificate = needsCertificate
    self.clauses = clauses
    self.digest = digest
  }

  /// Whether the contract has ended by a moment (UTC).
  public func hasExpired(by now: Date) -> Bool {
    guard let expires else { return false }
    return Contract.day(of: now) > expires
  }

  /// The day of a moment in UTC, written so that days sort as texts.
  static func day(of moment: Date) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let parts = calendar.dateComponents([.year, .month, .day], from: moment)
    return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
  }
}
