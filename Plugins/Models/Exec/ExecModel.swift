public import Hustings
import HustingsData
import HustingsProcess

/// A model in any language: a command that reads questions as JSON lines and writes answers as JSON lines.
///
/// docs/exec-models.md describes the protocol. The command is started once and asked in batches; it may give rewards,
/// preference probabilities, preference embeddings or verdicts, and may abstain with a reason.
public struct ExecModel: OrderedModel, ClosableModel {
  /// Who it is, as the command says.
  public let card: ModelCard
  private let kind: ModelKind
  private let host: ExecHost

  /// Starts a command and waits until it said who it is.
  public init(_ command: String, context: ModelContext) async throws {
    let seconds = context.environment["HUSTINGS_EXEC_START_SECONDS"].flatMap { Int($0) } ?? 600
    let host = ExecHost(
      command, environment: context.environment, startSeconds: max(1, seconds), note: context.note)
    let hello = try await host.greet()
    self.host = host
    kind = hello.kind
    card = ModelCard(
      name: hello.name, kind: hello.kind, revision: hello.revision,
      fingerprint: ExecModel.fingerprint(command, hello),
      settings: hello.settings.merging(["command": command]) { own, _ in own })
  }

  /// Version of this adapter: raised when the same command may get other questions, or its answers another meaning.
  private static let version = "exec/1"

  /// The identity: the command, the files it names, and what it says of itself, its name apart.
  private static func fingerprint(_ command: String, _ hello: ExecHello) -> Digest {
    var hash = SHA256()
    for text in [version, command, hello.kind.rawValue, hello.revision, hello.fingerprint] {
      hash.updateFramed(text)
    }
    for (key, value) in hello.settings.sorted(by: { $0.key < $1.key }) {
      hash.updateFramed(key)
      hash.updateFramed(value)
    }
    for digest in CommandFiles.digests(in: command) { hash.update(digest) }
    return hash.finalize()
  }

  /// Asks the command about every slate, or about every pair in the order it is to be shown in, else in both, when it compares.
  public func answers(
    to slates: [Slate], order: @Sendable (Slate) -> Matchup?
  ) async throws -> [ModelAnswer] {
    switch kind {
    case .reward, .embedding:
      let answers = try await host.ask(slates.map { slate in { ExecRows.item($0, slate) } })
      return zip(slates, answers).map { slate, answer in
        let count = slate.responses.count
        return ModelAnswer(
          kind == .reward ? answer.rewards(count: count) : answer.embedding(count: count),
          traits: ExecModel.traits(count: count, [(0, answer)]))
      }
    case .pairwise, .judge, .policy:
      let (matchups, queries) = PairQuery.asked(of: slates, inOrder: order)
      var answers = try await host.ask(queries.map { query in { ExecRows.item($0, query) } })[...]
      return zip(slates, matchups).map { slate, matchups in
        let own = Array(zip(matchups, answers.prefix(matchups.count)))
        answers = answers.dropFirst(matchups.count)
        return ModelAnswer(
          Tournament(
            count: slate.responses.count,
            ordered: Dictionary(uniqueKeysWithValues: own.map { ($0, $1.judgment) }),
            areVerdicts: kind == .judge),
          traits: ExecModel.traits(count: slate.responses.count, own.map { ($0.first, $1) }))
      }
    }
  }

  /// What the command says its answers cost, by the response in first place; nothing where it says nothing.
  private static func traits(
    count: Int, _ answers: [(first: Int, answer: ExecSession.Answer)]
  ) -> [String: [Double?]] {
    let costs = answers.compactMap { first, answer in answer.cost.map { (first, $0) } }
    guard !costs.isEmpty else { return [:] }
    var dollars = [Double](repeating: 0, count: count)
    for (first, cost) in costs { dollars[first] += cost }
    return [Trait.cost: dollars]
  }

  /// Ends the command.
  public func close() async { await host.close() }

  /// `exec:COMMAND` on the command line.
  public static let plugin = ModelPlugin(
    scheme: "exec", usage: "exec:COMMAND",
    summary: "a command that answers JSON lines: rewards, probabilities, embeddings or verdicts"
  ) { specification, context in
    guard specification.argument.contains(where: { !$0.isWhitespace }) else { throw ExecFault.noCommand }
    return [try await ExecModel(specification.argument, context: context)]
  }
}
