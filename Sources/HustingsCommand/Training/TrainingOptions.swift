import ArgumentParser
import Foundation
import HustingsNumerics
import HustingsReports
import HustingsTraining
import Recipes

/// Everything that all recipes take.
struct TrainingOptions: ParsableArguments {
  @OptionGroup(title: "Data") var data: TrainingDataOptions
  @OptionGroup(title: "Model") var body: BodyOptions
  @OptionGroup(title: "Loss") var loss: LossOptions
  @OptionGroup(title: "Training") var method: MethodOptions
  @OptionGroup(title: "Measuring") var measuring: MeasuringOptions
  @OptionGroup(title: "Output") var output: TrainingOutputOptions
}

/// What the model reads, and its layers.
struct BodyOptions: ParsableArguments {
  @Option(
    name: .long,
    help: "The encoder: hashed, table or vectors:FILE, with steps behind it as in hashed+pca:256+standardise."
  )
  var encoder = "hashed"

  @Option(name: .long, help: "linear, or mlp:256 or mlp:256x64 with the widths of hidden layers.")
  var head: String?

  @Option(name: .long, help: "After each hidden layer: relu, gelu or tanh.")
  var activation: Activation = .relu

  /// The widths of the hidden layers; nil when none were named.
  func hidden() throws -> [Int]? {
    guard let head else { return nil }
    if head == "linear" { return [] }
    let parts = head.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let widths =
      parts.count == 2 && parts[0] == "mlp"
      ? parts[1].split(separator: "x", omittingEmptySubsequences: false).map { Int($0) } : [nil]
    let known = widths.compactMap { $0 }.filter { $0 > 0 }
    guard known.count == widths.count else {
      throw UsageError("'\(head)' is no head. Write linear, mlp:256 or mlp:256x64.")
    }
    return known
  }
}

/// Settings of the planes of a skew-symmetric form.
struct PlaneOptions: ParsableArguments {
  @Option(
    name: .long, help: "Scales of the planes that depend on the prompt: none, softmax or scaled-softmax.")
  var gate: GateName = .without

  @Option(
    name: .long,
    help: "How often a scale enters the form: 1 as the published code, 2 as the formula read literally.")
  var gatePower: Int = 1

  @Flag(name: .long, inversion: .prefixedNo, help: "Divide every vector by its length.")
  var l2 = false

  func validate() throws {
    guard HustingsTraining.Gate.Power(rawValue: gatePower) != nil else {
      throw ValidationError("--gate-power is 1 or 2, not \(gatePower).")
    }
  }

  var parsedGate: HustingsTraining.Gate? {
    let power = HustingsTraining.Gate.Power(rawValue: gatePower) ?? .first
    return switch gate {
    case .without: nil
    case .softmax: HustingsTraining.Gate(.softmax, power: power)
    case .scaled: HustingsTraining.Gate(.scaledSoftmax, power: power)
    }
  }
}

/// A gate by name.
enum GateName: String, ExpressibleByArgument, CaseIterable {
  case without = "none"
  case softmax
  case scaled = "scaled-softmax"
}

/// Families of losses.
enum LossName: String, CaseIterable, ExpressibleByArgument {
  case logistic
  case logOdds = "log-odds"
}

/// What a pair costs.
struct LossOptions: ParsableArguments {
  @Option(
    name: .long,
    help: """
      logistic: cross-entropy; or log-odds: regression on the log-odds of soft labels, which must be uncertain, by themselves or by \
      --label-smoothing.
      """)
  var loss = LossName.logistic

  @Option(name: .long, help: "What scores are divided by to be log-odds. Default: 0.1 with --l2, else 1.")
  var tau: Double?

  @Option(
    name: .long,
    help: """
      The gap that a pair's votes demand: none, votes (unsigned, as published), signed, clipped, each with a scale as in \
      votes:2, or constant:X.
      """)
  var margin = "none"

  @Flag(
    name: .long,
    help: "Train on a pair's probability, or the share of its votes, not on who was chosen alone.")
  var softLabels = false

