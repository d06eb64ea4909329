extension Figures {
  /// The figures without what is `null`: an expected value that does not exist asks for nothing.
  var withoutMissing: Figures {
    switch self {
    case .object(let members):
      .object(members.filter { $0.value != .missing }.mapValues(\.withoutMissing))
    case .list(let elements): .list(elements.map(\.withoutMissing))
    default: self
    }
  }

  /// The figures with only the named members.
  func members(_ names: Set<String>) -> Figures { .object(members.filter { names.contains($0.key) }) }
}
