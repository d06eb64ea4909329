public import Hustings

/// The laws every benchmark keeps.
public enum BenchmarkLaws {
  /// Every law the benchmark breaks over its own examples.
  public static func violations(of benchmark: any Benchmark) throws -> [LawViolation] {
    var violations: [LawViolation] = []
    let examples = try benchmark.allExamples()
    if examples.isEmpty { violations.append(LawViolation("a benchmark has examples", "none were read")) }
    if try benchmark.allExamples() != examples {
      violations.append(LawViolation("reading twice gives the same examples", benchmark.card.name))
    }
    var seen = Set<String>()
    for example in examples {
      if !seen.insert(example.id).inserted {
        violations.append(LawViolation("items have names of their own", example.id))
      }
      violations += laws(of: example)
    }
    if benchmark.metrics.isEmpty {
      violations.append(LawViolation("a benchmark reports something", benchmark.card.name))
    }
    let names = benchmark.metrics.map(\.name)
    if Set(names).count != names.count {
      violations.append(LawViolation("metrics have names of their own", names.joined(separator: ", ")))
    }
    return violations
  }

  private static func laws(of example: Example) -> [LawViolation] {
    var violations: [LawViolation] = []
    let digests = example.slate.responses.map(\.digest)
    if digests != digests.sorted() {
      violations.append(LawViolation("responses stand in the order of their digests", example.id))
    }
    if example.key.item != example.slate.id {
      violations.append(LawViolation("slate and key are of one item", example.id))
    }
    let count = example.slate.responses.count
    if !example.key.candidates.allSatisfy({ (0..<count).contains($0) }) {
      violations.append(LawViolation("every candidate is a response of the slate", example.id))
    }
    for tournament in [example.key.gold] + example.key.raters.values where tournament.count != count {
      violations.append(LawViolation("keys are over the slate's responses", example.id))
    }
    return violations
  }
}
