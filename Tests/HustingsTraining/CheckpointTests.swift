import Foundation
import Hustings
import HustingsTraining
import Testing

@Suite struct CheckpointTests {
  static let encoder = (
    card: EncoderCard(
      name: "table+pca:4", fingerprint: SHA256.digest("an encoder"), sparseWidth: 0,
      denseColumns: ["0", "1", "2", "3"]),
    state: EncoderState([
      .init(kind: "table", settings: ["rows": "10"], hints: ["path": "items.csv"]),
      .init(
        kind: "pca", settings: ["components": "4"],
        tensors: [NamedTensor("axes", shape: [2, 4], values: (0..<8).map(Float.init))]),
    ])
  )

  static func trained() throws -> (result: TrainingResult, settings: TrainingSettings) {
    let data = try EncodedDataset(
      features: Toy.features(.dense, rows: 20, columns: 4), pairs: Toy.pairs(50, rows: 20))
    let parts = try data.folds(5, by: .modulo)[1]
    let settings = TrainingSettings(
      loss: PairLoss(temperature: 0.1, margin: .unsigned(scale: 1)),
      method: .steps(StepSettings(epochs: 3, batch: 10)), seed: 7)
    let head = Head.general(GeneralSettings(dimension: 4, normalises: true))
    return (
      try Trainer(
        model: ModelSettings(head, hidden: [3]), settings: settings, data: parts.training,
        heldOut: parts.heldOut
      ).run(), settings
    )
  }

  static func checkpoint() throws -> Checkpoint {
    let (result, settings) = try trained()
    return try Checkpoint(
      result, training: settings, encoder: encoder, dataDigest: SHA256.digest("the data").hex, pairs: 40,
      heldOut: .init(split: "fold 1 of 5 by prompt", pairs: 10, loss: 0.69, accuracy: 0.6))
  }

  @Test func aCheckpointReadsBackTheSame() throws {
    let checkpoint = try Self.checkpoint()
    // The order of tensors in a file is the file's business.
    let again = try Checkpoint(
      cardJSON: try checkpoint.cardJSON, tensors: checkpoint.tensors.shuffled())
    #expect(again == checkpoint)
    #expect(again.network == checkpoint.network)
    #expect(again.encoder == Self.encoder.state)
    #expect(try again.cardJSON == checkpoint.cardJSON)
    #expect(again.fingerprint == checkpoint.fingerprint)
    try again.check(Self.encoder.card)
    let text = try #require(String(data: try checkpoint.cardJSON, encoding: .utf8))
    #expect(text.contains("\"encoder\"") && text.contains("\"curve\"") && text.contains("\"seed\" : 7"))
  }

  @Test func theSameRunGivesTheSameBytes() throws {
    let (a, b) = (try Self.checkpoint(), try Self.checkpoint())
    #expect(try a.cardJSON == b.cardJSON)
    #expect(a.tensors == b.tensors)
  }

  @Test func weightsAndEncoderDecideTheFingerprintAndNamesDoNot() throws {
    let (result, settings) = try Self.trained()
    func fingerprint(_ encoder: (card: EncoderCard, state: EncoderState), data: String = "d") throws -> Digest
    {
      try Checkpoint(result, training: settings, encoder: encoder, dataDigest: data, pairs: 1).fingerprint
    }
    let plain = try fingerprint(Self.encoder)
    #expect(try fingerprint(Self.encoder, data: "other") == plain)
    let card = EncoderCard(
      name: "table", fingerprint: SHA256.digest("another"), sparseWidth: 0,
      denseColumns: ["0", "1", "2", "3"])
    #expect(try fingerprint((card, Self.encoder.state)) != plain)
  }

