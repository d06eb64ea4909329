public import Foundation
public import Hustings

/// What the checks of a model adapter found before its answers were trusted.
public struct Certificate: Sendable, Hashable, Codable {
  /// One check.
  public struct Check: Sendable, Hashable, Codable {
    /// What must hold, in a few words.
    public let name: String
    /// How many margins were compared, or texts tried.
    public let tried: Int
    /// The largest change of a margin, in log-odds.
    public let drift: Double
    /// Preferences that turned round.
    public let flips: Int
    /// Answers that came in one way of asking and not in the other, or that are no finite number.
    public let faults: Int
    /// Whether it decides; a check that only informs never fails a certificate.
    public let decides: Bool
    /// What to know beyond the numbers.
    public let note: String

    /// One check.
    public init(
      name: String, tried: Int, drift: Double, flips: Int, faults: Int, decides: Bool = true,
      note: String = ""
    ) {
      self.name = name
      self.tried = tried
      self.drift = drift
      self.flips = flips
      self.faults = faults
      self.decides = decides
      self.note = note
    }

    /// Whether nothing turned round and nothing went missing.
    public var hasPassed: Bool { !decides || (flips == 0 && faults == 0) }
  }

  /// The model's name.
  public let model: String
  /// The digest of all that decides the model's answers, in hexadecimal.
  public let fingerprint: String
  /// How many items were asked about.
  public let items: Int
  /// The checks, in the order they ran.
  public let checks: [Check]

  /// A certificate.
  public init(model: String, fingerprint: Digest, items: Int, checks: [Check]) {
    self.model = model
    self.fingerprint = fingerprint.hex
    self.items = items
    self.checks = checks
  }

  /// Whether every check passed.
  public var hasPassed: Bool { checks.allSatisfy(\.hasPassed) }

  /// The model's own noise: the largest change of a margin when the same thing is asked again, in log-odds. A margin smaller
  /// than this is a tie.
  public var noiseFloor: Double { checks.filter(\.decides).map(\.drift).max() ?? 0 }
}

extension Store {
  private static let certificateKind = "certificate"

  /// Keeps a certificate.
  public func keep(_ certificate: Certificate, now: Date) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try keep(
      try encoder.encode(certificate), name: "\(certificate.fingerprint).json", kind: Store.certificateKind,
      now: now)
  }

  /// The latest certificate of a model; nil when it has none.
  public func certificate(of model: Digest) throws -> Certificate? {
    let name = "\(model.hex).json"
    guard let record = try artefacts(kind: Store.certificateKind).last(where: { $0.name == name }),
      let content = try content(of: record.digest)
    else { return nil }
    do {
      return try JSONDecoder().decode(Certificate.self, from: content)
    } catch {
      throw StoreError.damaged(path: path, detail: "the certificate \(record.digest.short) is unreadable")
    }
  }
}
