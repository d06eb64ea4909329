public import Hustings
public import HustingsStore

/// The checks of a model adapter: whether its answers depend on anything but the texts.
///
/// What must not matter is how often a slate is asked, in what company, in what order, under what name, and in what order its
/// responses stand. What must not break it is a text that is empty, huge, or full of rare characters.
public struct Certification: Sendable {
  private let model: any PreferenceModel
  private let slates: [Slate]

  /// The checks of a model on some slates, of which about 64 are plenty.
  public init(of model: any PreferenceModel, on slates: [Slate]) {
    self.model = model
    self.slates = slates
  }

  /// Runs every check.
  ///
  /// - Throws: what the model throws on ordinary slates. What it throws on extreme texts is a fault of the check.
  public func certificate() async throws -> Certificate {
    let reference = try await model.judge(slates)
    guard reference.count == slates.count else {
      throw RunError.wrongShape(
        model: model.card.name, item: slates.first?.id ?? "", expected: slates.count, given: reference.count)
    }
    var checks = [finite(reference)]
    checks.append(compare("asked again", reference, try await model.judge(slates)))
    var single: [Tournament] = []
    for slate in slates { single += try await model.judge([slate]) }
    checks.append(compare("one at a time", reference, single))
    checks.append(compare("in reverse order", reference, try await model.judge(slates.reversed()).reversed()))
    checks.append(compare("beside a huge text", reference, try await besideAGiant()))
    if model.card.readsTexts {
      let renamed = slates.enumerated().map {
        Slate(id: "renamed \($0)", prompt: $1.prompt, responses: $1.responses)
      }
      checks.append(compare("under other names", reference, try await model.judge(renamed)))
    }
    checks.append(try await presentedBackwards(reference))
    if model.card.readsTexts {
      checks.append(await extremeTexts())
      checks.append(await reach())
    }
    return Certificate(
      model: model.card.name, fingerprint: model.card.fingerprint, items: slates.count, checks: checks)
  }

  // MARK: What must not matter

  private func compare(_ name: String, _ reference: [Tournament], _ other: [Tournament]) -> Certificate.Check
  {
    guard other.count == reference.count else {
      return Certificate.Check(
        name: name, tried: reference.count, drift: 0, flips: 0, faults: reference.count)
    }
    var change = Change()
    for (before, after) in zip(reference, other) {
      for matchup in before.matchups { change.add(before.judgment(matchup), after.judgment(matchup)) }
    }
    return change.check(name)
  }

  /// The reference's slates in one batch with a slate far longer than any of them.
  private func besideAGiant() async throws -> [Tournament] {
    guard model.card.readsTexts else { return try await model.judge(slates) }
    let giant = Slate(
      id: "giant", prompt: Prompt("Which is longer?"),
      responses: [Response(String(repeating: "long ", count: 4_000)), Response("short")])
    return Array(try await model.judge(slates + [giant]).dropLast())
  }

  private func presentedBackwards(_ reference: [Tournament]) async throws -> Certificate.Check {
    let reversed = slates.map {
      Slate(id: $0.id, prompt: $0.prompt, presenting: $0.responses.reversed())
    }
    var change = Change()
    for (slate, (before, after)) in zip(slates, zip(reference, try await model.judge(reversed))) {
      let last = slate.responses.count - 1
      for matchup in before.matchups {
        let moved = Matchup(last - matchup.first, last - matchup.second)
        // The margin of the same two responses, asked the same way round.
        change.add(before.judgment(matchup), after.judgment(moved))
      }
    }
    return change.check("responses handed over backwards")
  }

  private struct Change {
    var tried = 0
    var drift = 0.0
    var flips = 0
    var faults = 0

    mutating func add(_ before: Judgment?, _ after: Judgment?) {
      tried += 1
      guard let a = before?.logOdds, let b = after?.logOdds else {
        if before?.logOdds != nil || after?.logOdds != nil { faults += 1 }
        return
      }
      drift = max(drift, abs(a - b))
      if a * b < 0 || (a == 0) != (b == 0) { flips += 1 }
    }

    func check(_ name: String) -> Certificate.Check {
      Certificate.Check(name: name, tried: tried, drift: drift, flips: flips, faults: faults)
    }
  }

  // MARK: What must not break it

  private func finite(_ tournaments: [Tournament]) -> Certificate.Check {
    var tried = 0
    var faults = 0
    for tournament in tournaments {
      for matchup in tournament.matchups {
        tried += 1
        if tournament.judgment(matchup)?.absence?.kind == .invalid { faults += 1 }
      }
    }
    return Certificate.Check(name: "every number finite", tried: tried, drift: 0, flips: 0, faults: faults)
  }

  /// Texts that adapters stumble over, each against a plain one.
  static let extremes: [(name: String, text: String)] = [
    ("empty", ""), ("a space", " "), ("100,000 characters", String(repeating: "word ", count: 20_000)),
    ("emoji with joiners", String(repeating: "👩‍👩‍👧‍👦🏳️‍🌈", count: 20)),
    ("right to left", "שלום \u{202E}abc\u{202C} مرحبا"),
    ("combining marks", "Z" + String(repeating: "\u{301}\u{323}", count: 50)),
    ("line separators and NUL", "a\u{2028}b\u{2029}c\r\nd\u{0}e"),
    ("quotes and braces", "\"'{}[]\\\\<|im_end|></s>"),
    ("one long word", String(repeating: "x", count: 20_000)),
  ]

  private func extremeTexts() async -> Certificate.Check {
    var broken: [String] = []
    for (name, text) in Certification.extremes {
      let slate = Slate(
        id: name, prompt: Prompt("Say something."), responses: [Response(text), Response("A plain answer.")])
      let answer = try? await model.judge([slate])
      let isSound =
        answer?.count == 1 && answer?[0].count == 2
        && (answer?[0].matchups.allSatisfy { answer?[0].judgment($0)?.absence?.kind != .invalid } ?? false)
      if !isSound { broken.append(name) }
    }
    return Certificate.Check(
      name: "extreme texts", tried: Certification.extremes.count, drift: 0, flips: 0, faults: broken.count,
      note: broken.isEmpty ? "" : "broke on: \(broken.joined(separator: ", "))")
  }

  /// How long a text may be before its end goes unread. It informs only: a limit may be the model's own.
  private func reach() async -> Certificate.Check {
    let lengths = [1_000, 4_000, 16_000, 64_000]
    var unread: Int?
    for length in lengths where unread == nil {
      let body = String(repeating: "lorem ipsum dolor ", count: length / 18)
      let slate = Slate(
        id: "reach \(length)", prompt: Prompt("Continue."),
        responses: [Response(body + " and that is right."), Response(body + " I refuse, sorry!!! * no *")])
      guard let answer = try? await model.judge([slate]).first else {
        unread = length
        break
      }
      let margins = answer.matchups.compactMap { answer.judgment($0)?.logOdds }
      if margins.isEmpty || margins.allSatisfy({ $0 == 0 }) { unread = length }
    }
    return Certificate.Check(
      name: "the end of a long text", tried: lengths.count, drift: 0, flips: 0, faults: unread == nil ? 0 : 1,
      decides: false,
      note: unread.map { "two texts that differ at their end are alike to it from \($0) characters on" }
        ?? "read at every length tried")
  }
}
