import Foundation
import Hustings
import HustingsData
import HustingsTesting
import HustingsTraining
import Recipes
import Testing

@Suite struct CheckpointFolderTests {
  private func written(
    _ model: ModelSettings = ModelSettings(.bradleyTerry), members: Int = 1, rule: EnsembleRule = .mean
  ) async throws -> (scratch: Scratch, trained: TrainedModel) {
    let scratch = try Scratch()
    var recipe = RecipeTrainingTests.recipe(model, epochs: 2)
    recipe.members = members
    recipe.rule = rule
    let trained = try await recipe.train(on: Toy.pairs(60))
    try CheckpointFolder(scratch.path).write(trained)
    return (scratch, trained)
  }

  private func sentence(_ scratch: Scratch) -> String {
    do {
      _ = try CheckpointModel(folder: scratch.path)
      return "it was read"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: RecipeTrainingTests.heads) func aFolderAnswersAsTheModelDid(_ model: ModelSettings)
    async throws
  {
    let (scratch, trained) = try await written(model)
    let read = try CheckpointModel(folder: scratch.path)
    let before = try trained.preferenceModel(named: "before")
    #expect(read.card.fingerprint == before.card.fingerprint)
    #expect(read.card.kind == before.card.kind)
    #expect(try await read.judge(ModelLaws.slates) == before.judge(ModelLaws.slates))
    #expect(try await ModelLaws.violations(of: read, on: ModelLaws.slates) == [])
    #expect(try CheckpointFolder(scratch.path).read().checkpoints == trained.checkpoints)
  }

  @Test(arguments: [EnsembleRule.mean, .worst, .cautious(deviations: 1)])
  func anEnsembleAnswersByItsRule(_ rule: EnsembleRule) async throws {
    let (scratch, trained) = try await written(
      ModelSettings(.bradleyTerry, hidden: [4]), members: 3, rule: rule)
    #expect(scratch.has("ensemble.json") && scratch.has("member-3/card.json") && !scratch.has("card.json"))
    let model = try CheckpointModel(folder: scratch.path)
    #expect(model.card.kind == .reward)
    #expect(try await ModelLaws.violations(of: model, on: ModelLaws.slates) == [])
    let slate = ModelLaws.slates[0]
    var single: [[Double?]] = []
    for member in 1...3 {
      let one = try CheckpointModel(folder: "\(scratch.path)/member-\(member)")
      single.append(try #require(try await one.judge([slate])[0].rewards))
    }
    let together = try #require(try await model.judge([slate])[0].rewards)
    for place in slate.responses.indices {
      #expect(together[place] == rule.reward(single.map { $0[place] }))
    }
    #expect(Set(trained.checkpoints.map(\.fingerprint)).count == 3)
  }

  @Test func anEnsembleOfSkewFormsGivesMargins() async throws {
    let general = ModelSettings(.general(GeneralSettings(dimension: 2)))
    let (scratch, _) = try await written(general, members: 2)
    let model = try CheckpointModel(folder: scratch.path)
    #expect(try await ModelLaws.violations(of: model, on: ModelLaws.slates) == [])
    #expect(try await model.judge([ModelLaws.slates[1]])[0].rewards == nil)
  }

  @Test func writingAgainReplacesWhatWasThere() async throws {
    let (scratch, _) = try await written(members: 2)
    let one = try await RecipeTrainingTests.recipe(ModelSettings(.bradleyTerry)).train(on: Toy.pairs(60))
    try CheckpointFolder(scratch.path).write(one)
    #expect(!scratch.has("ensemble.json"))
    #expect(
      try CheckpointModel(folder: scratch.path).card.fingerprint
        == one.preferenceModel(named: "one").card.fingerprint)
  }

  @Test func theCardIsReadable() async throws {
    let (scratch, _) = try await written()
    let text = try String(contentsOfFile: "\(scratch.path)/card.json", encoding: .utf8)
    for word in [
      "\"heldOut\"", "\"curve\"", "\"fingerprint\"", "\"seed\" : 5", "\"dataDigest\"", "\"interval\"",
    ] {
      #expect(text.contains(word), "\(word) in \(text)")
    }
  }

  @Test func aFolderWithoutACardSaysWhatItIs() async throws {
    let empty = try Scratch()
    #expect(sentence(empty).contains("holds no checkpoint"))
    let (scratch, _) = try await written()
    try FileManager.default.removeItem(atPath: "\(scratch.path)/card.json")
    #expect(sentence(scratch).contains("card.json is missing, as after an interrupted write"))
  }

  @Test func aFolderWithoutWeightsIsNoCheckpoint() async throws {
    let (scratch, _) = try await written()
    try FileManager.default.removeItem(atPath: "\(scratch.path)/weights.safetensors")
    #expect(sentence(scratch).contains("weights.safetensors is missing"))
  }

  @Test(arguments: [0, 5, 60, 2000]) func weightsThatAreCutOffAreRefused(_ size: Int) async throws {
    let (scratch, _) = try await written()
    let path = "\(scratch.path)/weights.safetensors"
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try whole.prefix(min(size, whole.count - 1)).write(to: URL(fileURLWithPath: path))
    #expect(throws: DataError.self) { try CheckpointModel(folder: scratch.path) }
    #expect(sentence(scratch).contains("weights.safetensors"))
  }

  @Test func aChangedWeightIsNoticed() async throws {
    let (scratch, _) = try await written()
    let path = "\(scratch.path)/weights.safetensors"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count - 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(sentence(scratch).contains("digest"))
  }

  @Test(arguments: [
    ("\"inputs\" : ", "\"inputs\" : 1", "shape"),
    ("\"fingerprint\" : \"", "\"fingerprint\" : \"00", "encoder"),
    ("\"format\" : 1", "\"format\" : 9", "update Hustings"),
    ("\"model\" : {", "\"modle\" : {", "'model' is missing"),
    ("{", "[", "not JSON"),
  ])
  func aChangedCardIsRefused(_ from: String, _ to: String, _ words: String) async throws {
    let (scratch, _) = try await written()
    try scratch.edit("card.json") { text in
      if let range = text.range(of: from) { text.replaceSubrange(range, with: to) }
    }
    #expect(sentence(scratch).contains(words), "\(sentence(scratch))")
    #expect(sentence(scratch).contains(scratch.path))
  }

  @Test func aMemberThatWasSwappedIsNoticed() async throws {
    let (scratch, _) = try await written(ModelSettings(.bradleyTerry, hidden: [4]), members: 2)
    try FileManager.default.removeItem(atPath: "\(scratch.path)/member-1")
    try FileManager.default.copyItem(atPath: "\(scratch.path)/member-2", toPath: "\(scratch.path)/member-1")
    #expect(sentence(scratch).contains("member-1 is another model"))
    try "{}".write(toFile: "\(scratch.path)/ensemble.json", atomically: true, encoding: .utf8)
    #expect(sentence(scratch).contains("ensemble.json cannot be used"))
  }

  @Test func anInterruptedRunIsNoCheckpoint() async throws {
    let scratch = try Scratch()
    try "x".write(toFile: "\(scratch.path)/run.safetensors", atomically: true, encoding: .utf8)
    #expect(sentence(scratch).contains("--resume"))
  }
}