  @Test func anotherEncoderOrDimensionIsRefused() throws {
    let checkpoint = try Self.checkpoint()
    let other = SHA256.digest("another")
    #expect(
      throws: TrainingFault.otherEncoder(expected: Self.encoder.card.fingerprint.hex, found: other.hex)
    ) {
      try checkpoint.check(
        EncoderCard(name: "x", fingerprint: other, sparseWidth: 2, denseColumns: ["0", "1"]))
    }
    #expect(throws: TrainingFault.otherDimension(expected: 4, found: 5)) {
      try checkpoint.check(EncoderCard(name: "x", fingerprint: other, sparseWidth: 5, denseColumns: []))
    }
  }

  @Test func damagedWeightsAreNamed() throws {
    let checkpoint = try Self.checkpoint()
    let card = try checkpoint.cardJSON
    func changed(_ change: (inout [NamedTensor]) -> Void) -> [NamedTensor] {
      var tensors = checkpoint.tensors
      change(&tensors)
      return tensors
    }
    let first = checkpoint.tensors[0]
    #expect(throws: TrainingFault.missingTensor(first.name)) {
      try Checkpoint(cardJSON: card, tensors: changed { $0.removeFirst() })
    }
    #expect(throws: TrainingFault.missingTensor("encoder.1.axes")) {
      try Checkpoint(cardJSON: card, tensors: changed { $0.removeLast() })
    }
    #expect(throws: TrainingFault.surplusTensor("extra")) {
      try Checkpoint(
        cardJSON: card, tensors: changed { $0.append(NamedTensor("extra", shape: [1], values: [0])) })
    }
    #expect(throws: TrainingFault.surplusTensor("encoder.0.extra")) {
      try Checkpoint(
        cardJSON: card,
        tensors: changed { $0.append(NamedTensor("encoder.0.extra", shape: [1], values: [0])) })
    }
    let turned = NamedTensor(first.name, shape: first.shape.reversed(), values: first.values)
    #expect(
      throws: TrainingFault.tensorShape(
        name: first.name, expected: first.shape, found: first.shape.reversed())
    ) { try Checkpoint(cardJSON: card, tensors: changed { $0[0] = turned }) }
    var values = first.values
    values[2] = .nan
    let damaged = NamedTensor(first.name, shape: first.shape, values: values)
    #expect(throws: TrainingFault.tensorNotFinite(name: first.name, index: 2)) {
      try Checkpoint(cardJSON: card, tensors: changed { $0[0] = damaged })
    }
    values[2] = 0.125
    let edited = NamedTensor(first.name, shape: first.shape, values: values)
    #expect {
      try Checkpoint(cardJSON: card, tensors: changed { $0[0] = edited })
    } throws: { error in
      if case TrainingFault.weightsDigest = error { true } else { false }
    }
  }

  @Test func aDamagedCardIsToldInOneSentence() throws {
    let checkpoint = try Self.checkpoint()
    let text = try #require(String(data: try checkpoint.cardJSON, encoding: .utf8))
    func fault(_ card: String) -> TrainingFault? {
      do {
        _ = try Checkpoint(cardJSON: Data(card.utf8), tensors: checkpoint.tensors)
        return nil
      } catch { return error as? TrainingFault }
    }
    #expect(fault("{") == .unreadableCard("it is not JSON"))
    #expect(fault("{}") == .unreadableCard("'format' is missing at its top"))
    #expect(
      fault(text.replacingOccurrences(of: "\"format\" : 1", with: "\"format\" : 9"))
        == .cardVersion(found: 9, supported: 1))
    #expect(
      fault(text.replacingOccurrences(of: "\"temperature\"", with: "\"heat\""))
        == .unreadableCard("'temperature' is missing at 'training.loss'"))
    for fault in [TrainingFault.unreadableCard("it is not JSON"), .cardVersion(found: 9, supported: 1)] {
      #expect("\(fault)".hasSuffix(".") && !"\(fault)".contains("\n"))
    }
  }

  @Test func anInterruptedRunGoesOnFromItsFiles() throws {
    let data = try EncodedDataset(
      features: Toy.features(.dense, rows: 20, columns: 4), pairs: Toy.pairs(50, rows: 20))
    let parts = try data.folds(5, by: .modulo)[0]
    let trainer = try Trainer(
      model: ModelSettings(.bradleyTerry, hidden: [3]),
      settings: TrainingSettings(method: .steps(StepSettings(epochs: 4, batch: 10)), seed: 7),
      data: parts.training, heldOut: parts.heldOut)
    let state = try trainer.stopped(at: 7)
    let read = try TrainerState(json: try state.json, tensors: state.tensors.shuffled())
    #expect(read == state)
    guard case .finished(let result) = try trainer.run(from: read, clock: { 0 }) else {
      Issue.record("the run did not finish")
      return
    }
    #expect(try result == trainer.run())
    #expect(throws: TrainingFault.missingTensor("parameters")) {
      try TrainerState(json: try state.json, tensors: [])
    }
    #expect(throws: TrainingFault.otherRun(what: "its counters cannot be read")) {
      try TrainerState(json: Data("{".utf8), tensors: state.tensors)
    }
  }
}
