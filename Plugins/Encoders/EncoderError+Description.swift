import HustingsData

extension EncoderError: CustomStringConvertible {
  /// One sentence: what, where, and the next move.
  public var description: String {
    switch self {
    case .unknownKind(let name, let known):
      "There is no encoder '\(name)'. Choose one of \(known.joined(separator: ", "))."
    case .unreadable(let text):
      "'\(text)' names no encoder. Write it as hashed, vectors:FILE, or with steps behind it as in hashed+pca:256."
    case .unknownSetting(let kind, let name, let known):
      known.isEmpty
        ? "\(kind) has no setting '\(name)'; it has none at all."
        : "\(kind) has no setting '\(name)'. It has \(known.joined(separator: ", "))."
    case .badSetting(let kind, let name, let text, let expected):
      "\(name)=\(text) is no setting of \(kind). It needs \(expected)."
    case .missingArgument(let kind, let usage):
      "\(kind) needs something behind a colon. Write \(usage)."
    case .surplusArgument(let kind, let argument):
      "\(kind) takes nothing behind a colon, so '\(argument)' has no meaning there. Leave it out."
    case .nothingToEncode:
      "hashed with words=0, no characters and surface=no has no columns. Switch one of them on."
    case .nothingToFit(let kind):
      "There are no passages to fit \(kind) on. Check the training data and its filters."
    case .unknownText(let kind, let text, let known):
      "\(kind) knows \(known) items, and \(EncoderError.quoted(text)) is none of them. "
        + "Use an encoder that reads texts, such as hashed."
    case .missingVector(let file, let digest, let text):
      "\(file) has no row with the key \(digest), the digest of \(EncoderError.quoted(text)). Add the row."
    case .badVectors(let file, let fault): "\(file) \(fault)"
    case .changedFile(let file, let expected, let found):
      "\(file) has the digest \(found.prefix(12)), and the model was made with \(expected.prefix(12)). "
        + "Name the file it was made with, or train again."
    case .badState(let kind, let reason):
      "The stored encoder \(kind) cannot be made again: \(reason). Train the model again."
    case .notFinite(let step):
      "\(step) was given numbers that are not finite, or too large. Check the vectors it is fitted on."
    case .unanswered(let encoder, let reason):
      "\(encoder) gave no vectors: \(reason)"
    case .wrongWidth(let step, let expected, let found):
      "\(step) was fitted on \(expected) columns and got \(found). Use the encoder it was fitted behind."
    }
  }

  private static func quoted(_ text: String) -> String {
    let line = text.split(separator: "\n").first ?? ""
    return line.count > 60 ? "'\(line.prefix(57))...'" : "'\(line)'"
  }
}

extension VectorFault: CustomStringConvertible {
  /// The end of a sentence that begins with the name of the file.
  public var description: String {
    switch self {
    case .unknownFormat: "is none of .npy, .npz and .safetensors. Convert it to one of them."
    case .missingTensor(let name, let found):
      "has no tensor '\(name)', only \(listed(found, most: 5)). "
        + (name == "keys"
          ? "Store the SHA-256 of each text as 'keys', 32 unsigned 8-bit integers a row."
          : "Store the vectors as '\(name)'.")
    case .wrongShape(let tensor, let shape, let expected):
      "holds '\(tensor)' in the shape \(shape) where \(expected) is needed. Store one row per text."
    case .notFinite(let row, let column):
      "has no finite number in row \(row + 1), column \(column + 1). Compute that vector again."
    case .wrongKeyCount(let keys, let rows, let file):
      "has \(rows) rows and \(file) names \(keys). Write one key per row."
    case .badKey(let line, let text, let file):
      "has its keys in \(file), whose line \(line) is '\(text.prefix(70))' and no digest of 64 hexadecimal digits. "
        + "Write the SHA-256 of each text there."
    case .conflictingRows(let first, let second):
      "has two different rows, \(first + 1) and \(second + 1), with one key. Keep one of them."
    }
  }
}
