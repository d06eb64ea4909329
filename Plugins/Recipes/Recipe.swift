public import HustingsTraining

/// Everything that decides a model except its data: which features, which model, how it is trained.
///
/// ```swift
/// let pairs = try PairsFile.pairs(at: "pairs.jsonl").pairs
/// let recipe = Recipe(encoder: "hashed", model: ModelSettings(.bradleyTerry, hidden: [256]))
/// let trained = try await recipe.train(on: pairs)          // some prompts held out, measured on them
/// try CheckpointFolder("models/bt").write(trained)          // checkpoint:models/bt from now on
/// let model = try trained.preferenceModel(named: "bt")      // any PreferenceModel, without a file
/// ```
public struct Recipe: Sendable, Hashable, Codable {
  /// What a pair's label says.
  public enum Labels: String, Sendable, Hashable, Codable, CaseIterable {
    /// The chosen response is preferred.
    case hard
    /// It is preferred with the pair's probability, or the share of its votes; without either, as with hard labels.
    case soft
  }

  /// The encoder, as on the command line: `hashed`, `vectors:FILE`, `hashed+pca:256+standardise`.
  public var encoder: String
  /// What the model is.
  public var model: ModelSettings
  /// How it is trained; its seed also decides what is held out.
  public var training: TrainingSettings
  /// What a pair's label says.
  public var labels: Labels
  /// The share of prompts that is kept from training and measured on; 0 for none.
  public var heldOut: Double
  /// How many models are trained, with seeds one apart; above 1 they answer as one.
  public var members: Int
  /// How the answers of several models become one.
  public var rule: EnsembleRule

  /// A recipe; by default hashed texts, hard labels, a tenth of the prompts held out, one model, and a method that suits
  /// the model and 2,000 pairs.
  public init(
    encoder: String = "hashed", model: ModelSettings, training: TrainingSettings? = nil,
    labels: Labels = .hard, heldOut: Double = 0.1, members: Int = 1, rule: EnsembleRule = .mean
  ) {
    self.encoder = encoder
    self.model = model
    self.training =
      training ?? TrainingSettings(method: Recipe.method(for: model, pairs: 2000, encoder: encoder))
    self.labels = labels
    self.heldOut = heldOut
    self.members = members
    self.rule = rule
  }

  /// The method that suits a model, a number of pairs and an encoder: a solve on all pairs at once for what is linear in
  /// features, AdamW elsewhere.
  ///
  /// A table of items has one column per item, which no penalty may hold down: there a skew form begins at a saddle, and steps
  /// leave it.
  public static func method(
    for model: ModelSettings, pairs: Int, encoder: String = "hashed", temperature: Double = 1
  ) -> TrainingSettings.Method {
    var isLinear = model.hidden.isEmpty && (model.head == .bradleyTerry || !encoder.hasPrefix("table"))
    // Planes that nothing but the penalty on weights holds down learn single pairs by heart when solved to the end.
    if case .general(let settings) = model.head, settings.penalty ?? 0 == 0 { isLinear = false }
    // Levels are held even by the mean of a batch, which a solve on all pairs at once would take in parts.
    if case .distributional = model.head { isLinear = false }
    return isLinear
      ? .lbfgs(LBFGSSettings(ridge: ridge(pairs: pairs, temperature: temperature)))
      : .steps(StepSettings(batch: 64))
  }

  /// What suits the skew part of a head that contains Bradley–Terry: enough that what pairs teach by chance costs next to
  /// nothing, little enough that a pair which a reward cannot explain still gets its sign.
  public static let penalty = 0.5

  /// The penalty that suits rows of length about 1: on the sum of losses, not their mean, the squared weights of log-odds
  /// count once. At a temperature τ log-odds are scores over τ, and weights of a tenth give rewards as large.
  public static func ridge(pairs: Int, temperature: Double = 1) -> Double {
    2 / Double(max(1, pairs)) / (temperature * temperature)
  }

  /// The encoder that suits a model when one is named without steps: hidden layers over a hundred thousand sparse columns
  /// would have as many weights as there are letters in the data, so they read 256 components of hashed texts.
  public static func encoder(_ text: String, for model: ModelSettings) -> String {
    let isPlain = text == "hashed" || (text.hasPrefix("hashed?") && !text.contains("+"))
    return isPlain && !model.hidden.isEmpty ? "\(text)+pca:256" : text
  }

  /// What a sweep varies when nothing is named.
  public var defaultGrid: [String] {
    switch training.method {
    case .steps: ["rate=0.0003,0.001,0.003", "decay=0.01,0.1,1"]
    case .lbfgs, .newton: ["ridge=0.0001,0.0003,0.001,0.003,0.01,0.03"]
    }
  }
  /// The recipe of one of its members.
  func member(_ index: Int) -> Recipe {
    var recipe = self
    recipe.members = 1
    recipe.training.seed = training.seed &+ UInt64(index)
    return recipe
  }

  /// Throws when a setting cannot be.
  public func check() throws {
    try model.check()
    try training.check()
    guard heldOut >= 0, heldOut < 1 else {
      throw TrainingFault.badSetting(
        name: "the share held out", value: "\(heldOut)", allowed: "from 0 to below 1")
    }
    guard (1...64).contains(members) else {
      throw TrainingFault.badSetting(
        name: "the number of models", value: "\(members)", allowed: "from 1 to 64")
    }
  }
}
