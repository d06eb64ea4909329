public import Hustings
import HustingsData

/// What a command says of itself before it is asked anything.
public struct ExecHello: Sendable, Hashable {
  /// The protocol this build speaks.
  public static let version = 1

  /// What people are to call the model.
  public let name: String
  /// What it returns.
  public let kind: ModelKind
  /// Its version, in its own words.
  public let revision: String
  /// Anything that changes when its answers may, such as a digest of its weights.
  public let fingerprint: String
  /// Settings worth printing.
  public let settings: [String: String]
  /// How many items it wants at a time.
  public let batch: Int
  /// How many batches may wait for it.
  public let inFlight: Int
  /// How long it may be silent while items wait, in seconds.
  public let timeout: Int

  /// Reads the greeting; the error is a reason in words.
  init(_ row: JSONNode, command: String) throws(Unreadable) {
    do {
      let version = try row.optionalInteger("protocol")
      guard version == Self.version else {
        throw Unreadable(
          "it speaks protocol \(version.map(String.init) ?? "unknown"), and this build speaks \(Self.version)"
        )
      }
      let kindName = try row.string("kind")
      guard let kind = ModelKind(rawValue: kindName), kind != .policy else {
        let known = ModelKind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        throw Unreadable("its kind is '\(kindName)', which is none of \(known)")
      }
      self.kind = kind
      name = try row.optionalString("name") ?? "exec:\(command)"
      revision = try row.optionalString("revision") ?? ""
      fingerprint = try row.optionalString("fingerprint") ?? ""
      var settings: [String: String] = [:]
      for (key, value) in try row.optionalNode("settings")?.members() ?? [] {
        if case .string(let text) = value.value {
          settings[key] = text
        } else {
          settings[key] = try value.value.text(.canonical)
        }
      }
      self.settings = settings
      batch = try Self.positive(row, "batch") ?? 32
      inFlight = try Self.positive(row, "in_flight") ?? 2
      timeout = try Self.positive(row, "timeout") ?? 600
    } catch let unreadable as Unreadable {
      throw unreadable
    } catch {
      throw Unreadable("\(error)")
    }
  }

  /// Why a greeting cannot be read.
  struct Unreadable: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private static func positive(_ row: JSONNode, _ key: String) throws -> Int? {
    guard let value = try row.optionalInteger(key) else { return nil }
    guard (1...1_000_000).contains(value) else { throw Unreadable("its '\(key)' is \(value)") }
    return value
  }
}
