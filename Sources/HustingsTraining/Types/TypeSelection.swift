import Foundation
import HustingsNumerics

/// What comes of searching for one number of types.
public struct TypeCandidate: Sendable {
  /// Votes that took no part in the fit, predicted from the same annotators' other votes.
  public struct HeldOut: Sendable, Hashable {
    /// Votes held out.
    public let votes: Int
    /// Mean log-likelihood of a vote.
    public let perVote: Double
    /// Log-likelihood of each annotator's held-out votes; 0 where there are none.
    public let perAnnotator: [Double]
  }

  /// One restart.
  public struct Restart: Sendable, Hashable {
    /// How it began.
    public let start: String
    /// Its log-likelihood less the prior's penalty.
    public let objective: Double
    /// Its log-likelihood.
    public let logLikelihood: Double
    /// Its iterations.
    public let iterations: Int
    /// Whether it settled.
    public let isSettled: Bool
    /// How far its objective ever fell in one iteration.
    public let largestFall: Double
    /// How alike its assignment and the best restart's are, as an adjusted Rand index.
    public let agreement: Double?
  }

  /// The best restart, types in order of falling share.
  public let best: TypeMixture
  /// All restarts, in order.
  public let restarts: [Restart]
  /// The policies of hard clusters without EM (Cluster-DPO).
  public let clusters: TypeMixture
  /// -2·log-likelihood + parameters·log(annotators); lower is better.
  public let bic: Double
  /// The fit to held-out votes; nil where nobody has enough votes.
  public let heldOut: HeldOut?
  /// How alike the types are that two disjoint halves of the prompts give the same annotators, as an adjusted Rand index; nil
  /// where there is one type, or too little to split.
  public let stability: Double?

  /// How many types.
  public var types: Int { best.types }
}

/// Searches for several numbers of types and chooses among them.
public struct TypeSelection: Sendable {
  /// The votes.
  public let panel: VotePanel
  /// The kind of policy.
  public let family: any ScoreFamily
  /// Settings, the number of types aside.
  public let settings: TypeSettings
  /// Restarts of every search.
  public let restarts: Int
  /// How restarts begin.
  public let beginning: Beginning
  /// Threads to work on.
  public let workers: Int

  /// A selection.
  public init(
    _ panel: VotePanel, _ family: any ScoreFamily, _ settings: TypeSettings, restarts: Int,
    beginning: Beginning = .mixed, workers: Int
  ) throws {
    guard restarts >= 1 else {
      throw VoteFault.badSetting(name: "the number of restarts", value: "\(restarts)", allowed: "1 or more")
    }
    self.panel = panel
    self.family = family
    self.settings = settings
    self.restarts = restarts
    self.beginning = beginning
    self.workers = workers
  }

  /// The share of votes held out, as one in so many.
  private static let foldOf = 5

  /// How restarts begin.
  public enum Beginning: Sendable, Hashable {
    /// Hard clusters, spectral ones, then policies and probabilities that are drawn.
    case mixed
    /// Hard clusters.
    case clusters
    /// Spectral clusters.
    case spectral
    /// Uneven probabilities from a Dirichlet distribution.
    case dirichlet
    /// Policies drawn around the reference.
    case random
    /// Every annotator's probabilities of being of each type, row by row: one search, for that number of types alone.
    case given([Double])
  }

  /// The starts of so many restarts.
  func starts(_ count: Int) -> [TypeStart] {
    if case .given(let values) = beginning { return [.given(values)] }
    return (0..<count).map { number in
      let seed = settings.seed &+ UInt64(number)
      switch beginning {
      case .clusters: return .clusters(seed: seed)
      case .spectral: return .spectral(seed: seed)
      case .dirichlet: return .dirichlet(scale: 2, seed: seed)
      case .random: return .random(scale: 1, seed: seed)
      case .given, .mixed: break
      }
      switch number {
      case 0: return .clusters(seed: seed)
      case 1 where panel.annotators.count <= TypeSearch.spectralLimit: return .spectral(seed: seed)
      case let n where n % 3 == 2: return .clusters(seed: seed)
      case let n where n % 3 == 0: return .random(scale: 1, seed: seed)
      default: return .dirichlet(scale: 2, seed: seed)
      }
    }
  }

