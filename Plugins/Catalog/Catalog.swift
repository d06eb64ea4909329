import BenchmarkPlugins
import EncoderPlugins
public import Hustings
import JudgePlugins
import ModelPlugins
import Recipes

/// Every built-in plugin, by explicit lists: adding one is one line here.
public enum Catalog {
  /// Kinds of model, in the order `hustings list models` prints them.
  public static let models: [ModelPlugin] = [
    NullModel.plugin,
    RecordedModel.plugin,
    CheckpointModel.plugin,
    ExecModel.plugin,
    OpenAIJudge.plugin,
    PanelFile.plugin,
    RewardServer.plugin,
  ]

  /// Benchmarks, in the order `hustings list benchmarks` prints them.
  public static let benchmarks: [BenchmarkPlugin] = [
    JudgeBench.plugin,
    JudgeBench.claudePlugin,
    LLMBar.plugin,
    PandaLM.plugin,
    RMBench.plugin,
    RewardBench1.plugin,
    RewardBench1.priorPlugin,
    RewardBench1.swappedPlugin,
    RewardBench2.plugin,
    SQuALITY.plugin,
    WMT23.plugin,
    DICES350.plugin,
    AnnotatorTypes.plugin,
    HHHarmless.plugin,
    BestOf16.plugin,
    AlpacaEval.plugin,
    ArenaHard.plugin,
    ArenaHard.secondPlugin,
    MTBench.plugin,
    MTBench.pairsPlugin,
    MTBenchField.plugin,
    VicunaBench.plugin,
    PairsFile.plugin,
    RankingsFile.plugin,
    ExecBenchmark.plugin,
    Cycles.plugin,
    Subjectivity.plugin,
    Population.plugin,
    PolicyArenaBenchmark.plugin,
    HiddenTypesBenchmark.plugin,
    AnswerChoiceBenchmark.plugin,
    Counterfactual.plugin { name in
      guard let plugin = benchmarks.first(where: { $0.name == name }), name != "counterfactual" else {
        throw UnknownBenchmark(name: name, known: benchmarks.map(\.name).filter { $0 != "counterfactual" })
      }
      return plugin
    },
  ]

  /// What benchmarks that make or hold their own data give to train on, as `hustings data make` lists it.
  public static let training: [TrainingPlugin] = GeneratedBenchmarks.training

  /// Encoders, in the order `hustings list encoders` prints them.
  public static let encoders: [EncoderPlugin] = Encoders.all
}

/// A benchmark was named as another's base that is not there.
public struct UnknownBenchmark: Error, Sendable, CustomStringConvertible {
  let name: String
  let known: [String]

  /// One sentence and the next move.
  public var description: String {
    "There is no benchmark '\(name)' to edit. Choose one of \(known.joined(separator: ", "))."
  }
}
