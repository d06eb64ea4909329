public import Hustings
import ModelPlugins

/// Every built-in plugin, by explicit lists: adding one is one line here.
public enum Catalog {
  /// Kinds of model, in the order `hustings list models` prints them.
  public static let models: [ModelPlugin] = [
    NullModel.plugin
  ]

  /// Benchmarks, in the order `hustings list benchmarks` prints them.
  public static let benchmarks: [BenchmarkPlugin] = []
}
