/// What can go wrong between texts and their rows.
public enum EncoderError: Error, Sendable, Hashable {
  /// No encoder has that name.
  case unknownKind(String, known: [String])
  /// A text that should name an encoder cannot be read.
  case unreadable(String)
  /// An encoder or step has no such setting.
  case unknownSetting(kind: String, name: String, known: [String])
  /// A setting has a value that it cannot have.
  case badSetting(kind: String, name: String, text: String, expected: String)
  /// An encoder needs something behind the colon.
  case missingArgument(kind: String, usage: String)
  /// An encoder takes nothing behind the colon.
  case surplusArgument(kind: String, argument: String)
  /// Every block of columns was switched off.
  case nothingToEncode
  /// There are no passages to fit an encoder on.
  case nothingToFit(kind: String)
  /// A text is not among the items that an encoder knows.
  case unknownText(kind: String, text: String, known: Int)
  /// A file of vectors has no row for a text.
  case missingVector(file: String, digest: String, text: String)
  /// A file of vectors does not hold what is needed.
  case badVectors(file: String, fault: VectorFault)
  /// A file of vectors is not the one that an encoder was made with.
  case changedFile(file: String, expected: String, found: String)
  /// A stored encoder cannot be made again.
  case badState(kind: String, reason: String)
  /// A step was fitted on numbers of which some are NaN or infinite, or too large to square.
  case notFinite(step: String)
  /// A server did not give the vectors it was asked for.
  case unanswered(encoder: String, reason: String)
  /// A step was given rows of another width than it was fitted on.
  case wrongWidth(step: String, expected: Int, found: Int)
}

extension EncoderError {
  /// Whether the text that names the encoder is at fault, not data or files.
  public var isMistakeInSettings: Bool {
    switch self {
    case .unknownKind, .unreadable, .unknownSetting, .badSetting, .missingArgument, .surplusArgument,
      .nothingToEncode:
      true
    default: false
    }
  }
}

/// What can be wrong with a file of vectors.
public enum VectorFault: Sendable, Hashable {
  /// The end of the name says nothing about the format.
  case unknownFormat
  /// There is no tensor of that name.
  case missingTensor(String, found: [String])
  /// A tensor has another shape than is needed.
  case wrongShape(tensor: String, shape: [Int], expected: String)
  /// A row holds a number that is NaN or infinite.
  case notFinite(row: Int, column: Int)
  /// The list of keys has another length than there are rows.
  case wrongKeyCount(keys: Int, rows: Int, file: String)
  /// A key is no digest of 64 hexadecimal digits.
  case badKey(line: Int, text: String, file: String)
  /// Two rows have one key and differ.
  case conflictingRows(first: Int, second: Int)
}
