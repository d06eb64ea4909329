import Hustings
import Testing

/// A model of fixed vectors, for the laws of the skew-symmetric form.
struct FixedEmbedding: EmbeddingModel {
  let card = ModelCard(
    name: "fixed", kind: .embedding, revision: "1", fingerprint: SHA256.digest("fixed"))
  let vectors: [String: [Double]]

  func embeddings(for slates: [Slate]) async throws -> [SlateEmbedding] {
    slates.map { slate in
      SlateEmbedding(vectors: slate.responses.map { vectors[$0.text] }, scales: [1])
    }
  }
}

@Suite struct EmbeddingTests {
  @Test func aScalarIsTheVectorOfItselfAndOne() {
    let embedding = SlateEmbedding(vectors: [[3, 1], [-2, 1]], scales: [1])
    #expect(embedding.margin(0, 1) == 5)
    #expect(embedding.margin(1, 0) == -5)
    #expect(embedding.margin(0, 0) == 0)
  }

  @Test func threeVectorsMakeACycleThatNoScalarCan() async throws {
    // Unit vectors 120 degrees apart: each beats the next by sin 120°.
    let angle = { (turn: Double) -> [Double] in
      let table: [Double: [Double]] = [
        0: [1, 0], 1: [-0.5, 0.75.squareRoot()], 2: [-0.5, -(0.75.squareRoot())],
      ]
      return table[turn] ?? []
    }
    let model = FixedEmbedding(vectors: ["a": angle(0), "b": angle(1), "c": angle(2)])
    let slate = Slate(
      id: "ring", prompt: Prompt("?"), responses: ["a", "b", "c"].map { Response($0) })
    let tournament = try await model.judge([slate])[0]
    let place = ["a", "b", "c"].compactMap { slate.index(of: Response($0).digest) }
    let wins = [(0, 1), (1, 2), (2, 0)].compactMap { tournament.margin(place[$0], place[$1]) }
    #expect(wins.count == 3)
    for margin in wins { #expect(abs(margin - 0.75.squareRoot()) < 1e-15) }
  }

  @Test func aMissingVectorIsAnAbsence() async throws {
    let model = FixedEmbedding(vectors: ["a": [1, 0]])
    let slate = Slate(id: "s", prompt: Prompt("?"), responses: [Response("a"), Response("b")])
    let tournament = try await model.judge([slate])[0]
    #expect(tournament.absence(0, 1)?.kind == .abstention)
  }
}
