/// How a gradient moves the parameters, one batch at a time.
public enum StepRule: Sendable, Hashable, Codable {
  /// Loshchilov and Hutter 2019.
  case adamW(beta1: Double, beta2: Double, epsilon: Double)
  /// Tieleman and Hinton 2012.
  case rmsProp(smoothing: Double, epsilon: Double)
  /// Polyak 1964; a momentum of 0 is plain gradient descent.
  case momentum(Double)

  /// AdamW with the usual constants.
  public static let adamW = StepRule.adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
  /// RMSprop with the usual constants.
  public static let rmsProp = StepRule.rmsProp(smoothing: 0.99, epsilon: 1e-8)

  /// Vectors of the parameters' length that the rule keeps between steps.
  var memories: Int { if case .adamW = self { 2 } else { 1 } }
}

/// How the learning rate changes over a run of T steps.
public struct Schedule: Sendable, Hashable, Codable {
  /// What follows the warm-up.
  public enum Shape: String, Sendable, Hashable, Codable, CaseIterable {
    /// The rate stays.
    case constant
    /// ½(1 + cos πx) of the rate, x the share of what follows the warm-up that is done: 0 at the end.
    case cosine
    /// 1 - x of the rate.
    case linear
  }

  /// What follows the warm-up.
  public var shape: Shape
  /// The share of all steps, rounded up, over which the rate rises from 0 in equal parts.
  public var warmUp: Double

  /// A schedule.
  public init(_ shape: Shape, warmUp: Double = 0) {
    precondition(warmUp >= 0 && warmUp <= 1, "a warm-up of \(warmUp) of the steps")
    self.shape = shape
    self.warmUp = warmUp
  }

  /// What the rate is multiplied by at a step, counted from 0.
  public func factor(step: Int, of total: Int) -> Double {
    let rising = Int((warmUp * Double(total)).rounded(.up))
    if step < rising { return Double(step + 1) / Double(rising) }
    let x = min(1, Double(step - rising) / Double(max(1, total - rising)))
    switch shape {
    case .constant: return 1
    case .linear: return 1 - x
    case .cosine: return 0.5 * (1 + cosine(.pi * x))
    }
  }
}

/// Settings of training step by step.
public struct StepSettings: Sendable, Hashable, Codable {
  /// How a gradient moves the parameters.
  public var rule: StepRule
  /// The learning rate at its highest.
  public var rate: Double
  /// How the rate changes.
  public var schedule: Schedule
  /// How often every pair is seen.
  public var epochs: Int
  /// Pairs per step.
  public var batch: Int
  /// What weights, not biases, shrink by per step, times the rate.
  public var decay: Double
  /// The longest gradient, by Euclidean norm; a longer one is scaled down to it. Nil for any.
  public var clip: Double?
  /// Epochs without a lower held-out loss after which training ends; nil for never.
  public var patience: Int?

  /// Settings of training step by step.
  public init(
    rule: StepRule = .adamW, rate: Double = 1e-3, schedule: Schedule = Schedule(.cosine, warmUp: 0.03),
    epochs: Int = 10, batch: Int = 512, decay: Double = 0.01, clip: Double? = 1, patience: Int? = nil
  ) {
    self.rule = rule
    self.rate = rate
    self.schedule = schedule
    self.epochs = epochs
    self.batch = batch
    self.decay = decay
    self.clip = clip
    self.patience = patience
  }

  /// Throws when a setting cannot be.
  public func check() throws {
    func positive(_ name: String, _ value: Double) throws {
      guard value > 0, value.isFinite else {
        throw TrainingFault.badSetting(name: name, value: "\(value)", allowed: "above 0")
      }
    }
    try positive("the learning rate", rate)
    try positive("the number of epochs", Double(epochs))
    try positive("the batch size", Double(batch))
    if let clip { try positive("the longest gradient", clip) }
    if let patience { try positive("the patience", Double(patience)) }
    guard decay >= 0, decay.isFinite else {
      throw TrainingFault.badSetting(name: "the weight decay", value: "\(decay)", allowed: "0 or more")
    }
  }
}
