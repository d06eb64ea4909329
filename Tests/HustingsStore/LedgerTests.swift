import Foundation
import Hustings
import Testing

@testable import HustingsStore

@Suite struct LedgerTests {
  @Test func aReplyComesBackAsItCame() throws {
    let store = try Store.inMemory()
    let bodies = [Data(), Data([0, 255, 0, 10]), Data("{\"text\":\"🗳️\\u0000\"}".utf8)]
    for (index, body) in bodies.enumerated() {
      let reply = Reply(
        endpoint: "http://localhost:8000/v1", model: "judge \(index)", body: body, createdAt: Sample.end)
      let key = Sample.digest("question \(index)")
      #expect(try store.reply(to: key) == nil)
      try store.keep(reply, to: key)
      #expect(try store.reply(to: key) == reply)
    }
  }

  @Test func theFirstReplyToAQuestionStays() throws {
    let store = try Store.inMemory()
    let key = Sample.digest("question")
    let first = Reply(endpoint: "e", model: "m", body: Data("first".utf8), createdAt: Sample.start)
    try store.keep(first, to: key)
    try store.keep(
      Reply(endpoint: "e", model: "m", body: Data("second".utf8), createdAt: Sample.end), to: key)
    #expect(try store.reply(to: key) == first)
  }

  @Test func attemptsAreListedOldestFirstAndKeptOnce() throws {
    let store = try Store.inMemory()
    func attempt(_ comparison: String, _ verdict: String, _ eValue: Double?, at seconds: Double) -> Attempt {
      Attempt(
        comparison: comparison, baseline: Sample.digest("a"), candidate: Sample.digest("b"), verdict: verdict,
        eValue: eValue, createdAt: Sample.start + seconds)
    }
    let attempts = [
      attempt("accuracy", "inconclusive", 0.4, at: 0), attempt("accuracy", "pass", 31.5, at: 5),
      attempt("other", "fail", nil, at: 2),
    ]
    for attempt in attempts.reversed() + attempts { try store.record(attempt) }
    #expect(try store.attempts(at: "accuracy") == [attempts[0], attempts[1]])
    #expect(try store.attempts() == [attempts[0], attempts[2], attempts[1]])
    #expect(try store.attempts(at: "nothing").isEmpty)
  }

  @Test func artefactsAreFoundByTheDigestOfTheirContent() throws {
    let store = try Store.inMemory()
    let content = Data("{\"flips\":0}".utf8)
    let digest = try store.keep(content, name: "certificate.json", kind: "certificate", now: Sample.start)
    // FIPS 180-4 by coreutils: printf '{"flips":0}' | sha256sum
    #expect(digest.hex == "0cf6fe3a7f5df100176b88d1b63cb2dccef5cf296b7b71d6e176db7367669c53")
    try store.keep(content, name: "certificate.json", kind: "certificate", now: Sample.end)
    try store.keep(Data(), name: "empty", kind: "note", now: Sample.end)
    #expect(try store.content(of: digest) == content)
    #expect(try store.content(of: Sample.digest("unknown")) == nil)
    #expect(try store.content(of: SHA256.digest("")) == Data())
    let record = try #require(try store.artefacts(kind: "certificate").first)
    #expect(record.name == "certificate.json")
    #expect(record.size == 11)
    #expect(record.digest == digest)
    #expect(record.createdAt == Sample.start)
    #expect(try store.artefacts().map(\.name) == ["certificate.json", "empty"])
  }

