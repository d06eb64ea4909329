/// Every reproduction, one line each.
public enum Reproductions {
  /// In the order `hustings reproduce` prints them.
  public static let all: [Reproduction] = [
    judgeBench, llmBar, pandaLM, squality, wmt23, dices350, rmBench, hhHarmless, bestOf16, rewardBench1Models,
    rewardBench2BestOf4, rewardBench2Ties, rmBenchVectors, rewardBenchLeaderboards, alpacaEval2,
    alpacaEval2GivenStrength, alpacaEval2ChosenStrength,
    alpacaEvalDiscrete, alpacaEval2Outputs, alpacaEvaluators, arenaHard, mtBench, vicunaBench, judgeVsHuman,
    benchmarkMetaStats,
  ]
}
