public import Hustings
import HustingsData
import HustingsProcess

/// A model in any language: a command that reads questions as JSON lines and writes answers as JSON lines.
///
/// docs/exec-models.md describes the protocol. The command is started once and asked in batches; it may give rewards,
/// preference probabilities, preference embeddings or verdicts, and may abstain with a reason.
public struct ExecModel: ClosableModel {
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

  /// Asks the command about every slate, or about every pair in both orders when it compares.
  public func judge(_ slates: [Slate]) async throws -> [Tournament] {
    switch kind {
    case .reward, .embedding:
      let answers = try await host.ask(slates.map { slate in { ExecRows.item($0, slate) } })
      return zip(slates, answers).map { slate, answer in
        kind == .reward
          ? answer.rewards(count: slate.responses.count) : answer.embedding(count: slate.responses.count)
      }
    case .pairwise, .judge, .policy:
      let queries = PairQuery.all(in: slates)
      let answers = try await host.ask(queries.map { query in { ExecRows.item($0, query) } })
      return PairQuery.tournaments(
        of: slates, answers: answers.map(\.judgment), areVerdicts: kind == .judge)
    }
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
