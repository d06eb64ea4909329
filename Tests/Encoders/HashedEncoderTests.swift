import EncoderPlugins
import Hustings
import Testing

private let documents = [
  "The cat sat on the mat. The cat, again!", "A dog's day: on and on and on", "I_x 42 cats sat",
]

private func passages(_ texts: [String], prompt: String = "Say something.") -> [Passage] {
  texts.map { Passage(Prompt(prompt), Response($0)) }
}

private func row(_ rows: FeatureMatrix, _ place: Int) -> [Float] {
  guard let sparse = rows.sparse else { return [] }
  return Array(sparse.values[Int(sparse.offsets[place])..<Int(sparse.offsets[place + 1])])
}

/// Few columns, so that debug builds are quick.
private let small = HashedSettings(characters: nil, bits: 12)

@Suite struct HashedEncoderTests {
  /// One row of scikit-learn 1.9.1's TfidfVectorizer: how many values, the four smallest, the four largest, their sum.
  struct Reference: Sendable {
    let words: Int
    let characters: ClosedRange<Int>?
    let isSublinear: Bool
    let rows: [(count: Int, low: [Double], high: [Double], sum: Double)]
  }

  /// `TfidfVectorizer(analyzer="word", ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b")` and
  /// `TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))`, with and without `sublinear_tf`.
  static let references = [
    Reference(
      words: 2, characters: nil, isSublinear: true,
      rows: [
        (13, [0.17314, 0.17314, 0.227658, 0.227658], [0.227658, 0.385459, 0.385459, 0.477767], 3.41623),
        (12, [0.22853, 0.22853, 0.22853, 0.22853], [0.364745, 0.386934, 0.386934, 0.386934], 3.35379),
        (7, [0.29652, 0.389888, 0.389888, 0.389888], [0.389888, 0.389888, 0.389888, 0.389888], 2.63585),
      ]),
    Reference(
      words: 2, characters: nil, isSublinear: false,
      rows: [
        (13, [0.148704, 0.148704, 0.195527, 0.195527], [0.195527, 0.391055, 0.391055, 0.586582], 3.23032),
        (12, [0.199183, 0.199183, 0.199183, 0.199183], [0.398365, 0.398365, 0.398365, 0.454451], 3.24301),
        (7, [0.29652, 0.389888, 0.389888, 0.389888], [0.389888, 0.389888, 0.389888, 0.389888], 2.63585),
      ]),
    Reference(
      words: 0, characters: 3...5, isSublinear: true,
      rows: [
        (50, [0.091106, 0.091106, 0.091106, 0.091106], [0.251399, 0.251399, 0.251399, 0.251399], 6.68763),
        (31, [0.14611, 0.14611, 0.14611, 0.14611], [0.247385, 0.247385, 0.247385, 0.247385], 5.39833),
        (24, [0.169191, 0.169191, 0.169191, 0.169191], [0.222466, 0.222466, 0.222466, 0.222466], 4.85972),
      ]),
    Reference(
      words: 0, characters: 3...5, isSublinear: false,
      rows: [
        (50, [0.076098, 0.076098, 0.076098, 0.076098], [0.300178, 0.300178, 0.300178, 0.300178], 6.22053),
        (31, [0.127394, 0.127394, 0.127394, 0.127394], [0.254789, 0.29066, 0.29066, 0.29066], 5.20339),
        (24, [0.169191, 0.169191, 0.169191, 0.169191], [0.222466, 0.222466, 0.222466, 0.222466], 4.85972),
      ]),
  ]

