import Foundation
import Hustings
import Testing

/// One clear sentence, the right exit code, and nothing half written, for what can go wrong in training.
@Suite struct TrainFaultTests {
  static let row = #"{"prompt": "p%", "chosen": "good %", "rejected": "bad, %"}"#

  /// Rows of a file; `%` is the row's number.
  static func rows(_ count: Int, _ text: String = row) -> String {
    (0..<count).map { text.replacingOccurrences(of: "%", with: "\($0)") + "\n" }.joined()
  }

  private func refused(
    _ bench: Workbench, _ arguments: [String], status: Int32 = 3, _ words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try bench.hustings(arguments)
    #expect(result.status == status, "\(result.errors)", sourceLocation: sourceLocation)
    #expect(result.errors.contains(words), "\(result.errors)", sourceLocation: sourceLocation)
    let faults = result.errors.split(separator: "\n").filter {
      $0.hasPrefix("hustings:") || $0.hasPrefix("Error:")
    }
    #expect(faults.count == 1, "\(result.errors)", sourceLocation: sourceLocation)
    #expect(
      !bench.has("out/card.json") && !bench.has("out/weights.safetensors"), sourceLocation: sourceLocation)
  }

  private func train(_ more: String...) -> [String] {
    ["train", "bt", "--data", "pairs.jsonl", "--encoder", "hashed?bits=8", "--out", "out"] + more
  }

  /// A last row behind some good ones, and what is said of it.
  static let faulty: [(Int, String, String)] = [
    (
      3, #"{"prompt": "p", "chosen": "same", "rejected": "same"}"#,
      "pairs.jsonl:4: the chosen and the rejected"
    ),
    (2, #"{"prompt": "p", "chosen": "a", "rejected": " \n"}"#, "pairs.jsonl:3: a response is empty"),
    (
      2, #"{"prompt": "p", "chosen": "a", "rejected": "b", "votes": {"chosen": 4, "valid": 3}}"#,
      "pairs.jsonl:3: 4.0 of 3 votes"
    ),
    (
      2, #"{"prompt": "p", "chosen": "a", "rejected": "b", "probability": 1.5}"#,
      "pairs.jsonl:3: 'probability' is 1.5"
    ),
    (2, #"{"prompt": "p", "chosen": "a"}"#, "pairs.jsonl:3"),
    (2, #"{"prompt": "p", "chosen": "a""#, "pairs.jsonl:3"),
    (0, "", "pairs.jsonl"),
    (0, #"{"prompt": "p", "chosen": "a", "rejected": "b"}"#, "1 prompt cannot be split in 2"),
  ]

  @Test(arguments: faulty)
  func faultyPairsAreRefused(_ good: Int, _ last: String, _ words: String) throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("pairs.jsonl", Self.rows(good) + last + (last.hasSuffix("}") ? "\n" : ""))
    try refused(bench, train(), words)
  }

  @Test func faultyPairsMayBeLeftOut() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write(
      "pairs.jsonl", Self.rows(12) + #"{"prompt": "p", "chosen": "", "rejected": "b"}"# + "\n")
    let result = try bench.hustings(train("--skip-faulty"))
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("1 pairs with equal or empty responses left out"))
  }

  /// Arguments, exit code, words.
  static let mistakes: [(String, Int32, String)] = [
    ("gpm --dim 5", 64, "5 is odd"), ("gpm --dim 0", 64, "even dimension"),
    ("bt --head mlp:x", 64, "'mlp:x' is no head"), ("bt --margin many", 64, "'many' is no margin"),
    ("bt --tau 0", 64, "--tau"), ("bt --held-out 1", 64, "--held-out"), ("bt --folds 1", 64, "--folds"),
    ("bt --rate=-1 --optimiser adamw", 64, "learning rate"), ("bt --encoder magic", 64, "no encoder 'magic'"),
    ("bt --optimiser newton --head mlp:4", 64, "linear Bradley–Terry"),
    ("bt --sweep --grid colour=red", 64, "colour"), ("bt --gate softmax", 64, "gate"),
    ("bt --resume --fresh", 64, "exclude"), ("bt --label-smoothing 0.5", 64, "--label-smoothing"),
  ]

  @Test(arguments: mistakes)
  func mistakesInSettingsAreNamed(_ arguments: String, _ status: Int32, _ words: String) throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("pairs.jsonl", Self.rows(12))
    let typed = ["train"] + arguments.split(separator: " ").map(String.init)
    try refused(bench, typed + ["--data", "pairs.jsonl", "--out", "out"], status: status, words)
  }

  @Test func dataThatIsNotThereIsNamed() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try refused(bench, ["train", "bt", "--data", "none.jsonl", "--out", "out"], "none.jsonl")
    try refused(
      bench, ["train", "bt", "--data", "nothing", "--out", "out"], status: 64, "'nothing' is neither")
    try refused(bench, ["train", "bt", "--data", "hh-harmless", "--out", "out"], "hh_harmless_test")
    try bench.write("pairs.jsonl", Self.rows(12))
    try refused(bench, ["train", "bt", "--data", "pairs.jsonl"], status: 64, "--out")
  }

  @Test func nothingLeftAfterFilteringIsNoModel() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("pairs.jsonl", Self.rows(12))
    try refused(bench, train("--subset", "hard"), "None of the 12 pairs")
    try refused(bench, train("--min-votes", "1"), "None of the 12 pairs")
    try refused(bench, train("--margin", "votes"), "hustings synthesize votes")
    try refused(bench, train("--soft-labels"), "Soft labels need")
  }

  @Test func aPromptOnBothSidesIsRefused() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("pairs.jsonl", Self.rows(12))
    try bench.write("more.jsonl", #"{"prompt": "p3", "chosen": "good", "rejected": "bad"}"# + "\n")
    try refused(bench, train("--held-out-data", "more.jsonl"), "'p3' is in both")
  }

  @Test func labelsThatSayNothingAreOneClass() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write(
      "pairs.jsonl",
      Self.rows(12, #"{"prompt": "p%", "chosen": "a %", "rejected": "b %", "probability": 0.5}"#))
    try refused(bench, train("--soft-labels"), "Every pair has the label 0.5")
  }

  @Test func divergenceIsSaidAndNotSaved() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write(
      "pairs.jsonl", Self.rows(40, #"{"prompt": "p%", "chosen": "% w x % y", "rejected": "y % % w"}"#))
    try refused(
      bench,
      train(
        "--head", "mlp:8", "--optimiser", "sgd", "--rate", "1e7", "--clip", "0", "--batch", "4", "--epochs",
        "30"),
      "diverged")
    #expect(!bench.has("out/run.safetensors"))
  }

  /// A NumPy file of float32 rows, and the digests of the texts beside it.
  private func writeVectors(_ bench: Workbench, _ rows: [[Float]], _ texts: [String]) throws {
    let width = rows.first?.count ?? 0
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows.count), \(width)), }"
    header += String(repeating: " ", count: 117 - header.count) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0])
    data.append(contentsOf: header.utf8)
    for value in rows.joined() {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    try bench.write("v.npy", data)
    try bench.write("v.keys", texts.map { SHA256.digest($0).hex + "\n" }.joined())
  }

  @Test(arguments: [
    ([Float.nan, 1], "no finite number in row 2"), ([1, 2], "same features"), ([2, 1], ""),
  ])
  func vectorsFromWhichNothingCanBeLearnedAreRefused(_ second: [Float], _ words: String) throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("pairs.jsonl", Self.rows(12))
    let texts = (0..<12).flatMap { ["good \($0)", "bad, \($0)"] }
    try writeVectors(bench, texts.indices.map { $0.isMultiple(of: 2) ? [1, 2] : second }, texts)
    let arguments = ["train", "bt", "--data", "pairs.jsonl", "--encoder", "vectors:v.npy", "--out", "out"]
    if words.isEmpty {
      #expect(try bench.hustings(arguments).status == 0)
    } else {
      try refused(bench, arguments, words)
    }
  }

  @Test func vectorsOfAnotherWidthThanTheModelsAreRefused() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("pairs.jsonl", Self.rows(12))
    let texts = (0..<12).flatMap { ["good \($0)", "bad, \($0)"] }
    try writeVectors(bench, texts.indices.map { $0.isMultiple(of: 2) ? [1, 2] : [2, 1] }, texts)
    let trained = try bench.hustings(
      "train", "bt", "--data", "pairs.jsonl", "--encoder", "vectors:v.npy", "--out", "m")
    #expect(trained.status == 0, "\(trained.errors)")
    try writeVectors(bench, texts.indices.map { $0.isMultiple(of: 2) ? [1, 2, 3] : [2, 1, 3] }, texts)
    let run = try bench.hustings("run", "--benchmark", "pairs:pairs.jsonl", "--model", "checkpoint:m")
    #expect(run.status == 3 && run.errors.contains("the model was made with"), "\(run.errors)")
  }

  @Test func aDamagedCheckpointIsNotRun() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("pairs.jsonl", Self.rows(12))
    let trained = try bench.hustings(train())
    #expect(trained.status == 0, "\(trained.errors)")
    func run(_ status: Int32, _ words: String) throws {
      let result = try bench.hustings(
        "run", "--benchmark", "pairs:pairs.jsonl", "--model", "checkpoint:out", "--store", "s.sqlite")
      #expect(result.status == status && (words.isEmpty || result.errors.contains(words)), "\(result.errors)")
    }
    try run(0, "")
    let card = try bench.read("out/card.json")
    try bench.write(
      "out/card.json", card.replacingOccurrences(of: "\"fingerprint\" : \"", with: "\"fingerprint\" : \"0"))
    try run(3, "was trained with encoder")
    try bench.write("out/card.json", card.replacingOccurrences(of: "\"inputs\" : ", with: "\"inputs\" : 1"))
    try run(3, "the checkpoint is of another model")
    try bench.write("out/card.json", card)
    let weights = try Data(contentsOf: bench.folder.appendingPathComponent("out/weights.safetensors"))
    try bench.write("out/weights.safetensors", weights.prefix(weights.count / 2))
    try run(3, "weights.safetensors")
    try FileManager.default.removeItem(atPath: bench.path("out/card.json"))
    try run(3, "interrupted write")
    let none = try bench.hustings("run", "--benchmark", "pairs:pairs.jsonl", "--model", "checkpoint:nowhere")
    #expect(none.status == 3 && none.errors.contains("no checkpoint"), "\(none.errors)")
    let empty = try bench.hustings("run", "--benchmark", "pairs:pairs.jsonl", "--model", "checkpoint:")
    #expect(empty.status == 64, "\(empty.errors)")
  }

  @Test func anInterruptedSynthesisGoesOnAndAnotherIsRefused() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("pairs.jsonl", Self.rows(40))
    func votes(_ more: String...) throws -> Workbench.Result {
      try bench.hustings(
        ["synthesize", "votes", "--data", "pairs.jsonl", "--judge", "null:length", "--out", "v.jsonl"] + more)
    }
    #expect(try votes().status == 0)
    let whole = try bench.read("v.jsonl")
    try bench.write("v.jsonl.partial", "not this\n")
    let refused = try votes()
    #expect(refused.status == 3 && refused.errors.contains("another synthesis"), "\(refused.errors)")
    try FileManager.default.removeItem(atPath: bench.path("v.jsonl.partial"))
    #expect(try votes("--judges", "0").status == 64)
    #expect(try votes("--estimator", "calibrated").status == 3)
    #expect(try votes("--estimator", "count").status == 0)
    #expect(try bench.read("v.jsonl") != whole)
    #expect(try votes().status == 0)
    #expect(try bench.read("v.jsonl") == whole)
  }
}