  @Option(name: .long, help: "The share of each label that is moved to the other side.")
  var labelSmoothing = 0.0

  func validate() throws {
    if let tau, !(tau > 0 && tau.isFinite) { throw ValidationError("--tau is above 0, not \(tau).") }
    guard labelSmoothing >= 0, labelSmoothing < 0.5 else {
      throw ValidationError("--label-smoothing is from 0 to below 0.5, not \(labelSmoothing).")
    }
    if loss == .logOdds, !softLabels {
      throw ValidationError("--loss log-odds learns from --soft-labels; add it.")
    }
    _ = try rule()
  }

  /// The family of the loss.
  var kind: PairLoss.Kind { loss == .logOdds ? .logOdds : .logistic }

  /// The margin rule that was named.
  func rule() throws -> MarginRule {
    let parts = margin.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let number = parts.count == 2 ? Double(parts[1]) : nil
    let fault = ValidationError(
      "'\(margin)' is no margin. Write none, votes, signed, clipped, one of these with a scale as in votes:2, or constant:X."
    )
    if parts.count == 2 {
      guard let number, number.isFinite else { throw fault }
    }
    switch parts[0] {
    case "none" where parts.count == 1: return .absent
    case "votes": return .unsigned(scale: number ?? 1)
    case "signed": return .signed(scale: number ?? 1)
    case "clipped": return .clipped(scale: number ?? 1)
    case "constant":
      guard let number else { throw fault }
      return .constant(number)
    default: throw fault
    }
  }
}

/// How the loss is made small.
struct MethodOptions: ParsableArguments {
  @Option(
    name: [.long, .customLong("optimizer")],
    help: """
      adamw, rmsprop or sgd batch after batch; lbfgs or newton on all pairs at once. Default: lbfgs for linear heads \
      other than gpm, adamw for gpm, hidden layers and skew forms on --encoder table.
      """)
  var optimiser: OptimiserName?

  @Option(name: .long, help: "The learning rate at its highest. Default: 0.001, for sgd 0.1.")
  var rate: Double?

  @Option(name: .long, help: "How often every pair is seen.")
  var epochs = 10

  @Option(name: .long, help: "Pairs per step.")
  var batch = 64

  @Option(name: .long, help: "What weights shrink by per step, times the rate.")
  var weightDecay = 0.01

  @Option(name: .long, help: "The longest gradient; a longer one is scaled down to it. 0 for any.")
  var clip = 1.0

  @Option(name: .long, help: "How the rate falls: cosine, linear or constant.")
  var schedule: Schedule.Shape = .cosine

  @Option(name: .long, help: "The share of steps over which the rate rises from 0.")
  var warmUp = 0.03

  @Option(
    name: .long, help: "End after so many epochs without a lower loss on a tenth of the training prompts.")
  var patience: Int?

  @Option(
    name: .long,
    help: """
      For lbfgs and newton: half of this times the squared weights is added to the mean loss. Default: 2 over the number of \
      pairs and the square of tau.
      """)
  var ridge: Double?

  @Option(name: .long, help: "For lbfgs and newton: the most iterations.")
  var iterations: Int?

  @Option(name: .long, help: "What every random choice is a function of.")
  var seed: UInt64 = 0

  @Option(
    name: .long,
    help:
      "How wide products are made in training: fused, or tiles (as exact and faster, where the processor has them)."
  )
  var arithmetic: Arithmetic = .tiles

  func validate() throws {
    guard warmUp >= 0, warmUp <= 1 else { throw ValidationError("--warm-up is from 0 to 1, not \(warmUp).") }
  }

