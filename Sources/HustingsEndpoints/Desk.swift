import Foundation
public import Hustings
public import HustingsData
import HustingsHTTP

/// One question to an endpoint.
public struct DeskCall: Sendable {
  /// What follows the base address, such as `chat/completions`.
  public let path: String
  /// The body, complete.
  public let body: JSONValue
  /// The digest of the template that the body was made from.
  public let template: Digest
  /// Which of several askings of the same question this is, from 0.
  public let repetition: Int
  /// The most tokens the answer may have, as far as the body says.
  public let longestAnswer: Int
  /// Throws when a reply is not of the kind that was asked for; such a reply is not kept, and asked for again.
  public let check: @Sendable (JSONNode) throws -> Void

  /// A question.
  public init(
    path: String, body: JSONValue, template: Digest, repetition: Int = 0, longestAnswer: Int = 0,
    check: @escaping @Sendable (JSONNode) throws -> Void
  ) {
    self.check = check
    self.path = path
    self.body = body
    self.template = template
    self.repetition = repetition
    self.longestAnswer = longestAnswer
  }
}

/// What came of a question.
public enum DeskAnswer: Sendable {
  /// The reply.
  case reply(JSONNode)
  /// Nothing usable, and why. An error may be asked again; a refusal is an abstention.
  case absent(Absence)

  static let unwritable = DeskAnswer.absent(
    Absence(.invalid, "the question holds a number that JSON cannot write"))
}

