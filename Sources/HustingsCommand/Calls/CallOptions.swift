import ArgumentParser

/// What may be asked of endpoints, and what it may cost.
struct CallOptions: ParsableArguments {
  @Flag(
    name: .long, help: "Send nothing: answer from the replies in the store alone, and say what is missing.")
  var offline = false

  @Option(
    name: .long, help: "Send nothing: answer from the replies that `export --cassette` wrote to this file.",
    completion: .file())
  var cassette: String?

  @Option(
    name: .long,
    help:
      "Stop before more than so many dollars are spent. The same command goes on where it stopped; exit code 2."
  )
  var maxCost: Double?

  @Option(
    name: .long,
    help:
      "Prices in dollars per million tokens, {\"MODEL\": {\"input\": 2.5, \"output\": 10}}, in front of those known.",
    completion: .file(extensions: ["json"]))
  var prices: String?

  func validate() throws {
    if let maxCost, !(maxCost >= 0) {
      throw ValidationError("--max-cost takes a number of dollars from 0 on.")
    }
    if offline, cassette != nil {
      throw ValidationError("--cassette sends nothing by itself; leave out --offline.")
    }
  }
}
