import Foundation
public import Hustings
import HustingsNumerics
public import HustingsTraining

/// Made-up annotators of types that are known, to see whether types can be found again.
///
/// A type likes a response by weights on its features; an annotator says what Gumbel noise on top makes of it, so that every vote
/// follows the likelihood of `VoteLikelihood`. Everything is a pure function of the seed.
public struct HiddenPopulation: Sendable {
  /// What annotators are asked.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// One of two.
    case binary
    /// One of two, or neither.
    case ties
    /// The best of three.
    case best
    /// All of three in order.
    case ranking
    /// The three-armed contextual bandit of arXiv 2405.15065: each type likes one arm by ten times the sum of the context.
    case bandit
  }

  /// What annotators are asked.
  public let kind: Kind
  /// The votes.
  public let panel: VotePanel
  /// The features of every row.
  public let features: FeatureMatrix
  /// The type of every annotator.
  public let truth: [Int]
  /// Each type's scores of every row.
  public let scores: [[Double]]

  /// A population of `shares.count` types.
  ///
  /// - Parameters:
  ///   - shares: how many annotators are of each type; annotators are dealt by largest remainder.
  ///   - votes: votes per annotator.
  public init(_ kind: Kind, shares: [Double], annotators: Int, votes: Int, seed: UInt64) throws {
    let world = World(kind, seed: seed, contexts: kind == .bandit ? annotators * votes : 60)
    var truth: [Int] = []
    var given = shares.map { _ in 0 }
    for number in 0..<annotators {
      let type =
        shares.indices.max {
          (shares[$0] * Double(number + 1) - Double(given[$0]), -$0)
            < (shares[$1] * Double(number + 1) - Double(given[$1]), -$1)
        } ?? 0
      given[type] += 1
      truth.append(type)
    }
    let tastes = world.tastes(shares.count)
    var builder = VotePanelBuilder()
    for number in 0..<annotators {
      let annotator = try builder.annotator("annotator \(number)")
      var dice = CounterGenerator(seed: seed, identity: "votes of annotator \(number)")
      for vote in 0..<votes {
        let context = kind == .bandit ? number * votes + vote : dice.nextIndex(below: 60)
        let menu = builder.menu(Prompt("context \(context)"))
        let places = (0..<3).map {
          builder.response(Response("context \(context), response \($0)"), to: menu)
        }
        let liking = (0..<3).map { world.liking(tastes, truth[number], context, $0) }
        let (cast, shown) = try HiddenPopulation.vote(kind, liking, &dice)
        try builder.add(cast, on: shown.map { places[$0] }, of: menu, by: annotator)
      }
    }
    let panel = try builder.build()
    var rows: [Float] = []
    var scores = shares.map { _ in [Double]() }
    for menu in panel.menus {
      let context = Int(menu.prompt.text.split(separator: " ").last ?? "") ?? 0
      for (place, _) in menu.responses.enumerated() {
        rows += world.features(context, place)
        for type in shares.indices { scores[type].append(world.liking(tastes, type, context, place)) }
      }
    }
    self.kind = kind
    self.panel = panel
    self.truth = truth
    self.scores = scores
    features = FeatureMatrix(
      count: panel.rowCount, denseWidth: panel.rowCount == 0 ? 0 : rows.count / panel.rowCount, dense: rows)
  }

  /// A vote by someone who likes the three responses so much, and which responses were shown.
  private static func vote(
    _ kind: Kind, _ liking: [Double], _ dice: inout CounterGenerator
  ) throws -> (Vote, [Int]) {
    let order = dice.permutation(3)
    let shown = kind == .best || kind == .ranking ? order : Array(order.prefix(2))
    if kind == .ties {
      // Davidson's model with ν = 1.
      let (a, b) = (exp(liking[shown[0]] / 2), exp(liking[shown[1]] / 2))
      let draw = dice.nextUniform() * (a * a + b * b + a * b)
      if draw > a * a + b * b { return (.tie, shown) }
      return (try .best(draw < a * a ? 0 : 1, of: 2), shown)
    }
    let noisy = shown.map { liking[$0] - log(-log(dice.nextUniform() + 1e-300)) }
    let ranked = shown.indices.sorted { (-noisy[$0], $0) < (-noisy[$1], $1) }
    if kind == .ranking { return (try Vote(placed: ranked.map { [$0] }, shown: 3), shown) }
    return (try .best(ranked[0], of: shown.count), shown)
  }
}

/// Where contexts, features and tastes come from.
private struct World {
  private let kind: HiddenPopulation.Kind
  private let seed: UInt64
  private let layer: [Double]
  private let bandit: [[Double]]

  init(_ kind: HiddenPopulation.Kind, seed: UInt64, contexts: Int) {
    self.kind = kind
    self.seed = seed
    var dice = CounterGenerator(seed: seed, identity: "hidden layer")
    // Ten units on three numbers and a bias, uniform as PyTorch draws them: within 1/√3.
    layer = (0..<40).map { _ in (2 * dice.nextUniform() - 1) / 3.0.squareRoot() }
    bandit = kind != .bandit ? [] : (0..<contexts).map { World.context($0, seed) }
  }

  private static func context(_ number: Int, _ seed: UInt64) -> [Double] {
    let dice = CounterGenerator(seed: seed, identity: "context \(number)")
    return (0..<3).map { dice.uniform(UInt64($0)) }
  }

  func tastes(_ types: Int) -> [[Double]] {
    (0..<types).map { type in
      var dice = CounterGenerator(seed: seed, identity: "taste \(type)")
      return (0..<6).map { _ in 1.2 * dice.nextNormal() }
    }
  }

  /// For the bandit a frozen layer of ten ReLU units and a bias, one block per arm; else six normal numbers.
  func features(_ context: Int, _ response: Int) -> [Float] {
    guard kind == .bandit else {
      var dice = CounterGenerator(seed: seed, identity: "features \(context) \(response)")
      return (0..<6).map { _ in Float(dice.nextNormal()) }
    }
    let x = bandit[context]
    var row = [Float](repeating: 0, count: 33)
    for unit in 0..<10 {
      let w = layer[4 * unit..<4 * unit + 4]
      let sum = w[4 * unit] * x[0] + w[4 * unit + 1] * x[1] + w[4 * unit + 2] * x[2] + w[4 * unit + 3]
      row[11 * response + unit] = Float(max(0, sum))
    }
    row[11 * response + 10] = 1
    return row
  }

  func liking(_ tastes: [[Double]], _ type: Int, _ context: Int, _ response: Int) -> Double {
    guard kind == .bandit else {
      return zip(tastes[type], features(context, response)).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    return response == type ? 10 * bandit[context].reduce(0, +) : 0
  }
}
