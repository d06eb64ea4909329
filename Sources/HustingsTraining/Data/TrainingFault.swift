/// What can be wrong with data, settings, a run or a checkpoint.
public enum TrainingFault: Error, Hashable, Sendable {
  case noPairs
  case noWeight
  case missingRow(pair: Int, row: Int, rows: Int)
  case missingPrompt(pair: Int, row: Int, rows: Int)
  case sameResponse(pair: Int)
  case notAProbability(pair: Int, value: Float)
  case badWeight(pair: Int, value: Float)
  case notFinite(row: Int, of: String)
  case constantFeatures(rows: Int)
  case oneClass(label: Float)
  case tieWithoutModel(pair: Int)
  case certainTarget(pair: Int)
  case sharedPrompt(Int)
  case tooFewPrompts(prompts: Int, folds: Int)
  case oddDimension(Int)
  case badSetting(name: String, value: String, allowed: String)
  case noPromptFeatures
  case notConvex
  /// More columns than a method solves.
  case tooWide(columns: Int, most: Int)
  case diverged(step: Int, what: String)
  case notPositiveDefinite(row: Int)
  case otherEncoder(expected: String, found: String)
  case otherDimension(expected: Int, found: Int)
  case missingTensor(String)
  case surplusTensor(String)
  case tensorShape(name: String, expected: [Int], found: [Int])
  case tensorNotFinite(name: String, index: Int)
  case unreadableCard(String)
  case cardVersion(found: Int, supported: Int)
  case weightsDigest(expected: String, found: String)
  case otherRun(what: String)
  case ensembleMix(what: String)
}

extension TrainingFault: CustomStringConvertible {
  /// One sentence: what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .noPairs: "There is no pair to train on; check the data and its filters."
    case .noWeight: "Every pair has weight 0; give at least one a weight above 0."
    case .missingRow(let pair, let row, let rows):
      "Pair \(pair + 1) names response row \(row), but the encoder gave \(rows) rows; encode the same data again."
    case .missingPrompt(let pair, let row, let rows):
      "Pair \(pair + 1) names prompt row \(row), but the encoder gave \(rows) rows; encode the same data again."
    case .sameResponse(let pair):
      "In pair \(pair + 1) the chosen and the rejected response are the same; remove the pair."
    case .notAProbability(let pair, let value):
      "Pair \(pair + 1) has \(value) where a probability from 0 to 1 belongs; correct its target, tie or votes."
    case .badWeight(let pair, let value):
      "Pair \(pair + 1) has weight \(value); weights are finite and not negative."
    case .notFinite(let row, let of):
      "The features of \(of) row \(row) hold NaN or an infinity; encode that text again or drop it."
    case .constantFeatures(let rows):
      "All \(rows) responses have the same features, so nothing can be learned; use another encoder."
    case .oneClass(let label):
      "Every pair has the label \(label), which any constant model fits; give pairs with other labels or ties."
    case .tieWithoutModel(let pair):
      "Pair \(pair + 1) is a tie, and the loss knows none; choose a tie model or drop ties."
    case .certainTarget(let pair):
      "Pair \(pair + 1) has a certain label, whose log-odds are infinite; smooth labels or choose another loss."
    case .sharedPrompt(let prompt):
      "Prompt \(prompt) is in both the training and the held-out data; split by prompt."
    case .tooFewPrompts(let prompts, let folds):
      "\(prompts) prompts cannot make \(folds) folds; use fewer folds or more data."
    case .oddDimension(let dimension):
      "A general preference model has an even dimension, two numbers per plane; \(dimension) is odd or below 2."
    case .badSetting(let name, let value, let allowed): "\(name) is \(value); it must be \(allowed)."
    case .noPromptFeatures:
      "The gate reads prompt features and the data has none; encode prompts or choose no gate."
    case .notConvex:
      "Only a linear Bradley–Terry head with a logistic loss has one best solution; use another optimiser."
    case .tooWide(let columns, let most):
      "newton solves up to \(most) columns and the encoder gives \(columns); add +pca:256 to the encoder, or use lbfgs."
    case .diverged(let step, let what):
      "Training diverged at step \(step): \(what); no model was kept. Lower the learning rate or clip gradients."
    case .notPositiveDefinite(let row):
      "The curvature is not positive at weight \(row); raise the penalty on the weights."
    case .otherEncoder(let expected, let found):
      "The checkpoint was trained with encoder \(expected), not \(found); use that encoder or train again."
    case .otherDimension(let expected, let found):
      "The checkpoint reads \(expected) features and the encoder gives \(found); use the encoder it was trained with."
    case .missingTensor(let name):
      "The checkpoint has no tensor '\(name)'; it is incomplete or of another model, so train it again."
    case .surplusTensor(let name):
      "The checkpoint has a tensor '\(name)' that its model does not; it is of another model, so train it again."
    case .tensorShape(let name, let expected, let found):
      "Tensor '\(name)' has shape \(found), and the model needs \(expected); the checkpoint is of another model."
    case .tensorNotFinite(let name, let index):
      "Tensor '\(name)' holds NaN or an infinity at element \(index); the checkpoint is damaged, so train it again."
    case .unreadableCard(let why): "The checkpoint's card cannot be read: \(why); restore it or train again."
    case .cardVersion(let found, let supported):
      "The checkpoint has format \(found) and this version reads up to \(supported); update Hustings."
    case .weightsDigest(let expected, let found):
      "The checkpoint's weights have digest \(found), its card says \(expected); one of them was changed, so train again."
    case .otherRun(let what):
      "The saved state is of another run (\(what)); resume it with its own settings and data."
    case .ensembleMix(let what): "An ensemble needs members alike: \(what)."
    }
  }
}
