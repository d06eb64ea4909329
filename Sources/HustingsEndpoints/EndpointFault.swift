public import HustingsHTTP

/// What can go wrong before an endpoint is asked its first question.
public enum EndpointFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// A setting that the plugin does not know.
  case unknownOption(String, model: String, known: [String], nearest: String?)
  /// A setting whose value cannot be used.
  case badOption(String, value: String, expected: String)
  /// A key was written into the model string.
  case keyInString(option: String)
  /// A hosted service was named and no key for it is at hand.
  case noKey(host: String, variable: String)
  /// The key cannot be read.
  case key(SecretFailure)
  /// The address is not usable, or does not answer.
  case http(HTTPFailure)
  /// Servers of one fleet serve different things.
  case differentServers(first: String, second: String)
  /// Nothing may be sent, and what the server serves was never written down.
  case unknownOffline(address: String)
  /// A limit on cost was set, and the price is not known.
  case noPrice(model: String)
  /// The table of prices is not one.
  case badPrices(String)

  /// Whether the command line is wrong, rather than a file or a server.
  public var isUsage: Bool {
    switch self {
    case .unknownOption, .badOption, .keyInString, .noPrice: true
    default: false
    }
  }

  /// One sentence or two: what, where, and the next move.
  public var description: String {
    switch self {
    case .unknownOption(let name, let model, let known, let nearest):
      "'\(model)' has the setting '\(name)', which nobody reads."
        + (nearest.map { " Did you mean '\($0)'?" } ?? "") + " There are \(known.joined(separator: ", "))."
    case .badOption(let name, "", let expected): "The setting '\(name)' is missing; it must be \(expected)."
    case .badOption(let name, let value, let expected):
      "The setting '\(name)' is '\(value)', but must be \(expected)."
    case .keyInString(let option):
      "A key does not belong into a model string ('\(option)='), which ends up in shell histories and stored runs. "
        + "Name an environment variable with key-env=NAME or a file with key-file=PATH."
    case .noKey(let host, let variable):
      "\(host) needs a key. Export \(variable), or name a variable with key-env=NAME or a file with key-file=PATH."
    case .key(let failure): "\(failure)"
    case .http(let failure): "\(failure)"
    case .differentServers(let first, let second):
      "\(first) and \(second) do not serve the same model, so they cannot answer for one. Name them apart."
    case .unknownOffline(let address):
      "What \(address) serves was never written down, so nothing it said before can be used offline. "
        + "Run once without --offline, or use the store or cassette of a run that asked it."
    case .noPrice(let model):
      "--max-cost needs a price for '\(model)'. Give one with --prices FILE, as "
        + "{\"\(model)\": {\"input\": DOLLARS, \"output\": DOLLARS}} per million tokens, 0 for a server of your own."
    case .badPrices(let reason):
      "The table of prices cannot be read: \(reason) Write {\"model\": {\"input\": 2.5, \"output\": 10}}, in dollars per "
        + "million tokens."
    }
  }
}
