import EncoderPlugins
import Foundation
public import Hustings
public import HustingsTraining

/// A model that `hustings train` wrote to a folder: its weights, the encoder whose rows it reads, and its card.
///
/// Bradley–Terry gives rewards, general and decomposed heads a skew-symmetric form, and PairPM is asked every pair in both
/// orders. An ensemble of Bradley–Terry models gives rewards too; any other ensemble gives one margin per pair. Loading checks
/// every digest and that the encoder is the one that the model was trained with.
public struct CheckpointModel: PreferenceModel {
  /// Who it is.
  public let card: ModelCard
  private let members: [PreferenceNetwork]
  private let rule: EnsembleRule
  private let encoder: any Encoder
  private let workers: Int

  /// Slates that are encoded at a time.
  private static let batch = 4096

  /// A model of checkpoints with one encoder, which must be that of the checkpoints.
  init(
    name: String, checkpoints: [Checkpoint], rule: EnsembleRule, encoder: any Encoder,
    workers: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws {
    for checkpoint in checkpoints { try checkpoint.check(encoder.card) }
    members = try Ensemble(checkpoints.map(\.network), rule: rule).members
    self.rule = rule
    self.encoder = encoder
    self.workers = workers
    let first = checkpoints[0].card
    var hash = SHA256()
    for checkpoint in checkpoints { hash.update(checkpoint.fingerprint) }
    if checkpoints.count > 1 { hash.updateFramed("\(rule)") }
    let fingerprint = hash.finalize()
    var settings = [
      "encoder": first.encoder.name, "head": first.model.head.name, "pairs": String(first.pairs),
    ]
    if checkpoints.count > 1 { settings["members"] = String(checkpoints.count) }
    card = ModelCard(
      name: name, kind: members[0].kind, revision: fingerprint.short, fingerprint: fingerprint,
      settings: settings)
  }

  /// One tournament per slate, in order.
  public func judge(_ slates: [Slate]) async throws -> [Tournament] {
    var tournaments: [Tournament] = []
    for start in stride(from: 0, to: slates.count, by: CheckpointModel.batch) {
      tournaments += try await judge(part: slates[start..<min(slates.count, start + CheckpointModel.batch)])
    }
    return tournaments
  }

  private func judge(part slates: ArraySlice<Slate>) async throws -> [Tournament] {
    var passages: [Passage] = []
    var prompts: [Passage] = []
    var rows: [Digest: Int] = [:]
    let encoded = slates.map { slate -> (slate: EncodedSlate, order: [Int]) in
      // By digest, as a slate has them in any case, so that the order of presentation cannot matter.
      let order = slate.responses.indices.sorted { slate.responses[$0].digest < slate.responses[$1].digest }
      let places = order.map { index -> Int? in
        let passage = Passage(slate.prompt, slate.responses[index])
        if let place = rows[passage.digest] { return place }
        rows[passage.digest] = passages.count
        passages.append(passage)
        return passages.count - 1
      }
      prompts.append(Passage(slate.prompt, nil))
      return (EncodedSlate(responses: places, prompt: prompts.count - 1), order)
    }
    let features = try await encoder.encode(passages)
    let gate = members.compactMap(\.promptInputs).first
    let promptRows = gate == nil ? nil : try await encoder.encode(prompts).forGate(inputs: gate)
    let answers = members.map {
      $0.judge(encoded.map(\.slate), features: features, prompts: promptRows, workers: workers)
    }
    return encoded.indices.map { index in
      combined(answers.map { $0[index] }).reordered(by: encoded[index].order)
    }
  }

  /// The members' answers on one slate as one.
  private func combined(_ answers: [Tournament]) -> Tournament {
    guard answers.count > 1 else { return answers[0] }
    let count = answers[0].count
    let rewards = answers.compactMap(\.rewards)
    if rewards.count == answers.count {
      return Tournament(rewards: (0..<count).map { place in rule.reward(rewards.map { $0[place] }) })
    }
    var judgments: [Matchup: Judgment] = [:]
    for matchup in Matchup.all(among: count) {
      let margins = answers.map { answer in answer.netMargin(matchup) }
      judgments[matchup] =
        rule.margin(margins).map(Judgment.init(logOdds:))
        ?? .absent(Absence(.abstention, "a member of the ensemble has no answer"))
    }
    return Tournament(count: count, symmetric: judgments)
  }
}

extension CheckpointModel {
  /// `checkpoint:FOLDER` on the command line.
  public static let plugin = ModelPlugin(
    scheme: "checkpoint", usage: "checkpoint:FOLDER",
    summary: "a model that `hustings train` wrote to a folder"
  ) { specification, context in
    guard !specification.argument.isEmpty, specification.selection == nil, specification.options.isEmpty
    else { throw RecipeError.badSpecification(specification.description) }
    let path = context.path(specification.argument)
    return [
      try CheckpointModel(
        folder: path, seed: context.seed, environment: context.environment, path: context.path)
    ]
  }

