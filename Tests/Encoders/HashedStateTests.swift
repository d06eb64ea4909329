import EncoderPlugins
import Hustings
import Testing

private let training = (0..<40).map {
  Passage(Prompt("Question \($0 % 4)?"), Response("Answer \($0): it is \($0 % 3 == 0 ? "so" : "not so")."))
}
private let context = EncoderContext(seed: 1)

@Suite struct HashedStateTests {
  @Test(arguments: ["hashed", "hashed?words=1&bits=10", "hashed?words=0&characters=2-4&surface=no"])
  func aRestoredEncoderIsTheSame(_ text: String) async throws {
    let encoder = try await Encoders.fit(text, on: training, context: context)
    let restored = try Encoders.restore(encoder.state, context: context)
    #expect(restored.card == encoder.card)
    #expect(restored.state == encoder.state)
    #expect(try await restored.encode(training) == encoder.encode(training))
  }

  @Test func theNameIsWhatWasWritten() async throws {
    for text in ["hashed", "hashed?bits=10&words=1", "hashed?characters=2-4&surface=no&words=0"] {
      #expect(try await Encoders.fit(text, on: training, context: context).card.name == text)
    }
  }

  @Test func settingsAndTrainingTextsDecideTheFingerprint() async throws {
    var seen = Set<Digest>()
    for text in [
      "hashed", "hashed?words=1", "hashed?sublinear=no", "hashed?surface-scale=1", "hashed?bits=17",
    ] {
      seen.insert(try await Encoders.fit(text, on: training, context: context).card.fingerprint)
    }
    seen.insert(
      try await Encoders.fit("hashed", on: Array(training.dropLast()), context: context).card.fingerprint)
    #expect(seen.count == 6)
    let again = try await Encoders.fit("hashed", on: training, context: EncoderContext(seed: 2))
    #expect(seen.contains(again.card.fingerprint))
  }

  @Test func columnsCountAsDeclared() throws {
    let (encoder, rows) = try HashedEncoder.fitting(HashedSettings(), on: training)
    #expect(encoder.card.sparseWidth == 1 << 18)
    #expect(rows.sparseWidth == encoder.card.sparseWidth)
    #expect(rows.denseWidth == encoder.card.denseWidth)
    #expect(Set(encoder.card.denseColumns).count == encoder.card.denseWidth)
    #expect(encoder.card.denseColumns.contains("response.characters"))
  }

  @Test(arguments: [
    (
      "hashed?wrds=2",
      "hashed has no setting 'wrds'. It has words, characters, bits, sublinear, surface, surface-scale."
    ),
    ("hashed?bits=40", "bits=40 is no setting of hashed. It needs a whole number from 6 to 24."),
    (
      "hashed?characters=5-3",
      "characters=5-3 is no setting of hashed. It needs a range such as 3-5, within 1-12, or no."
    ),
    ("hashed?surface=maybe", "surface=maybe is no setting of hashed. It needs yes or no."),
    ("hashed:x", "hashed takes nothing behind a colon, so 'x' has no meaning there. Leave it out."),
    (
      "hashed?words=0&characters=no&surface=no",
      "hashed with words=0, no characters and surface=no has no columns. Switch one of them on."
    ),
    (
      "hashd",
      "There is no encoder 'hashd'. Choose one of \(Encoders.all.map(\.usage).joined(separator: ", "))."
    ),
    (
      "",
      "'' names no encoder. Write it as hashed, vectors:FILE, or with steps behind it as in hashed+pca:256."
    ),
  ]) func mistakesGetOneSentence(_ text: String, _ sentence: String) async throws {
    let error = await #expect(throws: EncoderError.self) {
      try await Encoders.fit(text, on: training, context: context)
    }
    #expect(error?.description == sentence)
  }

  @Test func nothingToFitIsSaid() async {
    let error = await #expect(throws: EncoderError.self) {
      try await Encoders.fit("hashed", on: [], context: context)
    }
    #expect(
      error?.description == "There are no passages to fit hashed on. Check the training data and its filters."
    )
  }

  @Test func damagedStatesAreRefused() async throws {
    let state = try await Encoders.fit("hashed?bits=8", on: training, context: context).state
    let part = state.parts[0]
    let damaged = [
      EncoderState.Part(kind: "hashed", settings: part.settings),
      EncoderState.Part(
        kind: "hashed", settings: part.settings, tensors: part.tensors.filter { $0.name != "mean" }),
      EncoderState.Part(
        kind: "hashed", settings: part.settings.merging(["bits": "9"]) { $1 }, tensors: part.tensors),
      EncoderState.Part(
        kind: "hashed", settings: part.settings.merging(["version": "0"]) { $1 }, tensors: part.tensors),
      EncoderState.Part(kind: "unknown", settings: [:]),
    ]
    for part in damaged {
      #expect(throws: EncoderError.self) { try Encoders.restore(EncoderState([part]), context: context) }
    }
    #expect(throws: EncoderError.self) { try Encoders.restore(EncoderState([]), context: context) }
  }
}
