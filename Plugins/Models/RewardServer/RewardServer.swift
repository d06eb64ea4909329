public import Hustings
import HustingsData
import HustingsEndpoints
import HustingsHTTP

/// Rewards from a server: vLLM, text-embeddings-inference, SGLang, or anything that imitates one of their interfaces.
///
/// A request holds responses of one item only, so what is kept of an interrupted run is found again. A text that is longer than
/// the model reads is an abstention, unless the user allows it to be cut, which is then told for each item and response.
/// docs/reward-servers.md lists every setting.
public struct RewardServer: MeteredModel, TraitSource {
  /// Who it is.
  public let card: ModelCard
  private let model: String
  private let settings: RewardServerSettings
  private let desk: Desk
  private let meter: CallMeter
  private let longest: Int?
  private let window: Int

  private init(
    _ settings: RewardServerSettings, endpoint: EndpointSettings, model: String, served: ServedModel,
    context: ModelContext
  ) throws {
    self.settings = settings
    self.model = model
    meter = context.meter
    longest = settings.longest ?? served.longestInput
    window = 2 * endpoint.concurrency * endpoint.bases.count
    desk = try Desk(endpoint, model: model, served: served, context: context)
    var hash = SHA256()
    hash.update(Desk.identity(endpoint, model: model, served: served))
    hash.update(settings.identity)
    card = ModelCard(
      name: model.split(separator: "/").last.map(String.init) ?? model,
      kind: settings.interface.givesEmbeddings ? .embedding : .reward, revision: served.description ?? "",
      fingerprint: hash.finalize(),
      settings: [
        "model": model, "api": settings.interface.rawValue, "format": settings.form.rawValue,
        "truncate": settings.cut?.rawValue ?? "never",
      ])
  }

  /// Asks about every response, and says what that cost where tokens have a price.
  public func answers(to slates: [Slate]) async throws -> [ModelAnswer] {
    var answers = [ModelAnswer?](repeating: nil, count: slates.count)
    try await withThrowingTaskGroup(of: (Int, ModelAnswer).self) { group in
      for (index, slate) in slates.enumerated() {
        if index >= window, let (done, answer) = try await group.next() { answers[done] = answer }
        group.addTask { (index, try await answer(slate)) }
      }
      for try await (index, answer) in group { answers[index] = answer }
    }
    // What an interruption left open is nothing to store.
    try Task.checkCancellation()
    return answers.compactMap { $0 }
  }

  private enum Finding: Sendable {
    case numbers(ServedNumbers)
    case absent(Absence)
  }

  /// What came of some responses, and what asking for them cost.
  private typealias Findings = (findings: [Finding], dollars: Double?)

  private func answer(_ slate: Slate) async throws -> ModelAnswer {
    let parts = stride(from: 0, to: slate.responses.count, by: settings.batch).map {
      Array($0..<min($0 + settings.batch, slate.responses.count))
    }
    var findings = [Finding](
      repeating: .absent(Absence(.error, "it was not asked")), count: slate.responses.count)
    var costs = [Double?](repeating: nil, count: slate.responses.count)
    try await withThrowingTaskGroup(of: ([Int], Findings).self) { group in
      for part in parts { group.addTask { (part, try await ask(slate, part)) } }
      for try await (part, told) in group {
        for (index, finding) in zip(part, told.findings) { findings[index] = finding }
        // A request is one price for all it holds.
        for index in part { costs[index] = told.dollars.map { $0 / Double(part.count) } }
      }
    }
    if settings.cut != nil { await noticeCuts(slate, findings) }
    meter.finishedItem()
    return ModelAnswer(
      settings.interface.givesEmbeddings ? embedding(findings) : rewards(findings),
      traits: costs.contains { $0 != nil } ? [Trait.cost: costs] : [:])
  }

  private func ask(_ slate: Slate, _ places: [Int]) async throws -> Findings {
    try Task.checkCancellation()
    let interface = settings.interface
    let body = interface.body(
      slate.prompt, places.map { slate.responses[$0] }, model: model, settings: settings, cut: settings.cut,
      longest: longest)
    let call = DeskCall(path: interface.path, body: body, template: settings.identity) { row in
      _ = try interface.rows(row, count: places.count)
    }
    switch await desk.ask(call) {
    case .reply(let row):
      let dollars = desk.dollars(call, row)
      do {
        return (try interface.rows(row, count: places.count).map { .numbers($0) }, dollars)
      } catch {
        return (places.map { _ in .absent(Absence(.invalid, "\(error)")) }, dollars)
      }
    case .absent(let absence):
      // A refusal may be about one text of several.
      guard absence.kind == .abstention, places.count > 1 else {
        return (places.map { _ in .absent(absence) }, nil)
      }
      var told: Findings = ([], nil)
      for place in places {
        let one = try await ask(slate, [place])
        told.findings += one.findings
        if let dollars = one.dollars { told.dollars = (told.dollars ?? 0) + dollars }
      }
      return told
    }
  }

