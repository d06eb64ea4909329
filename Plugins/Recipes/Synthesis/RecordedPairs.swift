public import Hustings

/// A recording as a judge of pairs: it knows a benchmark's items, and each pair is looked up among them by its texts.
///
/// A pair that no item holds is an abstention. Where several items hold the same pair the first one answers.
public struct RecordedPairs: PreferenceModel {
  /// Two texts below a prompt, in no order.
  private struct Key: Hashable {
    let prompt: Digest
    let responses: Set<Digest>
  }

  /// Where a pair stands in a benchmark.
  private struct Place {
    let slate: Int
    let responses: [Digest: Int]
  }

  /// The recording's.
  public var card: ModelCard { recording.card }
  private let recording: any PreferenceModel
  private let slates: [Slate]
  private let places: [Key: Place]

  /// A recording of a benchmark with these examples; throws when it is one of something else.
  public init(_ recording: any Recording, of examples: [Example]) throws {
    self.recording = try recording.matched(to: examples.map(\.key), allowsMissing: true)
    slates = examples.map(\.slate)
    var places: [Key: Place] = [:]
    for (number, slate) in slates.enumerated() {
      let numbered = Dictionary(
        slate.responses.enumerated().map { ($1.digest, $0) }, uniquingKeysWith: { first, _ in first })
      for matchup in slate.matchups {
        let pair = [slate.responses[matchup.first].digest, slate.responses[matchup.second].digest]
        let key = Key(prompt: slate.prompt.digest, responses: Set(pair))
        if places[key] == nil {
          places[key] = Place(slate: number, responses: numbered)
        }
      }
    }
    self.places = places
  }

  /// What the recording says of each pair of each slate.
  public func judge(_ slates: [Slate]) async throws -> [Tournament] {
    let found = slates.map { slate in
      slate.matchups.map { matchup -> Place? in
        let pair = [slate.responses[matchup.first].digest, slate.responses[matchup.second].digest]
        return places[Key(prompt: slate.prompt.digest, responses: Set(pair))]
      }
    }
    let wanted = Set(found.joined().compactMap { $0?.slate }).sorted()
    let judged = try await recording.judge(wanted.map { self.slates[$0] })
    let tournaments = Dictionary(uniqueKeysWithValues: zip(wanted, judged))
    return zip(slates, found).map { slate, places in
      var judgments: [Matchup: Judgment] = [:]
      for (matchup, place) in zip(slate.matchups, places) {
        for order in [matchup, matchup.swapped] {
          judgments[order] = RecordedPairs.judgment(order, of: slate, place, tournaments)
        }
      }
      let areVerdicts = places.contains { $0.flatMap { tournaments[$0.slate] }?.areVerdicts ?? false }
      return Tournament(count: slate.responses.count, ordered: judgments, areVerdicts: areVerdicts)
    }
  }

  private static func judgment(
    _ order: Matchup, of slate: Slate, _ place: Place?, _ tournaments: [Int: Tournament]
  ) -> Judgment? {
    guard let place, let tournament = tournaments[place.slate],
      let first = place.responses[slate.responses[order.first].digest],
      let second = place.responses[slate.responses[order.second].digest]
    else { return .absent(Absence(.abstention, "the recording does not hold the pair")) }
    return tournament.judgment(Matchup(first, second))
  }
}