  /// The method for a model, a number of pairs and an encoder.
  func method(
    for model: ModelSettings, pairs: Int, encoder: String, temperature: Double
  ) -> TrainingSettings.Method {
    let usual = Recipe.method(for: model, pairs: pairs, encoder: encoder, temperature: temperature)
    let name: OptimiserName =
      if let optimiser { optimiser } else if case .steps = usual { .adamw } else { .lbfgs }
    let ridge = ridge ?? Recipe.ridge(pairs: pairs, temperature: temperature)
    let rule: StepRule
    switch name {
    case .lbfgs:
      return .lbfgs(LBFGSSettings(ridge: ridge, iterations: iterations ?? 200))
    case .newton:
      return .newton(NewtonSettings(ridge: ridge, iterations: iterations ?? 50))
    case .adamw: rule = .adamW
    case .rmsprop: rule = .rmsProp
    case .sgd: rule = .momentum(0.9)
    }
    return .steps(
      StepSettings(
        rule: rule, rate: rate ?? (name == .sgd ? 0.1 : 0.001), schedule: Schedule(schedule, warmUp: warmUp),
        epochs: epochs, batch: batch, decay: weightDecay, clip: clip == 0 ? nil : clip, patience: patience))
  }
}

/// An optimiser by name.
enum OptimiserName: String, ExpressibleByArgument, CaseIterable {
  case adamw, rmsprop, sgd, lbfgs, newton
}

/// What is measured, and how prompts are held out for it.
struct MeasuringOptions: ParsableArguments {
  @Option(name: .long, help: "The share of prompts that is kept from training and measured on; 0 for none.")
  var heldOut = 0.1

  @Option(
    name: .long, help: "Measure on these pairs; none of their prompts may be trained on.", completion: .file()
  )
  var heldOutData: String?

  @Option(
    name: .long, help: "Cross-validate: so many folds by prompt, each measured by a model that never saw it.")
  var folds: Int?

  @Option(
    name: .long, help: "How prompts come into folds: shuffled by the seed, or dealt in their order (modulo).")
  var foldRule: FoldName = .shuffled

  @Flag(name: .long, help: "Try a grid of settings by cross-validation, print it, and train with the best.")
  var sweep = false

  @Option(name: .long, help: "The grid of a sweep, such as rate=0.001,0.003; may be given more than once.")
  var grid: [String] = []

  @Option(name: .long, help: "Train so many models, with seeds one apart, that answer as one.")
  var ensemble = 1

  @Option(
    name: .long,
    help: "How an ensemble answers: mean, worst, or mean-sd, the mean less one standard deviation.")
  var ensembleRule: EnsembleName = .mean

  func validate() throws {
    guard heldOut >= 0, heldOut < 1 else {
      throw ValidationError("--held-out is a share from 0 to below 1, not \(heldOut).")
    }
    if let folds, folds < 2 { throw ValidationError("--folds takes a number from 2 on, not \(folds).") }
    guard (1...64).contains(ensemble) else {
      throw ValidationError("--ensemble is from 1 to 64, not \(ensemble).")
    }
  }

  func rule(seed: UInt64) -> FoldRule { foldRule == .modulo ? .modulo : .shuffled(seed: seed) }
}

/// A rule for folds by name.
enum FoldName: String, ExpressibleByArgument, CaseIterable { case shuffled, modulo }

/// A rule for ensembles by name.
enum EnsembleName: String, ExpressibleByArgument, CaseIterable {
  case mean, worst
  case cautious = "mean-sd"

  var rule: EnsembleRule {
    switch self {
    case .mean: .mean
    case .worst: .worst
    case .cautious: .cautious(deviations: 1)
    }
  }
}

/// Where results go.
struct TrainingOutputOptions: ParsableArguments {
  @Option(name: .long, help: "The folder of the checkpoint.", completion: .directory)
  var out: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var format: FormatOptions

  @Option(name: .long, help: "Threads. They change no number.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Flag(name: .long, help: "Go on with the interrupted run in --out.")
  var resume = false

  @Flag(name: .long, help: "Begin anew although --out holds an interrupted run.")
  var fresh = false

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads takes a number from 1 on, not \(threads).") }
    if resume, out == nil { throw ValidationError("--resume needs --out, the folder of the run.") }
    if resume, fresh { throw ValidationError("--resume and --fresh exclude each other.") }
  }
}