  /// The model of a folder, named after it.
  public init(
    folder: String, seed: UInt64 = 0, environment: [String: String] = [:],
    path: @escaping @Sendable (String) -> String = { $0 }
  ) throws {
    let (checkpoints, rule) = try CheckpointFolder(folder).read()
    let encoder = try Encoders.restore(
      checkpoints[0].encoder, context: EncoderContext(seed: seed, environment: environment, path: path))
    do {
      try self.init(
        name: CheckpointModel.name(of: folder), checkpoints: checkpoints, rule: rule, encoder: encoder)
    } catch let fault as TrainingFault {
      throw RecipeError.checkpoint(folder: folder, fault: fault)
    }
  }

  /// The last part of a folder's path that says something.
  private static func name(of folder: String) -> String {
    folder.split(separator: "/").last { $0 != "." }.map(String.init) ?? folder
  }
}

extension TrainedModel {
  /// The model as any other, without a folder.
  public func preferenceModel(named name: String) throws -> any PreferenceModel {
    try CheckpointModel(name: name, checkpoints: checkpoints, rule: recipe.rule, encoder: encoder)
  }
}

extension Tournament {
  /// Log-odds of the first response over the second; of both orders of presentation, half the difference. Nil without an
  /// answer.
  fileprivate func netMargin(_ matchup: Matchup) -> Double? {
    guard let there = judgment(matchup)?.logOdds else { return nil }
    guard isOrdered else { return there }
    return judgment(matchup.swapped)?.logOdds.map { (there - $0) / 2 }
  }

  /// The tournament of the same responses in another order: place k of this one is place order[k] of the result.
  fileprivate func reordered(by order: [Int]) -> Tournament {
    if order == Array(0..<count) { return self }
    if let rewards {
      var moved = [Double?](repeating: nil, count: count)
      var absences: [Int: Absence] = [:]
      for (place, index) in order.enumerated() {
        moved[index] = rewards[place]
        absences[index] = self.absences[place]
      }
      return Tournament(rewards: moved, absences: absences)
    }
    var judgments: [Matchup: Judgment] = [:]
    for matchup in matchups {
      judgments[Matchup(order[matchup.first], order[matchup.second])] = judgment(matchup)
    }
    return isOrdered
      ? Tournament(count: count, ordered: judgments) : Tournament(count: count, symmetric: judgments)
  }
}

extension Head {
  /// What the head is called on the command line.
  public var name: String {
    switch self {
    case .bradleyTerry: "bt"
    case .general(let settings): "gpm, d = \(settings.dimension)"
    case .decomposed(let settings): "decomposed, d = \(settings.dimension)"
    case .pairwise: "pairpm"
    case .distributional(let settings):
      switch settings.kind {
      case .gaussian: "distributional, gaussian"
      case .categorical(let levels, _): "distributional, \(levels) levels"
      }
    }
  }
}
