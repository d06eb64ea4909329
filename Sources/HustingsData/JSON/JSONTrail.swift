/// The way to a value of a document, kept so that its place can be told if something is wrong with it.
indirect enum JSONTrail: Sendable {
  /// The root of a document of any number of lines, whose text is kept to find lines in.
  case document(FileBytes)
  /// The root of a document on one line.
  case line(file: String, line: Int)
  /// A member of the object before.
  case member(JSONTrail, String)
  /// An element of the array before.
  case element(JSONTrail, Int)

  private var steps: [JSONTrail] {
    var steps: [JSONTrail] = []
    var step = self
    while true {
      switch step {
      case .document, .line: return steps.reversed()
      case .member(let before, _), .element(let before, _):
        steps.append(step)
        step = before
      }
    }
  }

  private var root: JSONTrail {
    switch self {
    case .document, .line: self
    case .member(let before, _), .element(let before, _): before.root
    }
  }

  var path: String {
    var path = ""
    for step in steps {
      switch step {
      case .member(_, let key): path += path.isEmpty ? key : ".\(key)"
      case .element(_, let index): path += "[\(index)]"
      case .document, .line: break
      }
    }
    return path
  }

  var place: Place {
    switch root {
    case .line(let file, let line): Place(file: file, line: line)
    case .document(let text): Place(file: text.file, line: line(in: text))
    case .member, .element: preconditionFailure("the root of a trail is a document or a line")
    }
  }

  /// The line of the value, or, when the last key is missing, of the object that lacks it.
  private func line(in text: FileBytes) -> Int? {
    var cursor = JSONCursor(file: text.file, nonFinite: .keep, length: text.bytes.count)
    return text.bytes.withUnsafeBufferPointer { bytes in
      cursor.aim(at: bytes)
      // The text was read before, so nothing throws; if it did, the place would merely lack its line.
      guard let offset = try? cursor.offset(following: steps[...]) else { return nil }
      return cursor.place(of: offset).line
    }
  }
}

extension JSONCursor {
  /// The offset of the value at the end of `steps`, or of the last value on the way to it.
  fileprivate mutating func offset(following steps: ArraySlice<JSONTrail>) throws -> Int {
    skipSpace()
    var found = at
    guard let step = steps.first else { return found }
    let rest = steps.dropFirst()
    switch step {
    case .member(_, let wanted):
      try object { key, cursor in
        if key == wanted { found = try cursor.offset(following: rest) } else { try cursor.skip() }
      }
    case .element(_, let wanted):
      var index = 0
      try array { cursor in
        if index == wanted { found = try cursor.offset(following: rest) } else { try cursor.skip() }
        index += 1
      }
    case .document, .line: break
    }
    return found
  }
}
