public import Hustings

/// Asks a panel of models who wins each pair, and counts their votes.
///
/// The votes on a pair are a function of the panel, the settings and the pair's texts: which response was chosen, the other
/// pairs and interruptions change nothing.
public struct VoteSynthesis: Sendable {
  /// How answers become votes.
  public let estimator: VoteEstimator
  /// Votes per pair; of several judges that count, as many of each.
  public let judges: Int
  /// What log-odds are divided by.
  public let temperature: Double
  /// How many pairs that people voted on calibrate the judges, and are left out; for `calibrated` only.
  public let exemplars: Int
  /// What draws are a function of.
  public let seed: UInt64
  /// The panel: member i casts vote i when votes are repeated; elsewhere every distinct model counts once.
  private let panel: [any PreferenceModel]

  /// A synthesis.
  ///
  /// - Parameter panel: the models in the order in which they vote; for `repeated` they take turns.
  public init(
    _ estimator: VoteEstimator, panel: [any PreferenceModel], judges: Int, temperature: Double = 1,
    exemplars: Int = 4, seed: UInt64 = 0
  ) {
    precondition(!panel.isEmpty && judges > 0, "\(panel.count) models, \(judges) votes")
    self.estimator = estimator
    self.panel = panel
    self.judges = judges
    self.temperature = temperature
    self.exemplars = estimator == .calibrated ? exemplars : 0
    self.seed = seed
  }

  /// What tells this synthesis from others, the pairs included.
  public func identity(_ pairs: [PreferencePair]) -> Digest {
    var hash = SHA256()
    hash.updateFramed("votes 1 \(estimator.rawValue) \(judges) \(temperature) \(exemplars) \(seed)")
    for model in panel { hash.update(model.card.fingerprint) }
    hash.update(pairs.contentDigest)
    return hash.finalize()
  }

  /// The pairs that calibrate the judges, by position, and those that get votes.
  public func parts(_ pairs: [PreferencePair]) throws -> (exemplars: [Int], asked: [Int]) {
    guard estimator == .calibrated else { return ([], Array(pairs.indices)) }
    let known = Set(pairs.indices.filter { pairs[$0].humanShare != nil }.prefix(exemplars))
    guard known.count == exemplars else {
      throw SynthesisError.tooFewExemplars(found: known.count, needed: exemplars)
    }
    return (known.sorted(), pairs.indices.filter { !known.contains($0) })
  }

  /// The slope by which log-odds are multiplied: one over the temperature, or what agrees best with the exemplars.
  public func slope(_ exemplars: [PreferencePair]) async throws -> Double {
    guard estimator == .calibrated else { return 1 / temperature }
    let answers = try await answers(exemplars, of: distinct)
    var known: [(margin: Double, share: Double)] = []
    for (index, pair) in exemplars.enumerated() {
      for answer in answers {
        if let margin = answer[index].margin, let share = pair.humanShare { known.append((margin, share)) }
      }
    }
    return VoteCalibration.slope(known)
  }

  /// The votes on some pairs, in order.
  public func votes(_ pairs: [PreferencePair], slope: Double) async throws -> [VoteCount] {
    switch estimator {
    case .repeated:
      let models = distinct
      let places = panel.map { member in
        models.firstIndex { $0.card.fingerprint == member.card.fingerprint } ?? 0
      }
      let answers = try await answers(pairs, of: models)
      return pairs.indices.map { index in
        VoteCount.repeated(
          (0..<judges).map { answers[places[$0 % places.count]][index] }, pair: pairs[index],
          temperature: temperature, seed: seed)
      }
    case .count, .calibrated:
      let answers = try await answers(pairs, of: distinct)
      if let judge = zip(distinct, answers).first(where: { $1.contains { $0.tournament.areVerdicts } })?.0 {
        throw SynthesisError.noSize(judge: judge.card.name, estimator: estimator)
      }
      return pairs.indices.map { index in
        VoteCount.expected(answers.map { $0[index].margin }, of: judges, slope: slope)
      }
    }
  }

  /// The models of the panel, each once.
  private var distinct: [any PreferenceModel] {
    var seen = Set<Digest>()
    return panel.filter { seen.insert($0.card.fingerprint).inserted }
  }

  /// What each model says of each pair.
  private func answers(
    _ pairs: [PreferencePair], of models: [any PreferenceModel]
  ) async throws -> [[PanelAnswer]] {
    let slates = pairs.map {
      Slate(id: $0.id, prompt: $0.prompt, responses: [$0.chosen, $0.rejected])
    }
    var all: [[PanelAnswer]] = []
    for model in models {
      let tournaments = try await model.judge(slates)
      all.append(
        zip(pairs, zip(slates, tournaments)).map { pair, judged in
          let chosen = judged.0.index(of: pair.chosen.digest) ?? 0
          return PanelAnswer(tournament: judged.1, chosen: chosen, rejected: 1 - chosen)
        })
    }
    return all
  }
}

extension PreferencePair {
  /// The share of people for the chosen response, where it is known.
  var humanShare: Double? { probability ?? votes?.share }
}

/// What can be wrong with a synthesis of votes.
public enum SynthesisError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A judge names winners, and the estimator needs sizes.
  case noSize(judge: String, estimator: VoteEstimator)
  /// Fewer pairs have votes of people than the calibration needs.
  case tooFewExemplars(found: Int, needed: Int)
  /// What was kept is of another synthesis.
  case otherJournal(file: String)

  /// One sentence or two: what, and the next move.
  public var description: String {
    switch self {
    case .noSize(let judge, let estimator):
      "\(judge) names winners without a size, and --estimator \(estimator.rawValue) needs log-odds. Use --estimator repeated."
    case .tooFewExemplars(let found, let needed):
      "\(found == 0 ? "No pair has" : found == 1 ? "1 pair has" : "\(found) pairs have") votes or a probability of people, and "
        + "--exemplars asks for \(needed). "
        + (found == 0 ? "Give pairs with votes, or use --estimator count." : "Ask for fewer.")
    case .otherJournal(let file):
      "\(file) holds votes of another synthesis: pairs, judges or settings differ. Remove it, or name another --out."
    }
  }
}