  @Test(arguments: references) func weightsAreThoseOfScikitLearnUpToSignAndPlace(_ reference: Reference)
    throws
  {
    let settings = HashedSettings(
      words: reference.words, characters: reference.characters, bits: 20,
      isSublinear: reference.isSublinear, hasSurface: false)
    let rows = try HashedEncoder(settings, fittedOn: passages(documents)).rows(of: passages(documents))
    for (place, expected) in reference.rows.enumerated() {
      let sizes = row(rows, place).map { Double(abs($0)) }.sorted()
      #expect(sizes.count == expected.count)
      #expect(zip(sizes.prefix(4), expected.low).allSatisfy { abs($0 - $1) < 2e-6 })
      #expect(zip(sizes.suffix(4), expected.high).allSatisfy { abs($0 - $1) < 2e-6 })
      #expect(abs(sizes.reduce(0, +) - expected.sum) < 2e-5)
    }
  }

  @Test func fittingGivesTheRowsThatEncodingGives() throws {
    let (encoder, rows) = try HashedEncoder.fitting(
      HashedSettings(characters: 2...4, bits: 12), on: passages(documents))
    #expect(encoder.rows(of: passages(documents)) == rows)
  }

  @Test func rowsDependOnTheirPassageAlone() throws {
    let encoder = try HashedEncoder(small, fittedOn: passages(documents))
    let texts = (0..<1_200).map { "Text number \($0): \(documents[$0 % 3])" }
    let all = encoder.rows(of: passages(texts))
    let places = [0, 511, 512, 1_199]
    #expect(all.rows(places) == encoder.rows(of: places.flatMap { passages([texts[$0]]) }))
    #expect(encoder.rows(of: []).count == 0)
  }

  @Test(arguments: [1, 2, 3, 7]) func numbersOfThreadsChangeNothing(_ workers: Int) throws {
    let texts = (0..<2_000).map { "Item \($0) of the list, which is \($0 % 7) long. \(documents[$0 % 3])" }
    let (one, rows) = try HashedEncoder.fitting(small, on: passages(texts), workers: 1)
    let (many, others) = try HashedEncoder.fitting(small, on: passages(texts), workers: workers)
    #expect(one.card.fingerprint == many.card.fingerprint)
    #expect(rows == others)
  }

  @Test func columnsAscendAndRowsHaveLengthOne() throws {
    let rows = try HashedEncoder(HashedSettings(characters: 3...5, bits: 8), fittedOn: passages(documents))
      .rows(of: passages(documents))
    let sparse = try #require(rows.sparse)
    for place in 0..<rows.count {
      let range = Int(sparse.offsets[place])..<Int(sparse.offsets[place + 1])
      let columns = Array(sparse.columns[range])
      #expect(columns == Array(Set(columns)).sorted())
      #expect(columns.allSatisfy { (0..<256).contains($0) })
      let square = sparse.values[range].reduce(0) { $0 + Double($1) * Double($1) }
      #expect(abs(square - 1) < 1e-5)
    }
  }

  @Test func signsAreAsOftenPositiveAsNegative() throws {
    let words = (0..<4_000).map { "word\($0)" }.joined(separator: " ")
    let rows = try HashedEncoder(
      HashedSettings(words: 1, bits: 20, hasSurface: false), fittedOn: passages([words])
    )
    .rows(of: passages([words]))
    let values = row(rows, 0)
    let positive = values.count { $0 > 0 }
    // Four standard deviations of a fair coin.
    #expect(abs(Double(positive) - Double(values.count) / 2) < 4 * Double(values.count).squareRoot() / 2)
    // 4,000 words in 2^20 columns meet 4000²/2/2^20 = 7.6 times on average.
    #expect(values.count > 3_970)
  }

  @Test(arguments: [
    ("Straße CAFÉ Ωμέγα ПРИВЕТ", "straße café ωμέγα привет"), ("It’s “fine”", "It's \"fine\""),
    ("one\u{A0}two\u{3000}three", "one two three"), ("  a \n\n b\t", "a b"), ("Łódź Žižek", "łódź žižek"),
  ]) func folding(_ written: String, _ folded: String) throws {
    let settings = HashedSettings(words: 2, characters: 2...4, bits: 12, hasSurface: false)
    let rows = try HashedEncoder(settings, fittedOn: passages(documents)).rows(
      of: passages([written, folded]))
    #expect(rows.rows([0]) == rows.rows([1]))
  }

