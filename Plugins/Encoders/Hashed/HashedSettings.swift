import Hustings

/// What the hashed encoder counts.
public struct HashedSettings: Sendable, Hashable {
  /// The longest run of words that is counted; 0 for none.
  public var words: Int
  /// The shortest and longest run of characters within a token that is counted; nil for none.
  public var characters: ClosedRange<Int>?
  /// The number of hashed columns is 2 to this power.
  public var bits: Int
  /// Whether a count c weighs 1 + ln c, not c.
  public var isSublinear: Bool
  /// Whether the dense columns are there: the surface of prompt and response, and what they share.
  public var hasSurface: Bool
  /// The standard deviation of a dense column over the training passages. A sparse row has length 1.
  public var surfaceScale: Float

  /// Settings; the defaults are those of plain `hashed`.
  public init(
    words: Int = 2, characters: ClosedRange<Int>? = 3...5, bits: Int = 18, isSublinear: Bool = true,
    hasSurface: Bool = true, surfaceScale: Float = 0.2
  ) {
    precondition((6...24).contains(bits), "\(bits) bits; 6 to 24 are allowed")
    self.words = words
    self.characters = characters
    self.bits = bits
    self.isSublinear = isSublinear
    self.hasSurface = hasSurface
    self.surfaceScale = surfaceScale
  }

  /// The settings of `hashed?words=2&characters=3-5&bits=18&sublinear=yes&surface=yes&surface-scale=0.2`, any of them left out.
  public init(_ options: [String: String]) throws {
    var reader = SettingReader(kind: "hashed", options)
    self.init()
    words = try reader.integer("words", in: 0...8) ?? words
    // Asked for in any case, so that the setting is known.
    let range = try reader.range("characters", in: 1...12)
    if options["characters"] != nil { characters = range }
    bits = try reader.integer("bits", in: 6...24) ?? bits
    isSublinear = try reader.flag("sublinear") ?? isSublinear
    hasSurface = try reader.flag("surface") ?? hasSurface
    surfaceScale = try reader.number("surface-scale", in: 0...1_000).map { Float($0) } ?? surfaceScale
    try reader.finish()
    if words == 0, characters == nil, !hasSurface { throw EncoderError.nothingToEncode }
  }

  /// The settings as they are stored: every one of them, spelled one way.
  public var options: [String: String] {
    [
      "words": String(words),
      "characters": characters.map { "\($0.lowerBound)-\($0.upperBound)" } ?? "no",
      "bits": String(bits), "sublinear": isSublinear ? "yes" : "no",
      "surface": hasSurface ? "yes" : "no", "surface-scale": String(surfaceScale),
    ]
  }

  /// How many hashed columns there are.
  public var width: Int { words == 0 && characters == nil ? 0 : 1 << bits }
}
