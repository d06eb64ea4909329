import Hustings
import Testing

@Suite struct FeatureMatrixTests {
  static let sparse = SparseRows(
    width: 5, offsets: [0, 2, 2, 3], columns: [0, 4, 2], values: [1, 2, 3])

  @Test func rowsMayBePickedInAnyOrderAndMoreThanOnce() {
    let rows = FeatureMatrix(
      count: 3, sparse: FeatureMatrixTests.sparse, denseWidth: 2, dense: [0, 1, 10, 11, 20, 21])
    let picked = rows.rows([2, 0, 2])
    #expect(picked.dense == [20, 21, 0, 1, 20, 21])
    #expect(picked.sparse?.offsets == [0, 1, 3, 4])
    #expect(picked.sparse?.columns == [2, 0, 4, 2])
    #expect(picked.sparse?.values == [3, 1, 2, 3])
    #expect(rows.rows([]).count == 0)
    #expect(rows.rows([0, 1, 2]) == rows)
  }

  @Test func widthIsThatOfBothBlocks() {
    let rows = FeatureMatrix(
      count: 3, sparse: FeatureMatrixTests.sparse, denseWidth: 1, dense: [0, 0, 0])
    #expect((rows.sparseWidth, rows.denseWidth, rows.width) == (5, 1, 6))
    #expect(FeatureMatrix(count: 2, sparse: SparseRows(empty: 2, width: 9)).width == 9)
    #expect(FeatureMatrix(count: 0).width == 0)
  }

  @Test func passagesAreThemselvesWithAndWithoutAResponse() {
    let (one, other) = (Prompt("one"), Prompt("other"))
    let digests = [
      Passage(one, nil), Passage(one, Response("")), Passage(one, Response("x")),
      Passage(other, Response("x")),
      Passage(other, nil),
    ].map(\.digest)
    #expect(Set(digests).count == 5)
    #expect(Passage(one, Response("x")).digest == Passage(Prompt("one"), Response("x")).digest)
  }
}

@Suite struct EncoderStateTests {
  static let part = EncoderState.Part(
    kind: "k", settings: ["a": "1", "b": "2"], hints: ["path": "here"],
    tensors: [NamedTensor("w", shape: [1, 2], values: [1, 2]), NamedTensor("b", shape: [1], values: [0])])

  @Test func everythingButHintsIsIdentity() {
    let part = EncoderStateTests.part
    let reference = EncoderState([part]).digest
    func digest(_ change: (inout EncoderState.Part) -> Void) -> Digest {
      var copy = part
      change(&copy)
      return EncoderState([copy]).digest
    }
    let hinted = digest {
      $0 = EncoderState.Part(kind: $0.kind, settings: $0.settings, hints: [:], tensors: $0.tensors)
    }
    #expect(hinted == reference)
    let others = [
      digest { $0 = EncoderState.Part(kind: "l", settings: $0.settings, tensors: $0.tensors) },
      digest { $0 = EncoderState.Part(kind: "k", settings: ["a": "1", "b": "3"], tensors: $0.tensors) },
      digest { $0 = EncoderState.Part(kind: "k", settings: ["a": "1b", "": "2"], tensors: $0.tensors) },
      digest {
        $0 = EncoderState.Part(
          kind: "k", settings: $0.settings,
          tensors: [
            NamedTensor("w", shape: [2, 1], values: [1, 2]), NamedTensor("b", shape: [1], values: [0]),
          ])
      },
      digest {
        $0 = EncoderState.Part(
          kind: "k", settings: $0.settings,
          tensors: [
            NamedTensor("w", shape: [1, 2], values: [1, 3]), NamedTensor("b", shape: [1], values: [0]),
          ])
      },
      EncoderState([part, part]).digest, EncoderState([]).digest,
    ]
    #expect(Set(others + [reference]).count == others.count + 1)
  }

  @Test func tensorsStandByName() {
    #expect(EncoderStateTests.part.tensors.map(\.name) == ["b", "w"])
    #expect(EncoderStateTests.part.tensor("w")?.shape == [1, 2])
    #expect(EncoderStateTests.part.tensor("x") == nil)
  }
}

@Suite struct EncoderSpecificationTests {
  @Test func partsAreKindArgumentAndOptions() throws {
    let found = try #require(EncoderSpecification("vectors:a?b:c.npz?key=passage&x="))
    #expect(found.kind == "vectors")
    #expect(found.argument == "a?b:c.npz")
    #expect(found.options == ["key": "passage", "x": ""])
    let plain = try #require(EncoderSpecification("hashed"))
    #expect((plain.kind, plain.argument, plain.options) == ("hashed", "", [:]))
  }

  @Test(arguments: ["", ":x", "hashed?a=1&b"]) func nonsenseIsRefused(_ text: String) {
    #expect(EncoderSpecification(text) == nil)
  }

  @Test(arguments: [
    ("hashed", ["hashed"]), ("hashed+pca:8+standardise", ["hashed", "pca:8", "standardise"]),
    ("vectors:a+b.npz+pca:8", ["vectors:a+b.npz", "pca:8"]), ("vectors:x+pcake.npz", ["vectors:x+pcake.npz"]),
    ("hashed?bits=9+pca:4?fold=6", ["hashed?bits=9", "pca:4?fold=6"]),
  ]) func chainsAreCutInFrontOfSteps(_ text: String, _ parts: [String]) throws {
    let chain = try #require(EncoderSpecification.chain(text, steps: ["pca", "standardise"]))
    #expect(chain.map(\.description) == parts)
  }

  @Test func aStepAloneIsNoChain() {
    #expect(EncoderSpecification.chain("+pca:8", steps: ["pca"]) == nil)
  }
}
