import Foundation
import HustingsStore
import Testing

/// `hustings train` as a user runs it.
@Suite struct TrainTests {
  static let small = ["--encoder", "hashed?bits=8"]

  @Test(arguments: [
    ["bt"], ["bt", "--head", "mlp:4", "--epochs", "2"],
    ["gpm", "--dim", "6", "--gate", "softmax", "--l2", "--tau", "0.1", "--epochs", "2"],
    ["gpm", "--dim", "2", "--no-l2", "--gate", "none", "--optimizer", "rmsprop", "--epochs", "2"],
    ["pairpm", "--head", "mlp:4", "--epochs", "2"],
    ["decomposed", "--penalty", "0.1", "--gate", "scaled-softmax", "--epochs", "2"],
    ["bt", "--margin", "constant:0.5", "--label-smoothing", "0.1", "--ensemble", "2"],
    ["bt", "--optimiser", "newton", "--ridge", "0.01", "--held-out", "0.3", "--threads", "2"],
  ])
  func everyRecipeBecomesAModelStringThatRuns(_ arguments: [String]) throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    let train = ["train"] + arguments + Self.small
    let result = try bench.hustings(
      train + ["--data", "pairs.jsonl", "--out", "models/a", "--store", "s.sqlite"])
    #expect(result.status == 0, "\(result.errors)")
    for word in ["accuracy", "95 %", "log loss", "pairs held out"] {
      #expect(result.output.contains(word), "\(word) in \(result.output)")
    }
    #expect(result.output.contains("swap error") == (arguments[0] == "pairpm"))
    let run = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "checkpoint:models/a", "--no-nulls", "--store",
      "s.sqlite")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("accuracy"))
    #expect(!bench.names.contains("run.safetensors"))
  }

  @Test func theSameCommandGivesTheSameBytes() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    for (folder, threads) in [("a", "1"), ("b", "3")] {
      let result = try bench.hustings(
        ["train", "gpm"] + Self.small + [
          "--data", "pairs.jsonl", "--epochs", "2", "--out", folder, "--threads", threads,
        ])
      #expect(result.status == 0, "\(result.errors)")
    }
    for name in ["card.json", "weights.safetensors"] {
      #expect(try bench.data("a/\(name)") == bench.data("b/\(name)"))
    }
  }

  @Test func foldsAndSweepsArePrintedAsTables() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    let base = ["train", "bt", "--data", "pairs.jsonl"] + Self.small
    let folds = try bench.hustings(base + ["--folds", "4", "--format", "csv"])
    #expect(folds.status == 0, "\(folds.errors)")
    let lines = folds.output.split(separator: "\n")
    #expect(lines.count >= 6 && lines[5].hasPrefix("all,40,40,"), "\(folds.output)")
    let sweep = try bench.hustings(
      base + ["--sweep", "--grid", "ridge=0.01,100", "--folds", "3", "--out", "best"])
    #expect(sweep.status == 0, "\(sweep.errors)")
    #expect(sweep.output.contains("ridge=0.01 has the least held-out loss"), "\(sweep.output)")
    #expect(try bench.read("best/card.json").contains("\"ridge\" : 0.01"))
  }

  @Test func anInterruptedTrainingIsResumedToTheSameBytes() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs(count: 400)
    let train =
      ["train", "bt", "--head", "mlp:32", "--data", "pairs.jsonl", "--batch", "4", "--epochs", "60"]
      + Self.small
    let whole = try bench.hustings(train + ["--out", "whole"])
    #expect(whole.status == 0, "\(whole.errors)")
    // Interrupted as soon as it says something, and so again and again.
    var stops = 0
    var more = ["--out", "parts"]
    while stops < 50 {
      let status = try bench.interrupted(train + more, after: "step")
      more = ["--out", "parts", "--resume"]
      guard status == 130 else {
        #expect(status == 0)
        break
      }
      stops += 1
      #expect(bench.has("parts/run.safetensors") && !bench.has("parts/card.json"))
      if stops == 1 {
        let refused = try bench.hustings(train + ["--out", "parts"])
        #expect(refused.status == 3 && refused.errors.contains("--resume"), "\(refused.errors)")
        let other = try bench.hustings(train + ["--out", "parts", "--resume", "--seed", "9"])
        #expect(other.status == 3 && other.errors.contains("settings or pairs differ"), "\(other.errors)")
      }
      if stops == 3 {
        let rest = try bench.hustings(train + more)
        #expect(rest.status == 0, "\(rest.errors)")
        break
      }
    }
    #expect(stops > 0)
    #expect(!bench.has("parts/run.safetensors"))
    for name in ["card.json", "weights.safetensors"] {
      #expect(try bench.data("whole/\(name)") == bench.data("parts/\(name)"))
    }
  }

  @Test func aLearningCurveIsInTheStore() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    let result = try bench.hustings(
      [
        "train", "bt", "--head", "mlp:4", "--epochs", "3", "--data", "pairs.jsonl", "--out", "m", "--store",
        "s.sqlite",
      ]
        + Self.small)
    #expect(result.status == 0, "\(result.errors)")
    let store = try Store(at: bench.folder.appendingPathComponent("s.sqlite"), mode: .read)
    let points = try store.learningCurves()
    #expect(points.count == 9 && Set(points.map(\.metric)).count == 3)
    #expect(Set(points.map(\.checkpoint)).count == 1 && points.allSatisfy { $0.value != nil })
    _ = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "checkpoint:m", "--no-nulls", "--store",
      "s.sqlite")
    let shown = try bench.hustings("show", "m", "--store", "s.sqlite")
    #expect(shown.status == 0, "\(shown.errors)")
    for word in ["m · learning curve", "training loss", "held-out loss", "held-out accuracy"] {
      #expect(shown.output.contains(word), "\(word) in \(shown.output)")
    }
  }

  @Test func synthesisedVotesAreReadByTrain() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    _ = try bench.hustings(["train", "bt", "--data", "pairs.jsonl", "--out", "m"] + Self.small)
    let votes = try bench.hustings(
      "synthesize", "votes", "--data", "pairs.jsonl", "--judge", "checkpoint:m", "--judge", "null:shorter",
      "--judges", "10", "--out", "votes.jsonl")
    #expect(votes.status == 0, "\(votes.errors)")
    #expect(votes.output.contains("majority with the label"))
    let lines = try bench.read("votes.jsonl").split(separator: "\n")
    #expect(
      lines.count == 40 && lines.allSatisfy { $0.contains("\"valid\":10") && $0.contains("\"margin\":") })
    #expect(!bench.has("votes.jsonl.partial"))
    for margin in ["votes", "votes:2", "signed", "clipped"] {
      let train = try bench.hustings(
        ["train", "bt", "--data", "votes.jsonl", "--margin", margin, "--out", "n"] + Self.small)
      #expect(train.status == 0, "\(train.errors)")
    }
    let soft = try bench.hustings(
      ["train", "bt", "--data", "votes.jsonl", "--soft-labels", "--min-votes", "10", "--out", "n"]
        + Self.small)
    #expect(soft.status == 0, "\(soft.errors)")
  }
}
