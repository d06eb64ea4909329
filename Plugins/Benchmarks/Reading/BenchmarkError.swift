public import HustingsData

/// What can be wrong with a benchmark's file though each of its fields is well formed.
public enum BenchmarkError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Two rows have the same id.
  case duplicateItem(String, at: Place)
  /// A rater rated a candidate twice.
  case duplicateRating(item: String, candidate: String, rater: String, at: Place)
  /// A row names a candidate that its item does not have.
  case candidate(String, of: [String], column: String, at: Place)
  /// What can make a pair useless for training.
  public enum PairFault: Sendable, Equatable {
    /// The chosen and the rejected response are the same.
    case sameResponses
    /// A response has no text.
    case emptyResponse
  }

  /// A pair from which nothing can be learned.
  case faultyPair(PairFault, at: Place)
  /// A number that should be a share is none.
  case notAShare(Double, field: String, at: Place)
  /// More votes for a response than there are, or fewer than none.
  case badVotes(chosen: Double, valid: Int, at: Place)
  /// A column holds an answer that means nothing.
  case unknownAnswer(String, column: String, known: [String], at: Place)
  /// A benchmark has no such part.
  case unknownPart(String, of: String, known: [String])
  /// A benchmark that reads a file the user names was named without one.
  case needsFile(usage: String)
  /// A benchmark that edits another was named without it.
  case needsBase(usage: String)
  /// A benchmark without texts was named where texts are edited.
  case needsTexts(String)
  /// A benchmark without pairs was named where pairs are needed.
  case needsPairs(String)
  /// A setting of a benchmark has a value that it cannot have.
  case setting(String, value: String, known: String)
  /// A vote does not say what it has to.
  case vote(String, expected: String, at: Place)
  /// A table lacks a column, of which the beginning is given.
  case missingColumn(String, file: String)
  /// A benchmark of policies was read without any.
  case needsPolicies(String)
  /// A benchmark whose items are made together with its answers was read alone.
  case madeWhenRun(String)
  /// A folder has not the judgments of several models that difficulties can be estimated from.
  case tooFewJudgments(folder: String, found: Int)
  /// Difficulties are to be estimated and nothing says from what.
  case needsJudgments
  /// The answers of a contest's baseline are not where they are looked for.
  case noBaseline(String, benchmark: String, place: String)
  /// The baseline has no answer to any of a contest's questions.
  case baselineWithoutAnswers(String, benchmark: String)
  /// None of a file's prompts is one of the contest's.
  case noCommonPrompt(file: String, benchmark: String, count: Int)
  /// The data root has no file of a project, or several, and the user named none.
  case noStandardFile(String, folder: String, found: Int, usage: String)
  /// A file holds ratings of single answers where judgments of pairs are wanted.
  case noPairs(file: String)
  /// The rows of a table of battles on one prompt are not those of two games.
  case battleRows(model: String, prompt: String, count: Int, file: String)
  /// A file holds judgments against other responses than the contest's baseline's.
  case otherBaseline(file: String, benchmark: String, baseline: String?, differing: Int, count: Int)

  /// One sentence or two: what is wrong, where, and the next move.
  public var description: String {
    switch self {
    case .duplicateItem(let item, let place):
      "\(place): the item '\(item)' stands in the data already. Give every item an id of its own."
    case .duplicateRating(let item, let candidate, let rater, let place):
      "\(place): the rater '\(rater)' has rated '\(candidate)' of the item '\(item)' already. Remove one of the rows."
    case .candidate(let name, let names, let column, let place):
      "\(place): the column '\(column)' names the candidate '\(name)', but there are \(names.count), "
        + "'\(names.first ?? "")' to '\(names.last ?? "")'. Correct it."
    case .needsBase(let usage):
      "The benchmark '\(usage)' edits another one. Write that one's name after the colon."
    case .needsTexts(let name):
      "\(name) has names in place of texts, which cannot be edited. Choose a benchmark with texts."
    case .needsPairs(let name):
      "\(name) has no pair of two texts of which one is preferred. Choose a benchmark of pairs."
    case .faultyPair(let fault, let place):
      fault == .sameResponses
        ? "\(place): the chosen and the rejected response are the same. Remove the pair, or pass --skip-faulty."
        : "\(place): a response is empty. Remove the pair, or pass --skip-faulty."
    case .notAShare(let value, let field, let place):
      "\(place): '\(field)' is \(value), and a share lies between 0 and 1. Correct it."
    case .badVotes(let chosen, let valid, let place):
      "\(place): \(chosen) of \(valid) votes is impossible. Give 'chosen' and 'valid' with 0 ≤ chosen ≤ valid."
    case .unknownAnswer(let answer, let column, let known, let place):
      "\(place): the column '\(column)' holds '\(answer)', which is none of \(known.joined(separator: ", ")). Correct it."
    case .unknownPart(let part, let name, let known):
      "The benchmark '\(name)' has no part '\(part)'. Choose from \(known.joined(separator: ", "))."
    case .needsFile(let usage):
      "The benchmark '\(usage)' needs a file. Write its path after the colon."
    case .setting(let name, let value, let known):
      "The setting '\(name)' cannot be '\(value)'. Choose from \(known)."
    case .vote(let column, let expected, let place):
      "\(place): '\(column)' must say \(expected). Correct it or export the file again."
    case .missingColumn(let name, let file):
      "\(file): no column begins with '\(name)'. Give the table as its project publishes it."
    case .needsPolicies(let name):
      "\(name) has no items of its own: they come with policies and a judge. Use `hustings run --benchmark \(name) --policy FOLDER --judge MODEL`."
    case .madeWhenRun(let name):
      "\(name) makes its items when it is run, and takes no models. Use `hustings run --benchmark \(name)` alone."
    case .tooFewJudgments(let folder, let found):
      "\(folder): difficulties are estimated from the judgments of several models whose responses differ in length, and those of "
        + "\(found) here do not determine them. Put an annotations.json per model there, each in a folder of its own, or choose "
        + "difficulty=none."
    case .needsJudgments:
      "difficulty=estimated needs the judgments of several models. Add judgments=FOLDER, a folder with their annotations.json files."
    case .noBaseline(let name, let benchmark, let place):
      "\(benchmark) compares with the answers of '\(name)', and \(place) holds no file of that name. Name theirs as "
        + "--benchmark '\(benchmark.prefix { $0 != ":" })?answers=FILE', or another model as baseline=NAME."
    case .baselineWithoutAnswers(let name, let benchmark):
      "The answers of '\(name)' are to none of \(benchmark)'s questions, so there is nothing to compare with. Name another "
        + "file as answers=FILE."
    case .noCommonPrompt(let file, let benchmark, let count):
      "\(file): none of its \(count) prompts is one of \(benchmark)'s. Prompts are told apart by their text or their id; "
        + "for a set of your own, name its file as \(benchmark.prefix { $0 != ":" }):FILE."
    case .noStandardFile(let pattern, let folder, let found, let usage):
      "The folder \(folder) has \(found == 0 ? "no file" : "\(found) files") \(pattern). Put the project's own there, or name a file: "
        + "--benchmark \(usage)"
    case .noPairs(let file):
      "\(file) holds ratings of single answers. Name a file of judgments of pairs."
    case .battleRows(let model, let prompt, let count, let file):
      "\(file): the \(count) rows of \(model) on the prompt '\(prompt)' are not those of two games, in which a verdict is one row "
        + "and a strong one three. Make the table again with the weight 3, and each prompt once."
    case .otherBaseline(let file, let benchmark, let baseline, let differing, let count):
      "\(file): \(differing) of \(count) judgments are against other responses\(baseline.map { " (of \($0))" } ?? "") than "
        + "\(benchmark)'s baseline's. Name a file with those responses, such as this one, as \(benchmark.prefix { $0 != ":" }):FILE."
    }
  }
}
