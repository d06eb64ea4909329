import Foundation
import Hustings
import HustingsNumerics

/// A population that compares responses, of which every share is known.
///
/// A response has a quality q and two styles s. User i values it at q + tᵢ·s, tastes tᵢ being normal with mean μ and
/// standard deviation σ in each style, and judges with normal noise of standard deviation ν. So the share of users who
/// prefer response a to response b is Φ((Δq + μ·Δs) / √(σ²|Δs|² + ν²)), with no sampling in it.
///
/// A text tells its quality and its styles by words that stand for them. In distribution those are the words of training;
/// out of distribution a third of them are new, styles are stronger and texts are longer.
struct OpinionWorld: Sendable {
  /// Where prompts stand: how many right answers they have, and how far their responses are apart.
  enum Cell: String, Sendable, CaseIterable {
    /// One right answer, which one response gives and the other does not.
    case oneDistinct = "one-distinct"
    /// One right answer, told twice in nearly the same words.
    case oneParaphrase = "one-paraphrase"
    /// Many right answers, and two that differ in style.
    case manyDistinct = "many-distinct"
    /// Many right answers, and one of them told twice in nearly the same words.
    case manyParaphrase = "many-paraphrase"

    var isParaphrase: Bool { self == .oneParaphrase || self == .manyParaphrase }
    var hasOneAnswer: Bool { self == .oneDistinct || self == .oneParaphrase }
  }

  /// Whether texts are of the kind that was trained on.
  enum Domain: String, Sendable, CaseIterable {
    case within = "in"
    case beyond = "out"
  }

  /// A prompt with two responses, and the share of users who prefer the first.
  struct Item: Sendable {
    let id: String
    let cell: Cell
    let domain: Domain
    let prompt: Prompt
    let first: Response
    let second: Response
    let share: Double
  }

  private let mill: TextMill
  private let words: [[String]]

  /// Mean of the tastes in each style.
  static let taste = [0.6, -0.3]
  /// Standard deviation of the tastes in each style.
  static let spread = 0.9
  /// Standard deviation of a user's own noise.
  static let noise = 0.7
  /// Words per quality grade or style, of which training knows the first four.
  private static let synonyms = 6
  private static let known = 4

  init(seed: UInt64) {
    mill = TextMill(seed: seed)
    let concepts = ["wrong", "poor", "fair", "good", "right", "style a", "style b"]
    let all = mill.words(
      concepts.flatMap { concept in (0..<OpinionWorld.synonyms).map { "\(concept) \($0)" } })
    words = concepts.indices.map {
      Array(all[$0 * OpinionWorld.synonyms..<($0 + 1) * OpinionWorld.synonyms])
    }
  }

  /// The share of users who prefer one response to another, by what sets them apart.
  static func share(quality: Double, styles: [Double]) -> Double {
    let gain = quality + zip(taste, styles).reduce(0) { $0 + $1.0 * $1.1 }
    let variance = spread * spread * styles.reduce(0) { $0 + $1 * $1 } + noise * noise
    return Normal.cdf(gain / variance.squareRoot())
  }

  /// What a response is, before it is told in words: a grade from 0 to 4, and whole steps of each style.
  private struct Traits {
    var grade: Int
    var styles: [Int]
  }

  /// One item, a function of the seed and its name.
  func item(_ cell: Cell, _ domain: Domain, _ split: String, _ index: Int) -> Item {
    let id = "\(cell.rawValue)-\(domain.rawValue)/\(split)-\(index)"
    var generator = CounterGenerator(seed: mill.seed, identity: "opinion \(id)")
    let strongest = domain == .within ? 4 : 6
    func styles() -> [Int] { (0..<2).map { _ in generator.nextIndex(below: strongest) } }
    var first = Traits(grade: 0, styles: styles())
    var second = Traits(grade: 0, styles: styles())
    switch cell {
    case .oneDistinct:
      let isFirst = generator.nextIndex(below: 2) == 0
      first.grade = isFirst ? 4 : generator.nextIndex(below: 2)
      second.grade = isFirst ? generator.nextIndex(below: 2) : 4
    case .oneParaphrase:
      first.grade = generator.nextIndex(below: 2) == 0 ? 4 : 1
      second.grade = first.grade
    case .manyDistinct:
      first.grade = 2 + generator.nextIndex(below: 2)
      second.grade = 2 + generator.nextIndex(below: 2)
    case .manyParaphrase:
      first.grade = 2 + generator.nextIndex(below: 2)
      second.grade = first.grade
    }
    if cell.isParaphrase {
      // One step in one style, or none: nearly the same text.
      second.styles = first.styles
      let style = generator.nextIndex(below: 2)
      second.styles[style] = max(0, second.styles[style] + generator.nextIndex(below: 3) - 1)
    }
    // Grades are half a unit apart and style steps a quarter.
    let share = OpinionWorld.share(
      quality: 0.75 * Double(first.grade - second.grade),
      styles: zip(first.styles, second.styles).map { 0.4 * Double($0 - $1) })
    let texts = self.texts(id, first, second, cell, domain, &generator)
    let kind = cell.hasOneAnswer ? "What is the answer" : "What would you say"
    return Item(
      id: id, cell: cell, domain: domain,
      prompt: Prompt("\(kind)? " + mill.text("prompt \(id)", marks: [], length: 5...12)),
      first: Response(texts.0), second: Response(texts.1), share: share)
  }

  private func texts(
    _ id: String, _ first: Traits, _ second: Traits, _ cell: Cell, _ domain: Domain,
    _ generator: inout CounterGenerator
  ) -> (String, String) {
    let length = domain == .within ? 12...30 : 25...60
    let body = fillers("body \(id)", length)
    let other = cell.isParaphrase ? rephrased(body, &generator) : fillers("other \(id)", length)
    return (
      told(first, body, "first \(id)", domain), told(second, other, "second \(id)", domain)
    )
  }

  private func fillers(_ identity: String, _ length: ClosedRange<Int>) -> [String] {
    var generator = CounterGenerator(seed: mill.seed, identity: identity)
    let count = length.lowerBound + generator.nextIndex(below: length.count)
    return (0..<count).map { _ in TextMill.fillers[generator.nextIndex(below: TextMill.fillers.count)] }
  }

  /// The same words with about a tenth of them changed.
  private func rephrased(_ words: [String], _ generator: inout CounterGenerator) -> [String] {
    words.map { word in
      generator.nextIndex(below: 10) == 0
        ? TextMill.fillers[generator.nextIndex(below: TextMill.fillers.count)] : word
    }
  }

  /// The words, with those among them that tell the grade, twice, and each style, once a step.
  private func told(_ traits: Traits, _ fillers: [String], _ identity: String, _ domain: Domain) -> String {
    var generator = CounterGenerator(seed: mill.seed, identity: "told \(identity)")
    let known = domain == .within ? OpinionWorld.known : OpinionWorld.synonyms
    func word(_ concept: Int) -> String { words[concept][generator.nextIndex(below: known)] }
    var marks = [word(traits.grade), word(traits.grade)]
    for (style, steps) in traits.styles.enumerated() { marks += (0..<steps).map { _ in word(5 + style) } }
    var all = fillers
    for mark in marks { all.insert(mark, at: generator.nextIndex(below: all.count + 1)) }
    return TextMill.sentences(all, &generator)
  }
}
