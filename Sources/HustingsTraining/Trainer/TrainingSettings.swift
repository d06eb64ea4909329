public import HustingsNumerics

/// How a model is trained: the loss, the method, and the seed.
public struct TrainingSettings: Sendable, Hashable, Codable {
  /// How the loss is made small.
  public enum Method: Sendable, Hashable, Codable {
    /// Batch after batch.
    case steps(StepSettings)
    /// All data at once, by limited-memory BFGS.
    case lbfgs(LBFGSSettings)
    /// All data at once, exactly: linear Bradley–Terry only.
    case newton(NewtonSettings)
  }

  /// The loss of each pair.
  public var loss: PairLoss
  /// How the loss is made small.
  public var method: Method
  /// Decides where weights start and in what order pairs come.
  public var seed: UInt64
  /// How products of wide layers are made in training; a trained model scores with `fused` in any case.
  public var arithmetic: Arithmetic

  /// Settings of a run.
  public init(
    loss: PairLoss = PairLoss(), method: Method = .steps(StepSettings()), seed: UInt64 = 0,
    arithmetic: Arithmetic = .tiles
  ) {
    self.loss = loss
    self.method = method
    self.seed = seed
    self.arithmetic = arithmetic
  }

  /// Throws when a setting cannot be.
  public func check() throws {
    switch method {
    case .steps(let settings): try settings.check()
    case .lbfgs(let settings): try settings.check()
    case .newton(let settings): try settings.check()
    }
    if case .ties(let model) = loss.kind {
      let isValid = if case .davidson(let strength) = model { strength > 0 } else { model.parameter > 0 }
      guard isValid, model.parameter.isFinite else {
        throw TrainingFault.badSetting(
          name: "the tie parameter", value: "\(model.parameter)", allowed: "above 0")
      }
    }
  }
}

/// One point of a learning curve: an epoch of a step method, or an iteration of a solve.
public struct CurvePoint: Sendable, Hashable, Codable {
  /// Epochs or iterations done.
  public let epoch: Int
  /// Steps done.
  public let step: Int
  /// Mean objective over the epoch's batches as they came, or at the iteration's end.
  public let trainingLoss: Double
  /// Mean loss on held-out pairs; nil when none are held out.
  public let heldOutLoss: Double?
  /// The share of held-out pairs ordered as their labels say; nil when none says.
  public let heldOutAccuracy: Double?
}

/// How far training is.
public struct TrainingProgress: Sendable, Hashable {
  /// Epochs or iterations done.
  public let epoch: Int
  /// Steps done.
  public let step: Int
  /// Steps in all, at most.
  public let steps: Int
  /// Mean objective of the batches since the epoch began.
  public let loss: Double
  /// The last point of the learning curve, with held-out results; nil before the first epoch ends.
  public let latest: CurvePoint?
  /// Pairs trained on per second.
  public let pairsPerSecond: Double?
  /// Seconds left at that speed.
  public let secondsLeft: Double?
}

/// What training gives.
public struct TrainingResult: Sendable, Hashable {
  /// The model: that of the last epoch, or of the one with the least held-out loss where the trainer keeps that.
  public let network: PreferenceNetwork
  /// One point per epoch or iteration.
  public let curve: [CurvePoint]
  /// The epoch or iteration that `network` is of.
  public let epoch: Int
}

/// How a run ended.
public enum TrainingOutcome: Sendable {
  /// It is done.
  case finished(TrainingResult)
  /// It was asked to stop; from this state it goes on as if it had not been.
  case interrupted(TrainerState)
}
