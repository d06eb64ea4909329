import HustingsData

/// One response of a `model_outputs.json`, as AlpacaEval writes it.
public struct AlpacaOutput: Sendable, Hashable {
  /// The prompt; upstream's `instruction`.
  public let prompt: String
  /// The response; upstream's `output`.
  public let response: String
  /// The model that wrote it; nil where the file does not say.
  public let generator: String?
  /// The part of the set the prompt is from, such as `koala`; nil where the file does not say.
  public let dataset: String?

  /// A response to a prompt.
  public init(prompt: String, response: String, generator: String?, dataset: String?) {
    self.prompt = prompt
    self.response = response
    self.generator = generator
    self.dataset = dataset
  }

  /// Reads an output file: a JSON array of objects, or the same as JSON lines. Fields not named here are left alone.
  public static func read(_ path: String) throws -> [AlpacaOutput] {
    var outputs: [AlpacaOutput] = []
    try RowFile.rows(path) { outputs.append(try AlpacaOutput($0)) }
    return outputs
  }

  /// Reads a baseline's responses: an output file, or a file of judgments against that baseline.
  public static func readBaseline(_ path: String) throws -> [AlpacaOutput] {
    var outputs: [AlpacaOutput] = []
    try RowFile.rows(path) { row in
      guard try row.optionalString("output") == nil, let response = try row.optionalString("output_1") else {
        return outputs.append(try AlpacaOutput(row))
      }
      outputs.append(
        AlpacaOutput(
          prompt: try row.string("instruction"), response: response,
          generator: try row.optionalString("generator_1"), dataset: try row.optionalString("dataset")))
    }
    return outputs
  }

  init(_ row: JSONNode) throws {
    self.init(
      prompt: try row.string("instruction"), response: try row.string("output"),
      generator: try row.optionalString("generator"), dataset: try row.optionalString("dataset"))
  }
}
