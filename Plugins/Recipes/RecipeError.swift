public import HustingsTraining

/// What can be wrong between pairs of texts and a checkpoint folder.
public enum RecipeError: Error, Sendable, Hashable {
  /// No pair is left after filtering.
  case nothingLeft(of: Int, source: String)
  /// A rule needs votes and no pair has any.
  case noVotes
  /// Soft labels were asked for and no pair has a probability or votes.
  case noSoftLabels
  /// A prompt is both in the training and the held-out data.
  case sharedPrompt(String)
  /// There are fewer prompts than a split needs.
  case tooFewPrompts(Int, needed: Int)
  /// A folder holds no checkpoint.
  case noCheckpoint(folder: String)
  /// A folder holds an interrupted run and no checkpoint yet.
  case interrupted(folder: String)
  /// A folder holds a checkpoint whose writing was interrupted.
  case incomplete(folder: String, missing: String)
  /// Something is wrong with a checkpoint.
  case checkpoint(folder: String, fault: TrainingFault)
  /// The list of members of an ensemble cannot be read.
  case damagedEnsemble(folder: String, reason: String)
  /// An interrupted run cannot go on.
  case otherRun(folder: String, reason: String)
  /// A checkpoint string has something it cannot have.
  case badSpecification(String)
}

extension RecipeError: CustomStringConvertible {
  /// One sentence or two: what, where, and the next move.
  public var description: String {
    switch self {
    case .nothingLeft(let count, let source):
      count == 0
        ? "\(source) holds no pair to train on. Check the data."
        : "None of the \(count) pairs of \(source) is left after filtering. Loosen the filters."
    case .noVotes:
      "The margin follows votes, and no pair has any. Make them with `hustings synthesize votes`, or use a constant margin."
    case .noSoftLabels:
      "Soft labels need a probability or votes, and no pair has either. Add them, or train on hard labels."
    case .sharedPrompt(let text):
      "The prompt '\(RecipeError.shortened(text))' is in both the training and the held-out data, which would flatter the "
        + "model. Remove it from one of them."
    case .tooFewPrompts(let count, let needed):
      "\(count) \(count == 1 ? "prompt" : "prompts") cannot be split in \(needed) parts. Use more data or fewer folds."
    case .noCheckpoint(let folder):
      "\(folder) holds no checkpoint: there is no card.json. Name a folder that `hustings train` wrote."
    case .interrupted(let folder):
      "\(folder) holds an interrupted run and no checkpoint. Run the same `hustings train` again with --resume, or with "
        + "--fresh to begin anew."
    case .incomplete(let folder, let missing):
      "\(folder) is no whole checkpoint: \(missing) is missing, as after an interrupted write. Train it again."
    case .checkpoint(let folder, let fault): "\(folder): \(fault)"
    case .damagedEnsemble(let folder, let reason):
      "\(folder)/ensemble.json cannot be used: \(reason). Train the ensemble again."
    case .otherRun(let folder, let reason):
      "\(folder) holds an interrupted run of another kind: \(reason). Resume it as it was begun, or begin anew with --fresh."
    case .badSpecification(let text):
      "'\(text)' names no checkpoint. Write checkpoint:FOLDER."
    }
  }

  private static func shortened(_ text: String) -> String {
    let line = text.split(separator: "\n").first ?? ""
    return line.count > 60 ? "\(line.prefix(57))..." : String(line)
  }
}
