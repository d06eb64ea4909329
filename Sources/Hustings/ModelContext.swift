/// What the outside world lends to a model plugin.
public struct ModelContext: Sendable {
  /// The path of a file or folder that a user named: as written when that exists, else below the data root.
  public let path: @Sendable (String) -> String
  /// The seed of the run.
  public let seed: UInt64
  /// The variables of the environment, which a command inherits and keys are read from.
  public let environment: [String: String]
  /// Replies that endpoints gave before; nil where nothing is kept.
  public let replies: ReplyShelf?
  /// Counts calls and what they cost.
  public let meter: CallMeter
  /// What a model's tokens cost, by its name; nil where that is not known.
  public let price: @Sendable (String) -> TokenPrice?
  /// Takes a line of news, such as what a command writes to its standard error.
  public let note: @Sendable (String) -> Void
  /// The models of another string, for models that are made of others.
  public let models: @Sendable (String) async throws -> [any PreferenceModel]

  /// A context; what is left out is not there.
  public init(
    seed: UInt64, environment: [String: String] = [:], replies: ReplyShelf? = nil,
    meter: CallMeter = CallMeter(), price: @escaping @Sendable (String) -> TokenPrice? = { _ in nil },
    note: @escaping @Sendable (String) -> Void = { _ in },
    models: @escaping @Sendable (String) async throws -> [any PreferenceModel] = { _ in [] },
    path: @escaping @Sendable (String) -> String
  ) {
    self.seed = seed
    self.environment = environment
    self.replies = replies
    self.meter = meter
    self.price = price
    self.note = note
    self.models = models
    self.path = path
  }
}

/// Where the replies of endpoints are kept, and looked for before anything is sent.
public struct ReplyShelf: Sendable {
  /// What an endpoint answered once.
  public struct Reply: Sendable, Hashable {
    /// Where the question was sent.
    public let endpoint: String
    /// The model that was asked, by its card's name.
    public let model: String
    /// The answer as it came.
    public let body: [UInt8]

    /// An endpoint's answer.
    public init(endpoint: String, model: String, body: [UInt8]) {
      self.endpoint = endpoint
      self.model = model
      self.body = body
    }
  }

  /// Whether nothing may be sent, so that what is not kept stays unanswered.
  public let isOffline: Bool
  /// The reply kept under the digest of everything that decides it.
  public let find: @Sendable (Digest) throws -> Reply?
  /// The newest reply of an endpoint, for what may change from day to day, such as what it serves.
  public let latest: @Sendable (_ endpoint: String) throws -> Reply?
  /// Keeps a reply, and returns when it is kept. Errors are no replies.
  public let keep: @Sendable (Digest, Reply) async throws -> Void

  /// A shelf of one's own.
  public init(
    isOffline: Bool, find: @escaping @Sendable (Digest) throws -> Reply?,
    latest: @escaping @Sendable (_ endpoint: String) throws -> Reply?,
    keep: @escaping @Sendable (Digest, Reply) async throws -> Void
  ) {
    self.isOffline = isOffline
    self.find = find
    self.latest = latest
    self.keep = keep
  }
}
