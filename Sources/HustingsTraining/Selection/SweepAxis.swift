/// One setting and the values that a sweep tries for it, such as `rate=0.001,0.003`.
public struct SweepAxis: Sendable, Hashable {
  /// The settings that a sweep can vary, under the names of the command line.
  public enum Setting: String, Sendable, Hashable, CaseIterable {
    case rate, epochs, batch, decay, clip, hidden, dim, penalty, tau, smoothing, margin, ridge, seed
    case warmUp = "warm-up"
  }

  /// The setting.
  public let setting: Setting
  /// Its values, as written.
  public let values: [String]

  /// An axis; throws what is wrong with `name=value,value`.
  public init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let names = Setting.allCases.map(\.rawValue).sorted().joined(separator: ", ")
    guard parts.count == 2, let setting = Setting(rawValue: String(parts[0])) else {
      throw TrainingFault.badSetting(
        name: "the sweep '\(text)'", value: "not understood", allowed: "NAME=VALUE,VALUE with one of \(names)"
      )
    }
    self.setting = setting
    values = parts[1].split(separator: ",").map(String.init)
    guard !values.isEmpty else {
      throw TrainingFault.badSetting(
        name: "the sweep of \(setting.rawValue)", value: "empty", allowed: "a list")
    }
  }

  /// Sets one of the values; throws when it is not one the setting takes.
  func apply(_ value: String, to model: inout ModelSettings, _ training: inout TrainingSettings) throws {
    func number() throws -> Double {
      guard let number = Double(value) else { throw fault(value, "a number") }
      return number
    }
    func whole() throws -> Int {
      guard let number = Int(value) else { throw fault(value, "a whole number") }
      return number
    }
    switch setting {
    case .hidden:
      let widths =
        value == "0" ? [] : value.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      guard widths.allSatisfy({ $0 != nil }) else { throw fault(value, "widths such as 256, 256x64, or 0") }
      model.hidden = widths.compactMap { $0 }
    case .dim, .penalty: try applyToHead(value, &model)
    case .tau: training.loss.temperature = try positive(number(), value)
    case .smoothing:
      let share = try number()
      guard share >= 0, share < 0.5 else { throw fault(value, "from 0 to below 0.5") }
      training.loss.smoothing = share
    case .margin: training.loss.margin = try training.loss.margin.scaled(to: number()) ?? .constant(number())
    case .seed:
      guard let seed = UInt64(value) else { throw fault(value, "a whole number of 0 or more") }
      training.seed = seed
    case .ridge:
      switch training.method {
      case .steps: throw fault(value, "used with a solver")
      case .lbfgs(var settings):
        settings.ridge = try number()
        training.method = .lbfgs(settings)
      case .newton(var settings):
        settings.ridge = try number()
        training.method = .newton(settings)
      }
    case .rate, .epochs, .batch, .decay, .clip, .warmUp:
      guard case .steps(var steps) = training.method else { throw fault(value, "used with a step method") }
      switch setting {
      case .rate: steps.rate = try number()
      case .epochs: steps.epochs = try whole()
      case .batch: steps.batch = try whole()
      case .decay: steps.decay = try number()
      case .clip: steps.clip = value == "none" ? nil : try number()
      default:
        let share = try number()
        guard share >= 0, share <= 1 else { throw fault(value, "from 0 to 1") }
        steps.schedule.warmUp = share
      }
      training.method = .steps(steps)
    }
  }

  private func applyToHead(_ value: String, _ model: inout ModelSettings) throws {
    switch (setting, model.head) {
    case (.dim, .general(var settings)):
      guard let dimension = Int(value) else { throw fault(value, "a whole number") }
      settings.dimension = dimension
      model.head = .general(settings)
    case (.dim, .decomposed(var settings)):
      guard let dimension = Int(value) else { throw fault(value, "a whole number") }
      settings.dimension = dimension
      model.head = .decomposed(settings)
    case (.penalty, .general(var settings)) where settings.penalty != nil:
      guard let penalty = Double(value) else { throw fault(value, "a number") }
      settings.penalty = penalty
      model.head = .general(settings)
    case (.penalty, .decomposed(var settings)):
      guard let penalty = Double(value) else { throw fault(value, "a number") }
      settings.penalty = penalty
      model.head = .decomposed(settings)
    default: throw fault(value, "used with a head that has one")
    }
  }

  private func positive(_ number: Double, _ value: String) throws -> Double {
    guard number > 0, number.isFinite else { throw fault(value, "above 0") }
    return number
  }

  private func fault(_ value: String, _ allowed: String) -> TrainingFault {
    .badSetting(name: "the sweep's \(setting.rawValue)", value: "'\(value)'", allowed: allowed)
  }
}

extension MarginRule {
  /// The same rule at another scale; nil for a rule that has none.
  func scaled(to scale: Double) -> MarginRule? {
    switch self {
    case .absent: nil
    case .unsigned: .unsigned(scale: scale)
    case .signed: .signed(scale: scale)
    case .clipped: .clipped(scale: scale)
    case .constant: .constant(scale)
    }
  }
}
