import BenchmarkPlugins
import Catalog
import Foundation
import Hustings
import HustingsFixtures
import HustingsMetrics
import HustingsTesting
import Testing

@Suite struct CatalogTests {
  /// Every `static let …plugin… = ` in a plugin file must be called for by name in the catalog.
  @Test func everyPluginOnDiskHasItsLine() throws {
    let plugins = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Plugins")
    // Encoders have a list of their own, which checkpoints use without the catalog.
    let catalog = try ["Catalog/Catalog.swift", "Encoders/Encoders.swift"].map { list in
      try String(contentsOf: plugins.appendingPathComponent(list), encoding: .utf8)
    }.joined()
    let files = try #require(
      FileManager.default.enumerator(at: plugins, includingPropertiesForKeys: nil)?.allObjects as? [URL])
    var found = 0
    for file in files where file.pathExtension == "swift" && !file.path.contains("/Catalog/") {
      let text = try String(contentsOf: file, encoding: .utf8)
      var type = ""
      for line in text.split(separator: "\n") {
        if let name = line.firstMatch(of: #/^(?:public )?(?:enum|struct|extension|final class) (\w+)/#) {
          type = String(name.1)
        }
        guard let name = line.firstMatch(of: #/public static let (\w*[pP]lugin)\b/#) else { continue }
        found += 1
        let entry = "\(type).\(name.1)"
        #expect(
          catalog.contains(entry),
          "\(file.lastPathComponent) declares \(entry), which Plugins/Catalog/Catalog.swift does not list")
      }
    }
    #expect(found >= Catalog.models.count + Catalog.benchmarks.count)
  }

  @Test func namesAreUnique() {
    #expect(Set(Catalog.benchmarks.map(\.name)).count == Catalog.benchmarks.count)
    #expect(Set(Catalog.models.map(\.scheme)).count == Catalog.models.count)
    #expect(Set(PublishedFile.definitions.map(\.name)).count == PublishedFile.definitions.count)
  }

  @Test(arguments: Catalog.benchmarks.map(\.name)) func definitionsNeedNoData(_ name: String) throws {
    let namesFile = ["pairs", "rankings", "cycles", "exec"].contains(name)
    let argument = name == "counterfactual" ? "llmbar" : namesFile ? "none.jsonl" : nil
    let benchmark = try benchmark(name, root: "/nowhere", argument: argument)
    #expect(!benchmark.metrics.isEmpty)
    #expect(Set(benchmark.metrics.map(\.name)).count == benchmark.metrics.count)
    #expect(!benchmark.card.licence.isEmpty && !benchmark.card.aggregation.isEmpty)
    #expect(benchmark.card.summary.count <= 100)
    // These make their items themselves and need no data.
    if ["subjectivity", "vicuna-bench"].contains(name) { return }
    let error = #expect(throws: (any Error).self) { try benchmark.examples { _ in } }
    // The items of these are made together with what is measured.
    let madeWhenRun = ["policy-arena": "--policy", "hidden-types": "when it is run"]
    let word = madeWhenRun[name] ?? (namesFile ? "none.jsonl" : "/nowhere")
    #expect("\(String(describing: error))".contains(word))
  }

  @Test(arguments: Catalog.benchmarks.filter { $0.folder.map(DataRoot.has) ?? false }.map(\.name))
  func everyBenchmarkKeepsTheLawsOnItsData(_ name: String) throws {
    #expect(try BenchmarkLaws.violations(of: benchmark(name, root: realRoot())) == [])
  }
}
