import Foundation
public import Hustings
public import HustingsData
import HustingsHTTP

/// One question to an endpoint.
public struct DeskCall: Sendable {
  /// What follows the base address, such as `chat/completions`.
  public let path: String
  /// The body as it is sent; nil when JSON cannot write it.
  public let body: [UInt8]?
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
    self.init(
      path: path, canonical: try? body.encoded(.canonical), template: template, repetition: repetition,
      longestAnswer: longestAnswer, check: check)
  }

  /// A question whose body was written already, as canonical JSON.
  public init(
    path: String, canonical body: [UInt8]?, template: Digest, repetition: Int = 0, longestAnswer: Int = 0,
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

  static let interrupted = DeskAnswer.absent(Absence(.error, "the run was interrupted"))

  static let unwritable = DeskAnswer.absent(
    Absence(.invalid, "the question holds a number that JSON cannot write"))
}

/// Puts questions to an endpoint, each once: looks among kept replies first, keeps what comes, counts the cost, and stops
/// asking a server that is gone.
///
/// A reply is kept under the digest of everything that decides it: the endpoint's first address, what it says it serves, the
/// model's name, the path, the whole body, the template and the repetition. Errors are never kept.
public final class Desk: @unchecked Sendable {
  /// The names of the model and its endpoint.
  public let model: String
  private let endpointName: String
  private let answerName: String
  /// What all keys of kept replies begin with.
  private let keyStart: SHA256
  private let endpoint: Endpoint
  private let context: ModelContext
  private let price: TokenPrice?
  private let countsTokens: Bool
  /// Everything below is touched under the lock only.
  private let lock = NSLock()
  /// Who waits for the answer to a question that somebody else has asked already.
  private var underWay: [Digest: [Int: CheckedContinuation<DeskAnswer?, Never>]] = [:]
  private var lastWaiter = 0
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
    answerName = "the answer of \(endpointName)"
    price = context.price(model)
    countsTokens = settings.budget.tokens != nil
    if context.meter.limit != nil, price == nil { throw EndpointFault.noPrice(model: model) }
    var keyStart = SHA256()
    keyStart.updateFramed("reply/1")
    keyStart.update(Desk.identity(settings, model: model, served: served))
    self.keyStart = keyStart
    endpoint = Endpoint(
      client: settings.client(context), bases: settings.bases, credentials: settings.credentials,
      retry: RetryPolicy(attempts: settings.attempts),
      concurrency: settings.pace,
      budget: settings.budget)
  }

  /// The identity of an endpoint with its model: part of every model that asks there.
  public static func identity(
    _ settings: EndpointSettings, model: String, served: ServedModel
  ) -> Digest {
    var hash = SHA256()
    hash.updateFramed("endpoint/1")
    hash.updateFramed(settings.bases[0].description)
    hash.updateFramed(model)
    hash.updateFramed(served.description ?? "")
    return hash.finalize()
  }

  /// The thread of the endpoint's connections as a place for tasks that do little more than ask.
  public var executor: any TaskExecutor { endpoint.executor }

  /// Asks, unless the answer is at hand. The same question, asked twice at the same time, is one call.
  public nonisolated(nonsending) func ask(_ call: DeskCall) async -> DeskAnswer {
    guard let body = call.body else { return .unwritable }
    let key = key(call, body)
    let isFirst = lock.withLock {
      guard underWay[key] == nil else { return false }
      underWay[key] = [:]
      return true
    }
    guard isFirst else {
      if let answer = await answerToAnother(key) { return answer }
      return await ask(call)
    }
    let answer = await answer(to: call, body: body, key: key)
    let others = lock.withLock { underWay.removeValue(forKey: key) }
    // Who was interrupted has no answer for others, who ask for themselves.
    let isInterrupted = Task.isCancelled
    for waiter in (others ?? [:]).values { waiter.resume(returning: isInterrupted ? nil : answer) }
    return answer
  }

  /// Waits for what somebody else has asked; nil when it has ended meanwhile.
  private nonisolated(nonsending) func answerToAnother(_ key: Digest) async -> DeskAnswer? {
    let number = lock.withLock {
      lastWaiter += 1
      return lastWaiter
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<DeskAnswer?, Never>) in
        // A cancellation that came before found nobody to wake.
        let isWaiting = lock.withLock {
          guard !Task.isCancelled, underWay[key] != nil else { return false }
          underWay[key]?[number] = continuation
          return true
        }
        if !isWaiting { continuation.resume(returning: Task.isCancelled ? .interrupted : nil) }
      }
    } onCancel: {
      lock.withLock { underWay[key]?.removeValue(forKey: number) }?.resume(returning: .interrupted)
    }
  }

  /// What a question and its reply cost in US dollars, whether the reply came now or was kept; nil where the price is not known.
  public func dollars(_ call: DeskCall, _ reply: JSONNode) -> Double? {
    guard let price else { return nil }
    if let usage = Usage(reply) { return price.dollars(input: usage.input, output: usage.output) }
    guard let body = call.body else { return nil }
    return price.dollars(input: Desk.inputTokens(bytes: body.count), output: 0)
  }

  /// About how many tokens so many bytes are: a token is at least a byte and on the average four; three errs on the dear side.
  private static func inputTokens(bytes: Int) -> Int { bytes / 3 + 16 }

  /// Asks something on the side, such as how many tokens a text has. It is not counted, and a server that cannot tell is asked
  /// everything else all the same.
  public func aside(_ call: DeskCall) async -> DeskAnswer {
    guard let body = call.body else { return .unwritable }
    let key = key(call, body)
    do {
      if let kept = try context.replies?.find(key) {
        return .reply(try JSONNode.parse(kept.body, name: "a kept reply of \(endpointName)"))
      }
      if context.replies?.isOffline == true {
        return .absent(Absence(.error, "no reply to it was kept, and nothing is sent offline"))
      }
      let response = try await endpoint.send(
        EndpointCall(identity: key.hex, path: call.path, making: { body })
      ).requiringSuccess()
      let row = try JSONNode.parse(response.bytes, name: "the answer of \(endpointName)")
      try call.check(row)
      try await context.replies?.keep(
        key, ReplyShelf.Reply(endpoint: endpointName, model: model, body: response.bytes))
      return .reply(row)
    } catch {
      return .absent(Absence(.error, "\(error)"))
    }
  }

  /// What the reply to a question is kept under.
  private func key(_ call: DeskCall, _ body: [UInt8]) -> Digest {
    var hash = keyStart
    hash.updateFramed(call.path)
    hash.update(UInt64(body.count))
    body.withUnsafeBytes { hash.update($0) }
    hash.update(call.template)
    hash.update(UInt64(call.repetition))
    return hash.finalize()
  }

  private nonisolated(nonsending) func answer(to call: DeskCall, body: [UInt8], key: Digest) async
    -> DeskAnswer
  {
    do {
      if let kept = try context.replies?.find(key) {
        context.meter.foundKept()
        return .reply(try JSONNode.parse(kept.body, name: "a kept reply of \(endpointName)"))
      }
    } catch {
      return .absent(Absence(.error, "\(error)"))
    }
    if context.replies?.isOffline == true {
      context.meter.missedKept()
      return .absent(Absence(.error, "no reply to it was kept, and nothing is sent offline"))
    }
    if let closedBecause = lock.withLock({ closedBecause }) { return .absent(Absence(.error, closedBecause)) }
    let estimate = (input: Desk.inputTokens(bytes: body.count), output: call.longestAnswer)
    let most = price?.dollars(input: estimate.input, output: estimate.output) ?? 0
    if context.meter.limit != nil {
      guard await context.meter.reserve(dollars: most) else {
        return .absent(Absence(.error, "it was held back by --max-cost"))
      }
    }
    return await send(call, body: body, key: key, estimate: estimate, reserved: most)
  }

  private nonisolated(nonsending) func send(
    _ call: DeskCall, body: [UInt8], key: Digest, estimate: (input: Int, output: Int), reserved: Double
  ) async -> DeskAnswer {
    var tries = 0
    while true {
      tries += 1
      do {
        let question = EndpointCall(
          identity: key.hex, path: call.path, tokens: estimate.input + estimate.output,
          tokensUsed: countsTokens ? Usage.total : nil, making: { body })
        let response = try await endpoint.send(question)
        guard response.isSuccess else {
          return await refused(response, reserved: reserved)
        }
        let row: JSONNode
        let bytes = response.bytes
        do {
          try response.requiring(mediaType: "application/json")
          row = try JSONNode.parse(bytes, name: answerName)
          try call.check(row)
        } catch {
          // What is no answer may be a passing fault of a proxy in between.
          if tries < 3 { continue }
          return await failed("\(error)", reserved: reserved)
        }
        lock.withLock { failuresInARow = 0 }
        try? await context.replies?.keep(
          key, ReplyShelf.Reply(endpoint: endpointName, model: model, body: bytes))
        let usage = Usage(row)
        context.meter.answered(
          inputTokens: usage?.input ?? estimate.input, outputTokens: usage?.output ?? 0, price: price,
          reserved: reserved)
        return .reply(row)
      } catch is CancellationError {
        context.meter.failed(reserved: reserved)
        return .interrupted
      } catch {
        return await failed("\(error)", reserved: reserved)
      }
    }
  }

  /// A status that is no success: a refusal of this one question, or a fault that all others would meet too.
  private nonisolated(nonsending) func refused(_ response: HTTPResponse, reserved: Double) async -> DeskAnswer
  {
    let why = "\(HTTPFailure.status(response.status, at: response.address, excerpt: response.excerpt))"
    if Refusal.isOfTheQuestion(status: response.status, text: response.excerpt) {
      lock.withLock { failuresInARow = 0 }
      context.meter.failed(reserved: reserved)
      return .absent(Absence(.abstention, "the endpoint refused the question: \(response.excerpt)"))
    }
    if [401, 403, 404, 405].contains(response.status) {
      lock.withLock { closedBecause = closedBecause ?? why }
    }
    return await failed(why, reserved: reserved)
  }

  private nonisolated(nonsending) func failed(_ why: String, reserved: Double) async -> DeskAnswer {
    lock.withLock {
      failuresInARow += 1
      if failuresInARow >= Desk.patience, closedBecause == nil {
        closedBecause = "\(why) After \(failuresInARow) such calls in a row nothing more was asked."
      }
    }
    context.meter.failed(reserved: reserved)
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
      let row = try? JSONNode.parse(response.bytes, name: "an answer"), let usage = Usage(row)
    else { return nil }
    return usage.input + usage.output
  }
}
