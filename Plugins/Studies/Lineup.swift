import HustingsTraining
import Recipes

/// A model that a study trains, by a short name.
struct Entrant: Sendable {
  let name: String
  let recipe: Recipe
}

extension Entrant {
  /// Whether its training draws anything: a linear reward starts at zero and is solved.
  var isDrawn: Bool { recipe.model.head != .bradleyTerry || !recipe.model.hidden.isEmpty }

  /// The same with so many iterations at most.
  func solved(in iterations: Int) -> Entrant {
    guard case .lbfgs(var settings) = recipe.training.method else { return self }
    settings.iterations = iterations
    var recipe = recipe
    recipe.training.method = .lbfgs(settings)
    return Entrant(name: name, recipe: recipe)
  }
}

/// Models that differ in as little as they can: linear, on the same features, solved to the end with the same ridge.
enum Lineup {
  /// Single words, which tell the types of made-up texts; runs of letters and of two words are nearly all chance there.
  static let words = "hashed?words=1&characters=no&bits=14"
  /// The surface of texts, and nothing of their words.
  static let surface = "hashed?words=0&characters=no"

  /// The solver of every linear model.
  static func solver(ridge: Double, iterations: Int = 300) -> TrainingSettings.Method {
    .lbfgs(LBFGSSettings(ridge: ridge, iterations: iterations))
  }

  static func bradleyTerry(
    _ name: String = "bt", encoder: String = "hashed", ridge: Double, loss: PairLoss = PairLoss(),
    labels: Recipe.Labels = .hard, seed: UInt64
  ) -> Entrant {
    entrant(name, .bradleyTerry, encoder, ridge, loss, labels, seed)
  }

  static func general(
    _ dimension: Int, penalty: Double? = nil, encoder: String = "hashed", ridge: Double,
    labels: Recipe.Labels = .hard, seed: UInt64
  ) -> Entrant {
    let settings = GeneralSettings(
      dimension: dimension, start: dimension == 2 ? .random : .bradleyTerry, penalty: penalty)
    return entrant("gpm d=\(dimension)", .general(settings), encoder, ridge, PairLoss(), labels, seed)
  }

  static func decomposed(
    _ dimension: Int, penalty: Double, encoder: String = "hashed", ridge: Double,
    labels: Recipe.Labels = .hard, seed: UInt64
  ) -> Entrant {
    let settings = DecomposedSettings(dimension: dimension, penalty: penalty)
    return entrant(
      "decomposed d=\(dimension)", .decomposed(settings), encoder, ridge, PairLoss(), labels, seed)
  }

  /// A model that reads pairs needs a hidden layer: without one it is Bradley–Terry with an order effect.
  static func pairwise(
    width: Int = 32, rate: Double = 3e-3, epochs: Int = 12,
    encoder: String = "hashed?words=1&characters=no&bits=13",
    labels: Recipe.Labels = .hard, seed: UInt64
  ) -> Entrant {
    let steps = StepSettings(rate: rate, epochs: epochs, batch: 64)
    return Entrant(
      name: "pairpm",
      recipe: Recipe(
        encoder: encoder, model: ModelSettings(.pairwise(PairwiseSettings(order: .both)), hidden: [width]),
        training: TrainingSettings(method: .steps(steps), seed: seed), labels: labels, heldOut: 0))
  }

  private static func entrant(
    _ name: String, _ head: Head, _ encoder: String, _ ridge: Double, _ loss: PairLoss,
    _ labels: Recipe.Labels, _ seed: UInt64
  ) -> Entrant {
    Entrant(
      name: name,
      recipe: Recipe(
        encoder: encoder, model: ModelSettings(head),
        training: TrainingSettings(loss: loss, method: solver(ridge: ridge), seed: seed), labels: labels,
        heldOut: 0))
  }
}