  /// All restarts of one number of types on one panel, several at once.
  private func searches(
    _ panel: VotePanel, types: Int, restarts: Int
  ) throws -> [TypeMixture] {
    var settings = settings
    settings.types = types
    let starts = types == 1 ? [TypeStart.uniform] : starts(restarts)
    let outer = min(workers, starts.count)
    let search = try TypeSearch(panel, family, settings, workers: max(1, workers / max(1, outer)))
    var results = [Result<TypeMixture, any Error>?](repeating: nil, count: starts.count)
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results
      forEachBlock(of: starts.count, size: 1, workers: outer) { range in
        for number in range { results[number] = Result { try search.run(from: starts[number]).sorted } }
      }
    }
    return try results.compactMap { try $0?.get() }
  }

  private func best(_ mixtures: [TypeMixture]) -> TypeMixture {
    // The first of equals, so that the order of threads decides nothing.
    mixtures.dropFirst().reduce(mixtures[0]) { $1.objective > $0.objective ? $1 : $0 }
  }

  /// What one number of types gives.
  public func candidate(types: Int) throws -> TypeCandidate {
    let mixtures = try searches(panel, types: types, restarts: restarts)
    let chosen = best(mixtures)
    var settings = settings
    settings.types = types
    let search = try TypeSearch(panel, family, settings, workers: workers)
    let own = chosen.assignments
    let clusters = try search.fit(
      search.responsibilities(of: types == 1 ? .uniform : .clusters(seed: settings.seed)), named: "clusters")
    let parameters = Double(types * family.parameterCount + types - 1)
    return TypeCandidate(
      best: chosen,
      restarts: mixtures.map { mixture in
        TypeCandidate.Restart(
          start: mixture.start, objective: mixture.objective, logLikelihood: mixture.logLikelihood,
          iterations: mixture.trace.count, isSettled: mixture.isSettled, largestFall: mixture.largestFall,
          agreement: TypeAgreement(own, mixture.assignments).adjustedRand)
      },
      clusters: clusters,
      bic: -2 * chosen.logLikelihood + parameters * log(Double(panel.annotators.count)),
      heldOut: try heldOut(types: types), stability: types == 1 ? nil : try stability(types: types))
  }

  private func heldOut(types: Int) throws -> TypeCandidate.HeldOut? {
    let seed = settings.seed
    func isHeld(_ annotator: Int, _ place: Int) -> Bool {
      guard panel.votes(of: annotator).count >= 2 else { return false }
      let shift = stableHash(panel.annotators[annotator]) &+ seed
      return (UInt64(place) &+ shift) % UInt64(TypeSelection.foldOf) == 0
    }
    let training = panel.picking { annotator, place, _ in !isHeld(annotator, place) }
    let held = panel.votes.count - training.votes.count
    let voting = training.annotators.indices.count { !training.votes(of: $0).isEmpty }
    guard held > 0, voting >= types else { return nil }
    let mixture = best(try searches(training, types: types, restarts: min(restarts, 3)))
    var settings = settings
    settings.types = types
    let before = try TypeSearch(training, family, settings, workers: workers).posteriors(under: mixture)
    let after = try TypeSearch(panel, family, settings, workers: workers).posteriors(under: mixture)
    let gains = zip(after.logEvidences, before.logEvidences).map { $0 - $1 }
    return TypeCandidate.HeldOut(
      votes: held, perVote: sum(gains.indices.lazy.map { panel.weight(of: $0) * gains[$0] }) / Double(held),
      perAnnotator: gains)
  }

  private func stability(types: Int) throws -> Double? {
    let menuOf = panel.patterns.menuOfEach
    var dice = CounterGenerator(seed: settings.seed, identity: "halves of prompts")
    var half = [Int](repeating: 0, count: panel.menus.count)
    for (place, menu) in dice.permutation(panel.menus.count).enumerated() { half[menu] = place % 2 }
    guard panel.menus.count >= 2 else { return nil }
    var assignments: [[Int]] = []
    var voting = Set(panel.annotators.indices)
    for side in 0..<2 {
      let part = panel.picking { _, _, pattern in half[menuOf[pattern]] == side }
      let present = part.annotators.indices.filter { !part.votes(of: $0).isEmpty }
      guard present.count >= types else { return nil }
      voting.formIntersection(present)
      assignments.append(best(try searches(part, types: types, restarts: min(restarts, 3))).assignments)
    }
    let both = voting.sorted()
    guard both.count >= 2 else { return nil }
    return TypeAgreement(both.map { assignments[0][$0] }, both.map { assignments[1][$0] }).adjustedRand
  }

  /// What a held-out vote must gain before another type is worth having. Types that coincide differ by what rounding and the
  /// prior leave, and by that of every annotator, so that a standard error alone would take it for a gain.
  public static let leastGain = 1e-3

  /// The place of the chosen candidate: the fewest types whose held-out log-likelihood is within one standard error of the
  /// best's, annotators paired, or within `leastGain` per vote; without held-out votes the least BIC.
  public static func choice(_ candidates: [TypeCandidate]) -> Int? {
    let known = candidates.indices.filter { candidates[$0].heldOut != nil }
    guard known.count == candidates.count,
      let top = known.max(by: {
        (candidates[$0].heldOut?.perVote ?? 0, -$0) < (candidates[$1].heldOut?.perVote ?? 0, -$1)
      }), let ceiling = candidates[top].heldOut
    else {
      return candidates.indices.min { (candidates[$0].bic, $0) < (candidates[$1].bic, $1) }
    }
    let order = candidates.indices.sorted { (candidates[$0].types, $0) < (candidates[$1].types, $1) }
    return order.first { place in
      guard let own = candidates[place].heldOut?.perAnnotator else { return false }
      let gaps = zip(ceiling.perAnnotator, own).map { $0 - $1 }
      let count = Double(gaps.count)
      let mean = sum(gaps) / count
      let variance = sum(gaps.lazy.map { ($0 - mean) * ($0 - mean) }) / max(1, count - 1)
      let least = leastGain * Double(ceiling.votes) / count
      return mean <= max((variance / count).squareRoot(), least)
    }
  }
}
