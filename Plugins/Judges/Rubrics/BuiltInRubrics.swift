import HustingsData

/// The rubrics that the executable carries, one folder each in `Plugins/Judges`.
public enum BuiltInRubrics {
  private static let files: [(name: String, settings: [UInt8], prompt: [UInt8])] = [
    ("pairwise-verdict", PackageResources.pairwise_verdict_json, PackageResources.pairwise_verdict_txt),
    ("pairwise-logprobs", PackageResources.pairwise_logprobs_json, PackageResources.pairwise_logprobs_txt),
    ("rating", PackageResources.rating_json, PackageResources.rating_txt),
    ("ranking", PackageResources.ranking_json, PackageResources.ranking_txt),
    ("reference-verdict", PackageResources.reference_verdict_json, PackageResources.reference_verdict_txt),
    ("reference-rating", PackageResources.reference_rating_json, PackageResources.reference_rating_txt),
    ("alpaca-eval-2", PackageResources.alpaca_eval_2_json, PackageResources.alpaca_eval_2_txt),
    ("mt-bench-pair", PackageResources.mt_bench_pair_json, PackageResources.mt_bench_pair_txt),
    ("mt-bench-single", PackageResources.mt_bench_single_json, PackageResources.mt_bench_single_txt),
    ("arena-hard", PackageResources.arena_hard_json, PackageResources.arena_hard_txt),
    ("arena-hard-0.1", PackageResources.arena_hard_0_1_json, PackageResources.arena_hard_txt),
  ]

  /// Their names.
  public static var names: [String] { files.map(\.name) }

  /// The rubric of a name; nil when it is not built in.
  public static func named(_ name: String) throws -> Rubric? {
    guard let file = files.first(where: { $0.name == name }) else { return nil }
    let row = try JSONNode.parse(file.settings, name: "the built-in rubric \(name)")
    return try OwnRubric.read(row, name: name) { prompt in
      let owner = files.first { "\($0.name).txt" == prompt } ?? file
      return String(decoding: owner.prompt, as: UTF8.self)
    }
  }
}
