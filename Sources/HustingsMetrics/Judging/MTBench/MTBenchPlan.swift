/// What MT-Bench asks its judge.
public enum MTBenchPlan: Sendable, Hashable {
  /// Each answer is rated by itself.
  case single
  /// Each model against one baseline.
  case pairwiseBaseline(String)
  /// Each model against every other.
  case pairwiseAll

  /// The eight categories in their usual order.
  public static let categories = [
    "writing", "roleplay", "reasoning", "math", "coding", "extraction", "stem", "humanities",
  ]
  /// The categories whose judge is shown a reference answer.
  public static let referenceGuided: Set<String> = ["math", "reasoning", "coding"]
  /// The baseline that FastChat takes unless told otherwise.
  public static let usualBaseline = "gpt-3.5-turbo"

  /// Which models meet: one model in single mode, two in the pairwise ones.
  public func meetings(of models: [String]) -> [[String]] {
    switch self {
    case .single: models.map { [$0] }
    case .pairwiseBaseline(let baseline): models.filter { $0 != baseline }.map { [$0, baseline] }
    case .pairwiseAll:
      models.indices.flatMap { i in models[(i + 1)...].map { [models[i], $0] } }
    }
  }

  /// The judge's prompt for a question of the category and a turn, by its name in FastChat's `judge_prompts.jsonl`.
  public func promptName(category: String, turn: Int) -> String {
    let isGuided = MTBenchPlan.referenceGuided.contains(category)
    let isPair = self != .single
    let base: String
    switch (isPair, isGuided) {
    case (true, false): base = "pair-v2"
    case (true, true): base = "pair-math-v1"
    case (false, false): base = "single-v1"
    case (false, true): base = "single-math-v1"
    }
    return turn > 1 ? "\(base)-multi-turn" : base
  }
}