  @Test func learningCurvesAreListedByModelMetricAndStep() throws {
    let store = try Store.inMemory()
    let (a, b) = (SHA256.digest("a"), SHA256.digest("b"))
    func point(_ model: Digest, _ metric: String, _ step: Int, _ value: Double?) -> CurvePoint {
      CurvePoint(checkpoint: model, metric: metric, step: step, value: value)
    }
    try store.append([point(a, "loss", 10, 0.5), point(a, "loss", 2, 0.7), point(a, "accuracy", 2, nil)])
    try store.append([point(a, "loss", 2, 9), point(b, "loss", 1, .nan), point(b, "loss", 2, -0.0)])
    #expect(
      try store.learningCurves(of: a)
        == [point(a, "accuracy", 2, nil), point(a, "loss", 2, 0.7), point(a, "loss", 10, 0.5)])
    #expect(try store.learningCurves(of: b).map(\.value) == [nil, -0.0])
    #expect(try store.learningCurves().count == 5)
  }

  @Test func slatesComeBackWithTheirDigests() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file)
    let conversation = Prompt([
      Message(.system, "Be brief."), Message(.user, "Hi\0there"), Message(.assistant, ""),
      Message(.other("tool"), "{\"a\": [1, 2]}"), Message(.other("human"), "Well?"),
    ])
    let slates = [
      Slate(id: "item-1", prompt: Prompt("Which?"), responses: [Response("B"), Response("A"), Response("")]),
      Slate(
        id: "item-2", prompt: conversation,
        responses: [
          Response("A"), Response("done", after: [Message(.assistant, "calling"), Message(.user, "ok")]),
        ]),
      Slate(id: "item-4", prompt: Prompt([]), responses: []),
      Slate(id: "item-5", prompt: Prompt([Message(.assistant, "I begin.")]), responses: [Response("🗳️")]),
    ]
    let numbered = zip([1, 2, 4, 5], slates).map { (ordinal: $0, slate: $1) }
    try store.append(texts: numbered, to: Sample.digest("pairs"))
    try store.append(texts: numbered, to: Sample.digest("pairs"))
    let back = try store.slates(of: Sample.digest("pairs"), ordinals: 0..<8)
    #expect(back.map(\.ordinal) == [1, 2, 4, 5])
    #expect(back.map(\.slate) == slates)
    #expect(back.map(\.slate.contentDigest) == slates.map(\.contentDigest))
    #expect(try store.slate(2, of: Sample.digest("pairs"))?.prompt.messages == conversation.messages)
    #expect(try store.slate(3, of: Sample.digest("pairs")) == nil)
    // A text that two slates share is kept once.
    #expect(try store.strings("SELECT count(*) FROM texts WHERE text = 'A'") == ["1"])
  }

  @Test func scoresNeedNoTexts() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file)
    try store.append(Sample.batch(0..<8), to: Sample.run(in: store))
    #expect(try store.strings("SELECT count(*) FROM texts") == ["0"])
    #expect(try store.slates(of: Sample.digest("pairs"), ordinals: 0..<8).isEmpty)
  }

  @Test func timesAreKeptToTheMillisecondAndSortAsTexts() throws {
    let moments = [-1.5, 0, 0.001, 1_700_000_000.999, 4_102_444_800].map(Date.init(timeIntervalSince1970:))
    let texts = moments.map(Moment.text)
    #expect(texts == texts.sorted())
    #expect(texts[1] == "1970-01-01T00:00:00.000Z")
    for (moment, text) in zip(moments, texts) {
      #expect(abs(try Moment.date(text, table: "t").timeIntervalSince(moment)) < 0.0011)
    }
  }

  @Test func timesAreWrittenAsFoundationWritesThem() {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    // Leap days, ends of months, years and centuries, and fractions on either side of a millisecond.
    let days = [
      -719_162, -1, 0, 58, 59, 364, 365, 789, 790, 11_015, 11_016, 19_782, 47_540, 47_541, 2_932_896,
      2_932_897,
    ]
    for day in days {
      for fraction in [0, 0.0004, 0.001, 0.9989999, 59.999, 3_599.9999, 43_200.5, 86_399.9999999] {
        let date = Date(timeIntervalSince1970: Double(day) * 86_400 + fraction)
        #expect(Moment.text(date) == date.formatted(style))
      }
    }
    for step in 0..<20_000 {
      let date = Date(timeIntervalSince1970: Double(step) * 12_345_678.901_234)
      #expect(Moment.text(date) == date.formatted(style))
    }
  }
}