/// Puts questions to an endpoint, each once: looks among kept replies first, keeps what comes, counts the cost, and stops
/// asking a server that is gone.
///
/// A reply is kept under the digest of everything that decides it: the endpoint's first address, what it says it serves, the
/// model's name, the path, the whole body, the template and the repetition. Errors are never kept.
public actor Desk {
  /// The names of the model and its endpoint.
  public nonisolated let model: String
  private nonisolated let endpointName: String
  private nonisolated let identity: Digest
  private nonisolated let endpoint: Endpoint
  private nonisolated let context: ModelContext
  private nonisolated let price: TokenPrice?
  private nonisolated let countsTokens: Bool
  private var underWay: [Digest: Task<DeskAnswer, Never>] = [:]
  private var failuresInARow = 0
  private var closedBecause: String?
  /// So many calls in a row that were given up after all their attempts mean that the server is gone.
  private static let patience = 6

  /// A desk for the model of a name at an endpoint.
  public init(
    _ settings: EndpointSettings, model: String, served: ServedModel, context: ModelContext
  ) throws {
    self.model = model
    self.context = context
    endpointName = settings.bases[0].description
    price = context.price(model)
    countsTokens = settings.budget.tokens != nil
    if context.meter.limit != nil, price == nil { throw EndpointFault.noPrice(model: model) }
    identity = Desk.identity(settings, model: model, served: served)
    endpoint = Endpoint(
      client: settings.client(context), bases: settings.bases, credentials: settings.credentials,
      retry: RetryPolicy(attempts: settings.attempts),
      concurrency: ConcurrencyPolicy(start: min(16, settings.concurrency), ceiling: settings.concurrency),
      budget: settings.budget)
  }

  /// The identity of an endpoint with its model: part of every model that asks there.
  public nonisolated static func identity(
    _ settings: EndpointSettings, model: String, served: ServedModel
  ) -> Digest {
    var hash = SHA256()
    hash.updateFramed("endpoint/1")
    hash.updateFramed(settings.bases[0].description)
    hash.updateFramed(model)
    hash.updateFramed(served.description ?? "")
    return hash.finalize()
  }

  /// Asks, unless the answer is at hand.
  public func ask(_ call: DeskCall) async -> DeskAnswer {
    guard let (body, key) = question(call) else { return .unwritable }
    // The same question, asked twice at the same time, is one call.
    let task =
      underWay[key]
      ?? Task { await self.answer(to: call, body: body, key: key) }
    underWay[key] = task
    let answer = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
    underWay[key] = nil
    return answer
  }

  /// What a question and its reply cost in US dollars, whether the reply came now or was kept; nil where the price is not known.
  public nonisolated func dollars(_ call: DeskCall, _ reply: JSONNode) -> Double? {
    guard let price else { return nil }
    if let usage = Usage(reply) { return price.dollars(input: usage.input, output: usage.output) }
    guard let (body, _) = question(call) else { return nil }
    return price.dollars(input: Desk.inputTokens(bytes: body.count), output: 0)
  }

  /// About how many tokens so many bytes are: a token is at least a byte and on the average four; three errs on the dear side.
  private nonisolated static func inputTokens(bytes: Int) -> Int { bytes / 3 + 16 }

  /// Asks something on the side, such as how many tokens a text has. It is not counted, and a server that cannot tell is asked
  /// everything else all the same.
  public nonisolated func aside(_ call: DeskCall) async -> DeskAnswer {
    guard let (body, key) = question(call) else { return .unwritable }
    do {
      if let kept = try context.replies?.find(key) {
        return .reply(try JSONNode.parse(kept.body, name: "a kept reply of \(endpointName)"))
      }
      if context.replies?.isOffline == true {
        return .absent(Absence(.error, "no reply to it was kept, and nothing is sent offline"))
      }
      let response = try await endpoint.send(
        EndpointCall(identity: key.hex, path: call.path, body: Data(body))
      ).requiringSuccess()
      let row = try JSONNode.parse(Array(response.body), name: "the answer of \(endpointName)")
      try call.check(row)
      try context.replies?.keep(
        key, ReplyShelf.Reply(endpoint: endpointName, model: model, body: Array(response.body)))
      return .reply(row)
    } catch {
      return .absent(Absence(.error, "\(error)"))
    }
  }

  /// The body as it is sent, and the key that its reply is kept under; nil when JSON cannot write it.
  private nonisolated func question(_ call: DeskCall) -> (body: [UInt8], key: Digest)? {
    guard let body = try? call.body.encoded(.canonical) else { return nil }
    var hash = SHA256()
    hash.updateFramed("reply/1")
    hash.update(identity)
    hash.updateFramed(call.path)
    hash.update(UInt64(body.count))
    body.withUnsafeBytes { hash.update($0) }
    hash.update(call.template)
    hash.update(UInt64(call.repetition))
    return (body, hash.finalize())
  }

  private func answer(to call: DeskCall, body: [UInt8], key: Digest) async -> DeskAnswer {
    do {
      if let kept = try context.replies?.find(key) {
        await context.meter.foundKept()
        return .reply(try JSONNode.parse(kept.body, name: "a kept reply of \(endpointName)"))
      }
    } catch {
      return .absent(Absence(.error, "\(error)"))
    }
    if context.replies?.isOffline == true {
      await context.meter.missedKept()
      return .absent(Absence(.error, "no reply to it was kept, and nothing is sent offline"))
    }
    if let closedBecause { return .absent(Absence(.error, closedBecause)) }
    let estimate = (input: Desk.inputTokens(bytes: body.count), output: call.longestAnswer)
    let most = price?.dollars(input: estimate.input, output: estimate.output) ?? 0
    guard await context.meter.reserve(dollars: most) else {
      return .absent(Absence(.error, "it was held back by --max-cost"))
    }
    let answer = await send(call, body: body, key: key, estimate: estimate, reserved: most)
    return answer
  }

  private func send(
    _ call: DeskCall, body: [UInt8], key: Digest, estimate: (input: Int, output: Int), reserved: Double
  ) async -> DeskAnswer {
    var tries = 0
    while true {
      tries += 1
      do {
        let question = EndpointCall(
          identity: key.hex, path: call.path, tokens: estimate.input + estimate.output,
          tokensUsed: countsTokens ? Usage.total : nil, making: { Data(body) })
        let response = try await endpoint.send(question)
        guard response.isSuccess else {
          return await refused(response, reserved: reserved)
        }
        let row: JSONNode
        do {
          try response.requiring(mediaType: "application/json")
          row = try JSONNode.parse(Array(response.body), name: "the answer of \(endpointName)")
          try call.check(row)
        } catch {
          // What is no answer may be a passing fault of a proxy in between.
          if tries < 3 { continue }
          return await failed("\(error)", reserved: reserved, isServersFault: true)
        }
        failuresInARow = 0
        try? context.replies?.keep(
          key, ReplyShelf.Reply(endpoint: endpointName, model: model, body: Array(response.body)))
        let usage = Usage(row)
        await context.meter.answered(
          inputTokens: usage?.input ?? estimate.input, outputTokens: usage?.output ?? 0, price: price,
          reserved: reserved)
        return .reply(row)
      } catch is CancellationError {
        return await failed("the run was interrupted", reserved: reserved, isServersFault: false)
      } catch {
        return await failed("\(error)", reserved: reserved, isServersFault: true)
      }
    }
  }

  /// A status that is no success: a refusal of this one question, or a fault that all others would meet too.
  private func refused(_ response: HTTPResponse, reserved: Double) async -> DeskAnswer {
    let why = "\(HTTPFailure.status(response.status, at: response.address, excerpt: response.excerpt))"
    if Refusal.isOfTheQuestion(status: response.status, text: response.excerpt) {
      failuresInARow = 0
      await context.meter.failed(reserved: reserved)
      return .absent(Absence(.abstention, "the endpoint refused the question: \(response.excerpt)"))
    }
    if [401, 403, 404, 405].contains(response.status) { closedBecause = closedBecause ?? why }
    return await failed(why, reserved: reserved, isServersFault: true)
  }

  private func failed(_ why: String, reserved: Double, isServersFault: Bool) async -> DeskAnswer {
    if isServersFault {
      failuresInARow += 1
      if failuresInARow >= Desk.patience, closedBecause == nil {
        closedBecause = "\(why) After \(failuresInARow) such calls in a row nothing more was asked."
      }
    }
    await context.meter.failed(reserved: reserved)
    return .absent(Absence(.error, why))
  }
}

/// Which refusals are about one question, and not about the way of asking.
enum Refusal {
  /// Whether a server objects to the length or the content of what was asked.
  static func isOfTheQuestion(status: Int, text: String) -> Bool {
    guard [400, 413, 422].contains(status) else { return false }
    let text = text.lowercased()
    let words = [
      "context length", "context_length", "maximum context", "max_model_len", "too long", "too many tokens",
      "longer than", "exceeds the", "must have less than", "token limit", "content_filter", "content filter",
      "content management policy", "safety", "flagged",
    ]
    return status == 413 || words.contains { text.contains($0) }
  }
}

/// The tokens an answer says it used.
struct Usage {
  let input: Int
  let output: Int

  init?(_ row: JSONNode) {
    guard case .object(let object) = row.value, case .object(let usage)? = object["usage"] else { return nil }
    guard let input = (usage["prompt_tokens"] ?? usage["input_tokens"])?.wholeNumber else { return nil }
    self.input = input
    output = (usage["completion_tokens"] ?? usage["output_tokens"])?.wholeNumber ?? 0
  }

  /// All tokens an answer says it used.
  @Sendable static func total(_ response: HTTPResponse) -> Int? {
    guard response.isSuccess,
      let row = try? JSONNode.parse(Array(response.body), name: "an answer"), let usage = Usage(row)
    else { return nil }
    return usage.input + usage.output
  }
}
