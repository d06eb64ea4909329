public import Hustings
import HustingsData

/// What models cost, by name, in dollars per million tokens.
public struct PriceTable: Sendable {
  private let prices: [String: TokenPrice]

  /// A table by name.
  public init(_ prices: [String: TokenPrice]) { self.prices = prices }

  /// Reads `{"model": {"input": 2.5, "output": 10}}`.
  public init(file path: String) throws {
    do {
      var prices: [String: TokenPrice] = [:]
      for (name, row) in try JSONNode.read(path).members() {
        prices[name] = TokenPrice(input: try row.double("input"), output: try row.double("output"))
      }
      self.prices = prices
    } catch let error as DataError {
      throw EndpointFault.badPrices("\(error)")
    }
  }

  /// The price of a model: of its very name, else of the longest listed name that it is a dated version of, such as
  /// `gpt-4o` for `gpt-4o-2024-08-06`; nil when there is none.
  public subscript(name: String) -> TokenPrice? {
    if let price = prices[name] { return price }
    let stems = prices.keys.filter { stem in
      name.hasPrefix("\(stem)-") && name.dropFirst(stem.count + 1).first?.isNumber == true
    }
    return stems.max { ($0.utf8.count, $0) < ($1.utf8.count, $1) }.flatMap { prices[$0] }
  }

  /// This table with the rows of another in front of its own.
  public func replaced(by other: PriceTable) -> PriceTable {
    PriceTable(prices.merging(other.prices) { $1 })
  }

  /// List prices of OpenAI's interface as printed in 2025. They change: `--prices FILE` replaces rows.
  public static let listed = PriceTable([
    "gpt-4.1": TokenPrice(input: 2, output: 8),
    "gpt-4.1-mini": TokenPrice(input: 0.4, output: 1.6),
    "gpt-4.1-nano": TokenPrice(input: 0.1, output: 0.4),
    "gpt-4o": TokenPrice(input: 2.5, output: 10),
    "gpt-4o-mini": TokenPrice(input: 0.15, output: 0.6),
    "o3-mini": TokenPrice(input: 1.1, output: 4.4),
    "o4-mini": TokenPrice(input: 1.1, output: 4.4),
    "gpt-4-turbo": TokenPrice(input: 10, output: 30),
    "gpt-4-1106-preview": TokenPrice(input: 10, output: 30),
    "gpt-4-0125-preview": TokenPrice(input: 10, output: 30),
    "gpt-4": TokenPrice(input: 30, output: 60),
    "gpt-3.5-turbo": TokenPrice(input: 0.5, output: 1.5),
    "text-embedding-3-small": TokenPrice(input: 0.02, output: 0),
    "text-embedding-3-large": TokenPrice(input: 0.13, output: 0),
  ])
}
