/// Who speaks in a conversation.
public enum Role: Sendable, Hashable {
  case system, user, assistant
  /// A role the three above do not cover, under the name the data gives it.
  case other(String)

  /// The role under the name that chat formats use.
  public init(_ name: String) {
    switch name {
    case "system": self = .system
    case "user", "human": self = .user
    case "assistant", "gpt": self = .assistant
    default: self = .other(name)
    }
  }

  /// The name that chat formats use.
  public var name: String {
    switch self {
    case .system: "system"
    case .user: "user"
    case .assistant: "assistant"
    case .other(let name): name
    }
  }
}

/// One turn of a conversation.
public struct Message: Sendable, Hashable {
  /// Who speaks.
  public let role: Role
  /// What is said.
  public let content: String

  /// A turn by `role`.
  public init(_ role: Role, _ content: String) {
    self.role = role
    self.content = content
  }
}

/// What was asked: a conversation that ends where a response begins.
public struct Prompt: Sendable, Hashable {
  /// The turns, oldest first.
  public let messages: [Message]
  /// The identity of the conversation: a digest of its roles and contents.
  public let digest: Digest

  /// A conversation.
  public init(_ messages: [Message]) {
    self.messages = messages
    var hash = SHA256()
    Prompt.feed(messages, to: &hash)
    digest = hash.finalize()
  }

  /// A single question by a user.
  public init(_ text: String) { self.init([Message(.user, text)]) }

  /// The contents of all turns, a blank line between them.
  public var text: String {
    messages.count == 1 ? messages[0].content : messages.map(\.content).joined(separator: "\n\n")
  }

  /// Two prompts are the same when their digests are.
  public static func == (a: Prompt, b: Prompt) -> Bool { a.digest == b.digest }

  /// Feeds the digest.
  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }

  static func feed(_ messages: [Message], to hash: inout SHA256) {
    hash.update(UInt64(messages.count))
    for message in messages {
      hash.updateFramed(message.role.name)
      hash.updateFramed(message.content)
    }
  }
}
