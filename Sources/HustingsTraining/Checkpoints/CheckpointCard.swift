/// What a checkpoint says of itself, to people and to whoever loads it.
public struct CheckpointCard: Sendable, Hashable, Codable {
  /// The newest format that this version reads and the one that it writes.
  public static let currentFormat = 1

  /// The encoder whose features the model reads, all but its tensors.
  public struct Encoder: Sendable, Hashable, Codable {
    /// The source of rows, or one step on them.
    public struct Part: Sendable, Hashable, Codable {
      /// Which encoder or step.
      public var kind: String
      /// Everything that decides its numbers and is no tensor.
      public var settings: [String: String]
      /// What helps to find things again.
      public var hints: [String: String]
      /// The names of its tensors, which the weights' file has under `encoder.` and the part's number.
      public var tensors: [String]
    }

    /// How the encoder is written on the command line.
    public var name: String
    /// The digest of everything that decides its features.
    public var fingerprint: String
    /// What makes it again, the source first.
    public var parts: [Part]
  }

  /// Results on held-out pairs.
  public struct HeldOut: Sendable, Hashable, Codable {
    /// How they were chosen.
    public var split: String
    /// How many.
    public var pairs: Int
    /// Mean loss; nil where it has none.
    public var loss: Double?
    /// The share ordered as labels say; nil when none says.
    public var accuracy: Double?
    /// How many prompts they come from.
    public var prompts: Int?
    /// The 95 % interval of the accuracy.
    public var interval: Range?
    /// How far both orders of presentation are from agreeing; nil for models that read responses one by one.
    public var swapError: Double?
    /// The share of pairs whose winner changes with the order; nil for models that read responses one by one.
    public var flipRate: Double?
    /// The share of squared margin that no reward explains; nil where it does not apply.
    public var cyclicShare: Double?

    /// An interval with the procedure that made it.
    public struct Range: Sendable, Hashable, Codable {
      /// The lower end.
      public var low: Double
      /// The upper end.
      public var high: Double
      /// The procedure.
      public var method: String

      /// An interval.
      public init(low: Double, high: Double, method: String) {
        self.low = low
        self.high = high
        self.method = method
      }
    }

    /// A record of results.
    public init(
      split: String, pairs: Int, loss: Double?, accuracy: Double?, prompts: Int? = nil,
      interval: Range? = nil, swapError: Double? = nil, flipRate: Double? = nil, cyclicShare: Double? = nil
    ) {
      self.split = split
      self.pairs = pairs
      self.loss = loss
      self.accuracy = accuracy
      self.prompts = prompts
      self.interval = interval
      self.swapError = swapError
      self.flipRate = flipRate
      self.cyclicShare = cyclicShare
    }
  }

  /// The format of this card.
  public var format = CheckpointCard.currentFormat
  /// What the model is.
  public var model: ModelSettings
  /// How it was trained.
  public var training: TrainingSettings
  /// Features per response.
  public var inputs: Int
  /// Features per prompt; nil without a gate.
  public var promptInputs: Int?
  /// What scores are divided by to be log-odds.
  public var temperature: Double
  /// The encoder.
  public var encoder: Encoder
  /// What the data that it was trained on is called.
  public var source: String?
  /// What its labels say: `hard` or `soft`; nil where that was not told.
  public var labels: String?
  /// The digest of the data that it was trained on.
  public var dataDigest: String
  /// Pairs trained on.
  public var pairs: Int
  /// Results on held-out pairs; nil when none were held out.
  public var heldOut: HeldOut?
  /// The learning curve.
  public var curve: [CurvePoint]
  /// The epoch or iteration that the weights are of.
  public var epoch: Int
  /// The digest of all tensors.
  public var weightsDigest: String
}
