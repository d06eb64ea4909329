public import HustingsNumerics

/// What a model is, all but its weights: the layers that read features, and the head.
public struct ModelSettings: Sendable, Hashable, Codable {
  /// Widths of the hidden layers; empty for a linear model.
  public var hidden: [Int]
  /// The non-linear function after each hidden layer.
  public var activation: Activation
  /// What is made of the last layer's outputs.
  public var head: Head

  /// A model; by default linear.
  public init(_ head: Head, hidden: [Int] = [], activation: Activation = .relu) {
    self.head = head
    self.hidden = hidden
    self.activation = activation
  }

  /// Throws when a setting cannot be.
  public func check() throws {
    for width in hidden where width < 1 {
      throw TrainingFault.badSetting(name: "a hidden layer's width", value: "\(width)", allowed: "1 or more")
    }
    try head.check()
  }
}
