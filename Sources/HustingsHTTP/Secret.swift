import Foundation

/// A password or key that cannot be printed, compared, encoded or interpolated; only this room reads its value.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Where the value came from, such as `OPENAI_API_KEY`: what a message may say about it.
  public let source: String
  /// The value itself. Nothing outside this room can read it, and nothing inside may put it into a message.
  let value: String

  /// The value of an environment variable, without surrounding blanks.
  public init(variable name: String, in environment: [String: String]) throws(SecretFailure) {
    guard let value = environment[name] else { throw .variableNotSet(name) }
    try self.init(value: value, source: name)
  }

  /// The content of a file that holds nothing but the value, without surrounding blanks and line breaks.
  public init(file path: String) throws(SecretFailure) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .unreadableFile(path, reason: FileFault.reason(error))
    }
    guard data.count <= 65_536, let text = String(bytes: data, encoding: .utf8) else {
      throw .notOneLine(source: path)
    }
    try self.init(value: text, source: path)
  }

  /// A value that is already at hand, such as one a person typed.
  public init(value: String, source: String) throws(SecretFailure) {
    let trimmed = value.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !trimmed.isEmpty else { throw .empty(source: source) }
    guard !trimmed.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      throw .notOneLine(source: source)
    }
    self.value = trimmed
    self.source = source
  }

  /// `[redacted SOURCE]`.
  public var description: String { "[redacted \(source)]" }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// A mirror without children, so `dump` shows nothing either.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// How a request proves who sends it. Credentials never follow a redirect to another scheme, host or port.
public enum Credential: Sendable {
  /// `Authorization: Bearer SECRET`, as most hosted models expect.
  case bearer(Secret)
  /// `Authorization: Basic …` with a user name and a password.
  case basic(user: String, password: Secret)
  /// The secret as the whole value of a named field, such as `x-api-key`.
  case header(String, Secret)

  /// The secret inside.
  public var secret: Secret {
    switch self {
    case .bearer(let secret), .basic(_, let secret), .header(_, let secret): secret
    }
  }

  /// The field as sent. Its value goes to curl and nowhere else.
  var field: Headers.Field {
    switch self {
    case .bearer(let secret): .init(name: "Authorization", value: "Bearer \(secret.value)")
    case .basic(let user, let password):
      .init(
        name: "Authorization",
        value: "Basic " + Data("\(user):\(password.value)".utf8).base64EncodedString())
    case .header(let name, let secret): .init(name: name, value: secret.value)
    }
  }
}