  @Test(arguments: [
    ("one two", "one-two"), ("a👍b", "a b"), ("x—y", "x y"), ("ﾊﾛｰ、世界", "ﾊﾛｰ 世界"), ("don't", "don t"),
  ]) func wordsEndAtWhatIsNoLetter(_ one: String, _ other: String) throws {
    let settings = HashedSettings(characters: nil, bits: 12, hasSurface: false)
    let rows = try HashedEncoder(settings, fittedOn: passages(documents)).rows(of: passages([one, other]))
    #expect(rows.rows([0]) == rows.rows([1]))
  }

  @Test(arguments: ["", " \n\t ", "!?…"]) func textWithoutWordsHasAnEmptyRow(_ text: String) throws {
    let rows = try HashedEncoder(small, fittedOn: passages(documents)).rows(of: passages([text]))
    #expect(rows.sparse?.values.isEmpty == true)
    #expect(rows.dense.allSatisfy { $0.isFinite })
  }

  @Test func aPromptAloneShowsItsSurfaceAndNothingElse() throws {
    let encoder = try HashedEncoder(
      small, fittedOn: passages(documents) + passages(documents, prompt: "Why, o why?"))
    let prompt = Prompt("Why, o why?")
    let rows = encoder.rows(of: [Passage(prompt, nil), Passage(prompt, Response("Because."))])
    #expect(rows.sparse?.offsets == [0, 0, 1])
    let own = SurfaceFeature.allCases.count
    #expect(Array(rows.dense[0..<own]) == Array(rows.dense[rows.denseWidth..<rows.denseWidth + own]))
    #expect(rows.dense[own..<rows.denseWidth].allSatisfy { $0 == 0 })
    #expect(rows.dense[0..<own].contains { $0 != 0 })
  }

  @Test func turnsOfItsOwnBelongToAResponse() throws {
    let encoder = try HashedEncoder(small, fittedOn: passages(documents))
    let prompt = Prompt("Hi")
    let rows = encoder.rows(of: [
      Passage(prompt, Response("four", after: [Message(.user, "in words")])),
      Passage(prompt, Response("in words\n\nfour")), Passage(prompt, Response("four")),
    ])
    #expect(rows.rows([0]) == rows.rows([1]))
    #expect(rows.rows([0]) != rows.rows([2]))
  }

  @Test func denseColumnsAreStandardisedOverTheTrainingPassages() throws {
    let texts = (0..<200).map { "Text \($0) " + String(repeating: "and more. ", count: 1 + $0 % 9) }
    let (encoder, rows) = try HashedEncoder.fitting(
      HashedSettings(bits: 12, surfaceScale: 0.5), on: passages(texts))
    for (column, name) in encoder.card.denseColumns.enumerated() {
      let values = (0..<rows.count).map { Double(rows.dense[$0 * rows.denseWidth + column]) }
      let mean = values.reduce(0, +) / 200
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200).squareRoot()
      #expect(abs(mean) < 1e-4, "\(name)")
      #expect(abs(deviation - 0.5) < 1e-3 || deviation == 0, "\(name) \(deviation)")
    }
    // Every prompt is the same, so nothing is known of its surface.
    #expect(rows.dense[0] == 0)
  }

  @Test func farAwayTextsAreCutAtEightDeviations() throws {
    let texts = (0..<50).map { String(repeating: "Text. ", count: 1 + $0 % 5) }
    let encoder = try HashedEncoder(HashedSettings(bits: 12, surfaceScale: 0.5), fittedOn: passages(texts))
    let rows = encoder.rows(of: passages([String(repeating: "**Long!** ", count: 5_000)]))
    #expect(rows.dense.allSatisfy { abs($0) <= 4 })
    #expect(rows.dense.contains(4))
  }
}
