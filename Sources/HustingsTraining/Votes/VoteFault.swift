/// What can be wrong with votes, and with what is asked of them.
public enum VoteFault: Error, Hashable, Sendable {
  case noVotes
  case nothingToCompare
  case nothingPlaced
  case unknownResponse(String, shown: Int)
  case placedTwice(String)
  case tieOfMany(Int)
  case tooMany(Int)
  case sameResponse(annotator: String)
  case twoGroups(annotator: String, String, String)
  case badWeight(annotator: String, Double)
  case twoWeights(annotator: String, Double, Double)
  case twoAnswers(String, String)
  case noFeatures
  case diverged(policy: String)
  case tooFewAnnotators(types: Int, annotators: Int)
  case badSetting(name: String, value: String, allowed: String)
  case notFinite(what: String, at: String)
  case otherCandidates(String)
  case differentPolicies(first: String, second: String)
  case unanswered(String, reason: String)
  case unsolved(what: String)
}

extension VoteFault: CustomStringConvertible {
  /// One sentence or two: what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .noVotes: "There is no vote to learn from; check the file and its fields."
    case .nothingToCompare: "a vote needs two responses or more; drop it, or write down what else was shown"
    case .nothingPlaced: "no response is placed above another; leave the vote out, or name what was chosen"
    case .unknownResponse(let name, let shown):
      "response \(name) is not among the \(shown) that were shown; name one by its text, its id, or its position from 0"
    case .placedTwice(let name): "response \(name) is placed twice; place each once"
    case .tieOfMany(let count):
      "\(count) responses share one rank; ties of two are read, so leave the order of more out (null) or break it"
    case .tooMany(let count): "\(count) responses are shown at once; up to 64 are read"
    case .sameResponse(let annotator):
      "annotator '\(annotator)' compares a response with itself; remove the vote"
    case .twoGroups(let annotator, let first, let second):
      "annotator '\(annotator)' is in group '\(first)' and in group '\(second)'; give each annotator one"
    case .badWeight(let annotator, let value):
      "annotator '\(annotator)' has weight \(value); weights are finite and above 0"
    case .twoWeights(let annotator, let first, let second):
      "annotator '\(annotator)' has weight \(first) and weight \(second); give each annotator one"
    case .twoAnswers(let first, let second):
      "the line answers twice, by '\(first)' and by '\(second)'; keep one"
    case .noFeatures: "no line gives its features; give features on every line or on none"
    case .diverged(let policy):
      "Training '\(policy)' diverged, and nothing was written; lower --rate, or raise --beta."
    case .tooFewAnnotators(let types, let annotators):
      "\(types) types cannot be told from \(annotators == 1 ? "1 annotator" : "\(annotators) annotators") who voted; ask for "
        + "fewer types or collect more."
    case .badSetting(let name, let value, let allowed): "\(name) is \(value); it must be \(allowed)."
    case .notFinite(let what, let at):
      "\(what) is not a finite number at \(at); a response without probability cannot be trained on, so drop it."
    case .otherCandidates(let what): "\(what); policies are compared on one set of prompts and responses."
    case .differentPolicies(let first, let second):
      "'\(first)' and '\(second)' choose among different prompts or responses; train them on the same candidates."
    case .unanswered(let where_, let reason):
      "The preference model does not answer on \(where_): \(reason). Use one that answers every pair, or drop the prompt."
    case .unsolved(let what): "\(what) did not settle; lower the step or raise the number of iterations."
    }
  }
}
