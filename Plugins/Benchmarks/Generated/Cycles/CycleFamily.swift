import Foundation
import Hustings
import HustingsNumerics

/// A game of types, in which one type beats another whatever else is said, and texts that show their type.
///
/// A text's type is a phrase of three made-up words that no other type has, said three times. Training texts and test texts have types
/// in common and nothing else.
struct CycleFamily: Sendable {
  /// The subset that it makes.
  let name: String
  /// How many types there are; one response of each stands in every slate.
  let types: Int
  /// Which type beats which in the key of test slates.
  let tested: [Matchup]
  /// Which type beats which in training pairs; the tested ones unless something is held back.
  let trained: [Matchup]
  /// Whether every slate has types of its own, so that only what was trained on can be known.
  let isDisjoint: Bool
  /// The share of people who see it the other way round; training labels are one person's each.
  let dissent: Double
  /// Slates to train on, and to test.
  let trainingCount: Int
  let testCount: Int

  init(
    _ name: String, types: Int, tested: [Matchup], trained: [Matchup]? = nil, isDisjoint: Bool = false,
    dissent: Double = 0, training: Int, test: Int
  ) {
    self.name = name
    self.types = types
    self.tested = tested
    self.trained = trained ?? tested
    self.isDisjoint = isDisjoint
    self.dissent = dissent
    trainingCount = training
    testCount = test
  }

  /// Every type beats the one after it, and the last the first.
  static func ring(_ n: Int) -> [Matchup] { steps(1, among: n) }

  /// Every type beats the one that comes `step` places after it, round the ring.
  static func steps(_ step: Int, among n: Int) -> [Matchup] { (0..<n).map { Matchup($0, ($0 + step) % n) } }

  /// The margin of a tested matchup, as log-odds: ±1 without dissent, where only its sign is meant.
  var margin: Double { dissent == 0 ? 1 : log((1 - dissent) / dissent) }

  /// The test slates with their keys.
  func examples(_ mill: TextMill) -> [Example] {
    (0..<testCount).map { index in
      let item = "\(name)/\(index)"
      return Example(
        id: item, subset: name, prompt: prompt(index, isTest: true, mill), cluster: item,
        candidates: responses(index, isTest: true, mill).enumerated().map { Candidate("type \($0)", $1) },
        gold: .margins(Dictionary(uniqueKeysWithValues: tested.map { ($0, margin) })))
    }
  }

  /// The pairs to train on. Where slates have types of their own they are those of the test.
  func pairs(_ mill: TextMill) -> [PreferencePair] {
    let isTest = isDisjoint
    return (0..<(isDisjoint ? testCount : trainingCount)).flatMap { index in
      let prompt = prompt(index, isTest: isTest, mill)
      let responses = responses(index, isTest: isTest, mill)
      return trained.map { matchup in
        let id = "\(name)/\(index)/\(matchup.first)-\(matchup.second)"
        let dissents = CounterGenerator(seed: mill.seed, identity: "dissent \(id)").uniform(0) < dissent
        let (winner, loser) = dissents ? (matchup.second, matchup.first) : (matchup.first, matchup.second)
        return PreferencePair(
          id: id, subset: name, cluster: "\(name)/\(index)", prompt: prompt, chosen: responses[winner],
          rejected: responses[loser])
      }
    }
  }

  private func prompt(_ index: Int, isTest: Bool, _ mill: TextMill) -> Prompt {
    let identity = "\(name)/\(isTest ? "test" : "training")/\(index)/prompt"
    return Prompt("Which way, case \(index + 1)? " + mill.text(identity, marks: [], length: 6...14))
  }

  private func responses(_ index: Int, isTest: Bool, _ mill: TextMill) -> [Response] {
    let instance = "\(name)/\(isTest ? "test" : "training")/\(index)"
    let owner = isDisjoint ? instance : name
    let words = mill.words((0..<types).flatMap { type in "abc".map { "\(owner)/type \(type)/\($0)" } })
    return (0..<types).map { type in
      let phrase = words[3 * type..<3 * type + 3].joined(separator: " ")
      return Response(mill.text("\(instance)/\(type)", marks: [phrase, phrase, phrase], length: 6...14))
    }
  }
}

extension CycleFamily {
  /// The lengths of the clean cycles.
  static let lengths = [3, 4, 5, 8]

  /// Cycles without noise: those of seen texts, and those of seen types in texts that are new.
  static let clean: [CycleFamily] =
    lengths.map {
      CycleFamily("seen-\($0)", types: $0, tested: ring($0), isDisjoint: true, training: 0, test: 30)
    }
    + lengths.map { CycleFamily("ring-\($0)", types: $0, tested: ring($0), training: 120, test: 40) }

  /// A ring of three and a type that beats all of them, which two dimensions cannot hold (Zhang et al. 2024, section 4).
  static let dominant = CycleFamily(
    "dominant", types: 4, tested: ring(3) + (0..<3).map { Matchup(3, $0) }, training: 120, test: 40)

  /// Seven types of which each beats the next three; the third step is held back in training.
  static let unseenPairs = CycleFamily(
    "unseen-pairs", types: 7, tested: steps(3, among: 7), trained: steps(1, among: 7) + steps(2, among: 7),
    training: 120, test: 40)

  /// Rings that one person in five sees the other way round.
  static let noisy = [3, 5].map {
    CycleFamily("noisy-\($0)", types: $0, tested: ring($0), dissent: 0.2, training: 300, test: 60)
  }

  /// No cycle at all: five types in an order, every pair asked.
  static let transitive = CycleFamily(
    "transitive", types: 5, tested: Matchup.all(among: 5), training: 60, test: 40)

  static let all: [CycleFamily] = clean + [dominant, unseenPairs] + noisy + [transitive]
}
