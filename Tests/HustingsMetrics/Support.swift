import Hustings
import HustingsMetrics

/// Trials for tests: candidates are given as rewards in the benchmark's own order, whatever the slate's order is.
enum Made {
  /// One item whose candidates a model gave these rewards; nil is no reward.
  static func trial(
    _ id: String = "x", subset: String = "s", cluster: String? = nil, gold: Answer, rewards: [Double?]
  ) -> Trial {
    let example = example(id, subset: subset, cluster: cluster, gold: gold, count: rewards.count)
    var placed = [Double?](repeating: nil, count: example.slate.responses.count)
    for (candidate, place) in example.key.candidates.enumerated() { placed[place] = rewards[candidate] }
    return Trial(key: example.key, tournament: Tournament(rewards: placed))
  }

  /// One pair, judged in both orders: `forward` when the first candidate was shown first, `reverse` when the second was.
  /// Each is the log-odds for the candidate shown first; nil is no usable answer.
  static func ordered(
    _ id: String = "x", gold: Answer, forward: Double?, reverse: Double?, areVerdicts: Bool = true
  ) -> Trial {
    let example = example(id, gold: gold, count: 2)
    let (a, b) = (example.key.candidates[0], example.key.candidates[1])
    let silence = Judgment.absent(Absence(.abstention, "nothing readable"))
    let tournament = Tournament(
      count: 2,
      ordered: [
        Matchup(a, b): forward.map { .margin($0) } ?? silence,
        Matchup(b, a): reverse.map { .margin($0) } ?? silence,
      ], areVerdicts: areVerdicts)
    return Trial(key: example.key, tournament: tournament)
  }

  static func example(
    _ id: String = "x", subset: String = "s", cluster: String? = nil, gold: Answer, count: Int
  ) -> Example {
    Example(
      id: id, subset: subset, prompt: Prompt("prompt \(id)"), cluster: cluster ?? id,
      candidates: (0..<count).map { Candidate("\($0)", "text \($0) of \(id)") }, gold: gold)
  }
}