  private func rewards(_ findings: [Finding]) -> Tournament {
    var rewards: [Double?] = []
    var absences: [Int: Absence] = [:]
    for (index, finding) in findings.enumerated() {
      switch finding {
      case .absent(let absence):
        rewards.append(nil)
        absences[index] = absence
      case .numbers(let numbers):
        switch settings.reward(numbers) {
        case .success(let reward): rewards.append(reward)
        case .failure(let unclear):
          rewards.append(nil)
          absences[index] = Absence(.invalid, unclear.reason)
        }
      }
    }
    return Tournament(rewards: rewards, absences: absences)
  }

  private func embedding(_ findings: [Finding]) -> Tournament {
    var vectors: [[Double]?] = []
    for finding in findings {
      switch finding {
      case .absent(let absence):
        if absence.kind == .error { return Tournament(count: findings.count, absentPairs: absence) }
        vectors.append(nil)
      case .numbers(.vector(let vector)):
        // A lone number s is a reward, and a reward is the preference embedding (s, 1).
        vectors.append(vector.count == 1 ? [vector[0], 1] : vector)
      case .numbers: vectors.append(nil)
      }
    }
    let width = vectors.lazy.compactMap { $0?.count }.first ?? 2
    let scales = settings.scales ?? [Double](repeating: 1, count: width / 2)
    guard width % 2 == 0, scales.count == width / 2, vectors.allSatisfy({ ($0?.count ?? width) == width })
    else {
      return Tournament(
        count: findings.count,
        absentPairs: Absence(
          .invalid,
          "the server gave a vector of length \(width) with \(scales.count) scales; preference embeddings have an even "
            + "length and half as many scales"))
    }
    return SlateEmbedding(vectors: vectors, scales: scales).tournament
  }

  // MARK: Cuts

  /// Tells which responses were longer than the model reads. A text of no more bytes than tokens allowed needs no counting.
  private func noticeCuts(_ slate: Slate, _ findings: [Finding]) async {
    guard let longest else { return }
    for (index, response) in slate.responses.enumerated() {
      guard case .numbers = findings[index] else { continue }
      let bytes = settings.text(slate.prompt, response).utf8.count
      // A template may add some tokens of its own.
      guard bytes + 64 > longest else { continue }
      let text: String
      switch await tokens(slate.prompt, response) {
      case let count? where count <= longest: continue
      case let count?: text = "\(count) tokens, of which the model read \(longest)"
      case nil: text = "\(bytes) bytes, of which the model read \(longest) tokens at most"
      }
      meter.notice(ItemNotice(model: card.name, item: slate.id, response: index, text: text))
    }
  }

  /// How many tokens the server makes of a response with its prompt; nil when it does not say.
  private func tokens(_ prompt: Prompt, _ response: Response) async -> Int? {
    let body: JSONValue
    switch settings.interface {
    case .teiPredict, .teiRerank, .teiEmbed:
      body = ["inputs": [.string(settings.text(prompt, response))]]
    case .vllmPooling, .vllmClassify:
      body =
        settings.form == .chat
        ? [
          "model": .string(model), "messages": ConversationForm.messages(prompt, response),
          "add_generation_prompt": false,
        ] : ["model": .string(model), "prompt": .string(settings.text(prompt, response))]
    case .vllmScore, .vllmRerank, .sglangClassify, .openAIEmbeddings:
      body = ["model": .string(model), "prompt": .string(settings.text(prompt, response))]
    }
    let answer = await desk.aside(
      DeskCall(path: "tokenize", body: body, template: settings.identity) { _ = try Self.count($0) })
    guard case .reply(let row) = answer else { return nil }
    return try? Self.count(row)
  }

  private static func count(_ row: JSONNode) throws -> Int {
    if case .object = row.value { return try row.integer("count") }
    guard let first = try row.elements().first else {
      throw row.fault(.wrongType(expected: "a list of lists", found: "an empty one"))
    }
    return try first.elements().count
  }

  /// `reward-server:URL?api=API` on the command line.
  public static let plugin = ModelPlugin(
    scheme: "reward-server", usage: "reward-server:URL?api=API&model=NAME",
    summary: "rewards from vLLM, text-embeddings-inference, SGLang and servers like them"
  ) { specification, context in
    let endpoint = try EndpointSettings(
      specification, addresses: specification.argument, others: RewardServerSettings.names, context: context)
    let settings = try RewardServerSettings(specification, context: context)
    let served = try await ServedModel.ask(
      endpoint, settings.interface.question, wanted: specification.option("model"), context: context)
    guard let model = served.name else {
      throw EndpointFault.badOption(
        "model", value: "",
        expected: "the name of the model, which \(endpoint.bases[0]) does not tell by itself")
    }
    return [try RewardServer(settings, endpoint: endpoint, model: model, served: served, context: context)]
  }
}
