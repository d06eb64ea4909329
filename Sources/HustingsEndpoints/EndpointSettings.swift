public import Hustings
import HustingsData
public import HustingsHTTP

/// How an endpoint is reached, as the settings of a model string say: where, with which key, and how fast.
public struct EndpointSettings: Sendable {
  /// The servers, all of one model; the first names the endpoint.
  public let bases: [Address]
  /// What proves who asks.
  public let credentials: [Credential]
  /// Requests at a time, at most.
  public let concurrency: Int
  /// How that number is come to: a number somebody set is taken at its word and begun with, the usual one is felt for.
  let pace: ConcurrencyPolicy
  /// Requests and tokens per minute.
  public let budget: RateBudget
  /// How long one attempt may take, in seconds.
  public let timeout: Int
  /// Attempts per call, the first included.
  public let attempts: Int

  /// The settings that every endpoint has.
  public static let names = [
    "base-url", "key-env", "key-file", "concurrency", "requests-per-minute", "tokens-per-minute", "timeout",
    "attempts",
  ]

  /// Reads the settings of a model string.
  ///
  /// - Parameters:
  ///   - addresses: where to ask when the string has no `base-url`; several are separated by commas.
  ///   - others: names of settings that the plugin reads itself; one that ends in a dot stands for all that begin so.
  public init(
    _ specification: ModelSpecification, addresses: String, others: [String], context: ModelContext
  ) throws(EndpointFault) {
    try Self.check(specification, known: Self.names + others)
    let text = specification.option("base-url") ?? addresses
    var bases: [Address] = []
    for part in text.split(separator: ",") {
      do { bases.append(try Address(String(part))) } catch { throw .http(error) }
    }
    guard let first = bases.first else {
      throw .badOption("base-url", value: text, expected: "an address such as http://localhost:8000/v1")
    }
    self.bases = bases
    credentials = try Self.credentials(specification, for: first, context)
    let wanted = try Self.count(specification, "concurrency", upTo: 10_000)
    concurrency = wanted ?? 64
    pace = ConcurrencyPolicy(start: wanted ?? 16, ceiling: concurrency)
    timeout = try Self.count(specification, "timeout", upTo: 1_000_000) ?? 600
    attempts = try Self.count(specification, "attempts", upTo: 100) ?? 6
    budget = RateBudget(
      requests: try Self.count(specification, "requests-per-minute", upTo: .max),
      tokens: try Self.count(specification, "tokens-per-minute", upTo: .max))
  }

  private static func check(
    _ specification: ModelSpecification, known: [String]
  ) throws(EndpointFault) {
    for (name, value) in specification.options {
      if ["key", "api-key", "api_key", "token"].contains(name) { throw .keyInString(option: name) }
      if ["key-env", "key-file"].contains(name), value.hasPrefix("sk-") { throw .keyInString(option: name) }
      let isKnown = known.contains { $0.hasSuffix(".") ? name.hasPrefix($0) : name == $0 }
      guard !isKnown else { continue }
      throw .unknownOption(
        name, model: "\(specification.scheme):\(specification.argument)",
        known: known.map { $0.hasSuffix(".") ? $0 + "NAME" : $0 },
        nearest: nearestName(to: name, among: known))
    }
  }

  /// A positive whole number; nil when it is not set.
  public static func count(
    _ specification: ModelSpecification, _ name: String, upTo limit: Int
  ) throws(EndpointFault) -> Int? {
    guard let text = specification.option(name) else { return nil }
    guard let value = Int(text), value >= 1, value <= limit else {
      throw .badOption(name, value: text, expected: "a whole number from 1 on")
    }
    return value
  }

  /// A key goes to the place it was meant for: OPENAI_API_KEY to api.openai.com, and any other where the user says.
  private static func credentials(
    _ specification: ModelSpecification, for base: Address, _ context: ModelContext
  ) throws(EndpointFault) -> [Credential] {
    do throws(SecretFailure) {
      if let name = specification.option("key-env") {
        return [.bearer(try Secret(variable: name, in: context.environment))]
      }
      if let path = specification.option("key-file") {
        return [.bearer(try Secret(file: context.path(path)))]
      }
      guard base.host == openAIHost, base.scheme == "https" else { return [] }
      if context.environment["OPENAI_API_KEY"] != nil {
        return [.bearer(try Secret(variable: "OPENAI_API_KEY", in: context.environment))]
      }
    } catch {
      throw .key(error)
    }
    // Kept replies need no key.
    if context.replies?.isOffline == true { return [] }
    throw .noKey(host: base.host, variable: "OPENAI_API_KEY")
  }

  private static let openAIHost = "api.openai.com"

  /// A client for these settings.
  func client(_ context: ModelContext) -> HTTPClient {
    HTTPClient(
      ClientSettings(
        timeouts: Timeouts(total: .seconds(timeout)), maximumBody: 512 << 20,
        trust: Trust(environment: context.environment)))
  }
}
