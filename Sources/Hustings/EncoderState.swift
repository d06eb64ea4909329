/// A named block of numbers, row-major.
public struct NamedTensor: Sendable, Hashable {
  /// Its name, unique among those it is stored with.
  public let name: String
  /// Its dimensions; their product is the number of values.
  public let shape: [Int]
  /// The numbers.
  public let values: [Float]

  /// A block of numbers.
  public init(_ name: String, shape: [Int], values: [Float]) {
    precondition(
      shape.reduce(1, *) == values.count, "\(values.count) values in the shape \(shape)")
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// What makes an encoder what it is: its source, then the steps behind it, each with settings and fitted numbers.
///
/// A checkpoint stores the settings as JSON and the tensors beside the weights.
public struct EncoderState: Sendable, Hashable {
  /// The source of rows, or one step on them.
  public struct Part: Sendable, Hashable {
    /// Which encoder or step, such as `hashed` or `pca`.
    public let kind: String
    /// Everything that decides its numbers and is no tensor.
    public let settings: [String: String]
    /// What helps to find things again, such as the path of a file, and takes no part in identity.
    public let hints: [String: String]
    /// What was fitted, in ascending order of names.
    public let tensors: [NamedTensor]

    /// A source or a step.
    public init(
      kind: String, settings: [String: String], hints: [String: String] = [:], tensors: [NamedTensor] = []
    ) {
      self.kind = kind
      self.settings = settings
      self.hints = hints
      self.tensors = tensors.sorted { $0.name < $1.name }
    }

    /// The tensor of a name; nil when there is none.
    public func tensor(_ name: String) -> NamedTensor? { tensors.first { $0.name == name } }
  }

  /// The source first.
  public let parts: [Part]

  /// A source with the steps behind it.
  public init(_ parts: [Part]) { self.parts = parts }

  /// The identity of the encoder: a digest of kinds, settings and tensors.
  public var digest: Digest {
    var hash = SHA256()
    hash.update(UInt64(parts.count))
    for part in parts {
      hash.updateFramed(part.kind)
      hash.update(UInt64(part.settings.count))
      for name in part.settings.keys.sorted() {
        hash.updateFramed(name)
        hash.updateFramed(part.settings[name] ?? "")
      }
      hash.update(UInt64(part.tensors.count))
      for tensor in part.tensors {
        hash.updateFramed(tensor.name)
        hash.update(UInt64(tensor.shape.count))
        for dimension in tensor.shape { hash.update(UInt64(dimension)) }
        tensor.values.withUnsafeBytes { hash.update($0) }
      }
    }
    return hash.finalize()
  }
}
