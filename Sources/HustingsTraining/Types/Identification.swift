import Foundation
import HustingsNumerics

/// Whether votes can say of what types their annotators are, whatever the estimator.
///
/// Binary votes, one per annotator, show of a population of tastes only how it differs from its mirror image (Lemma 4.1 of
/// arXiv 2405.15065, with the caveats of an odd logistic function); one menu leaves mixtures of Plackett–Luce models
/// undetermined (Zhao, Piech and Xia 2016); several binary votes of one annotator, or a first choice among three on menus
/// that vary, determine them (Fox, Kim, Ryan and Bajari 2012).
public struct Identification: Sendable {
  /// How sure one can be.
  public enum Verdict: String, Sendable, Hashable {
    /// Nothing speaks against it.
    case identified
    /// It can be done, with care.
    case weak
    /// No estimator can, whatever the number of annotators.
    case impossible
  }

  /// One thing that was found, and what to do about it.
  public struct Finding: Sendable, Hashable {
    /// How bad it is.
    public let verdict: Verdict
    /// What it is and what to do.
    public let sentence: String
  }

  /// Annotators who voted.
  public let annotators: Int
  /// Annotators without a vote.
  public let silent: Int
  /// Votes.
  public let votes: Int
  /// Votes that put one of two responses above the other.
  public let binary: Int
  /// Votes in which two responses are tied.
  public let tied: Int
  /// Votes on three responses or more.
  public let wide: Int
  /// Distinct sets of responses that were shown.
  public let menus: Int
  /// Prompts that were voted on.
  public let prompts: Int
  /// The fewest, the median and the most votes of an annotator who voted.
  public let perAnnotator: (least: Int, median: Int, most: Int)
  /// Annotators with two votes or more.
  public let repeating: Int
  /// Annotators who judged some two responses both ways.
  public let contradictory: Int
  /// The share of annotators who judged two responses that someone else judged too.
  public let overlapping: Double
  /// What was found, the worst first.
  public let findings: [Finding]

  /// The worst of the findings.
  public var verdict: Verdict {
    findings.contains { $0.verdict == .impossible }
      ? .impossible : findings.contains { $0.verdict == .weak } ? .weak : .identified
  }

  /// Looks at a panel.
  ///
  /// - Parameters:
  ///   - types: how many types are sought.
  ///   - sharesAcrossMenus: whether policies carry what they learn from one prompt to another, as those on features do.
  ///   - mixture: types that were fitted, whose scores are looked at for opposites.
  public init(_ panel: VotePanel, types: Int, sharesAcrossMenus: Bool, diagnoses: [TypeDiagnosis] = []) {
    let patterns = panel.patterns
    var counts: [Int] = []
    var (binary, tied, wide, contradictory) = (0, 0, 0, 0)
    var shown: Set<[Int32]> = []
    var asked: Set<Int> = []
    let menuOf = patterns.menuOfEach
    var judges: [Int64: Int] = [:]
    var pairsOf: [Set<Int64>] = []
    for annotator in panel.annotators.indices {
      let votes = panel.votes(of: annotator)
      guard !votes.isEmpty else { continue }
      counts.append(votes.count)
      var seen: Set<Int64> = []
      var directed: Set<Int64> = []
      var contradicts = false
      for vote in votes {
        let rows = patterns.rows(of: Int(vote))
        shown.insert(rows.sorted())
        asked.insert(menuOf[Int(vote)])
        let start = Int(patterns.offsets[Int(vote)])
        if patterns.joins[start..<start + rows.count].contains(true) { tied += 1 }
        if rows.count > 2 { wide += 1 } else if patterns.isBinary(Int(vote)) { binary += 1 }
        for (better, worse) in patterns.decided(Int(vote)) {
          seen.insert(Int64(min(better, worse)) << 32 | Int64(max(better, worse)))
          directed.insert(Int64(better) << 32 | Int64(worse))
          if directed.contains(Int64(worse) << 32 | Int64(better)) { contradicts = true }
        }
      }
      if contradicts { contradictory += 1 }
      for key in seen { judges[key, default: 0] += 1 }
      pairsOf.append(seen)
    }
    counts.sort()
    annotators = counts.count
    silent = panel.annotators.count - counts.count
    votes = panel.votes.count
    self.binary = binary
    self.tied = tied
    self.wide = wide
    menus = shown.count
    prompts = asked.count
    perAnnotator = (counts.first ?? 0, counts.isEmpty ? 0 : counts[counts.count / 2], counts.last ?? 0)
    repeating = counts.count { $0 > 1 }
    self.contradictory = contradictory
    let sharing = pairsOf.count { pairs in pairs.contains { judges[$0, default: 0] > 1 } }
    overlapping = counts.isEmpty ? 0 : Double(sharing) / Double(counts.count)
    var facts = Facts(
      types: types, sharesAcrossMenus: sharesAcrossMenus, annotators: annotators, repeating: repeating,
      wide: wide, tied: tied, prompts: prompts, median: perAnnotator.median, overlapping: overlapping,
      contradictory: contradictory)
    facts.look()
    facts.look(at: diagnoses)
    findings = facts.findings.sorted { $0.verdict.rank > $1.verdict.rank }
  }
}

extension Identification.Verdict {
  fileprivate var rank: Int { self == .impossible ? 2 : self == .weak ? 1 : 0 }
}

/// What findings are made of.
private struct Facts {
  let types: Int
  let sharesAcrossMenus: Bool
  let annotators: Int
  let repeating: Int
  let wide: Int
  let tied: Int
  let prompts: Int
  let median: Int
  let overlapping: Double
  let contradictory: Int
  var findings: [Identification.Finding] = []

  private mutating func find(_ verdict: Identification.Verdict, _ sentence: String) {
    findings.append(.init(verdict: verdict, sentence: sentence))
  }

  mutating func look() {
    let isSingle = repeating == 0
    if isSingle, wide == 0, tied == 0 {
      find(
        .impossible,
        "Every annotator has one binary vote. A population and its mirror image then look alike, however many annotators there "
          + "are; types that are found rest on the assumption that none is near another's opposite. Ask each annotator for two "
          + "votes or more, or for the best of three.")
    } else if isSingle, wide == 0 {
      find(
        .weak,
        "Every annotator has one vote between two responses. Ties help to tell types apart, and more votes by the same "
          + "annotators would help more.")
    } else if Double(repeating) < 0.5 * Double(annotators), wide == 0 {
      find(
        .weak,
        "Only \(repeating) of \(annotators) annotators have more than one vote, and only they say anything of types that are "
          + "each other's opposite. Ask the same annotators again.")
    }
    if prompts == 1 {
      // Two types of strengths over three responses are not determined even by full rankings of one menu, one of each annotator.
      find(
        isSingle ? .impossible : .weak,
        isSingle
          ? "Only one prompt was asked about, and everybody answered once. Even full rankings of one menu then leave several "
            + "mixtures equally likely; show other prompts, or ask everybody again."
          : "Only one prompt was asked about. Types rest on how often annotators repeat themselves there, and say nothing of other "
            + "prompts; show some.")
    }
    if annotators < 10 * types {
      find(
        annotators < 2 * types ? .impossible : .weak,
        "\(annotators) annotators are few for \(types) types; shares of types are then known to no better than "
          + "±\(Int((100 * 0.98 / Double(max(1, annotators)).squareRoot()).rounded())) percentage points. Find more annotators."
      )
    }
    if overlapping < 0.5, !sharesAcrossMenus {
      find(
        overlapping == 0 ? .impossible : .weak,
        "\(Int((100 * overlapping).rounded())) % of annotators judged two responses that somebody else judged too. A policy without "
          + "features learns nothing from one prompt about another; name an encoder, or let annotators judge the same prompts."
      )
    }
    if median < 5, !isSingle, wide == 0 {
      find(
        .weak,
        "Half of the annotators have \(median) votes or fewer, so that single annotators cannot be assigned with confidence."
      )
    }
    if contradictory > 0 {
      find(
        .identified,
        "\(contradictory == 1 ? "1 annotator" : "\(contradictory) annotators") judged two responses both ways; that is read as "
          + "chance, as the likelihood does."
      )
    }
  }

  mutating func look(at diagnoses: [TypeDiagnosis]) {
    let distinct = diagnoses.count { $0.faults.allSatisfy { $0 == .absorbing } }
    if diagnoses.count > 1, distinct < 2 {
      find(
        .identified,
        "The \(diagnoses.count) types that were fitted come to one: these votes speak for a single type of annotator."
      )
    }
    for (type, diagnosis) in diagnoses.enumerated() {
      if let opposite = diagnosis.opposite, opposite.correlation < -0.9, type < opposite.type {
        let isBlind = repeating == 0 && wide == 0
        find(
          isBlind ? .impossible : .identified,
          "Types \(type + 1) and \(opposite.type + 1) are nearly opposite (correlation "
            + "\((100 * opposite.correlation).rounded() / 100))"
            + (isBlind
              ? ", which one binary vote per annotator cannot show."
              : "; what tells them apart is " + evidence + "."))
      }
    }
  }

  /// What tells a type from its opposite, for which binary votes of different people are no evidence.
  private var evidence: String {
    if repeating > 0 { return "that annotators agree with themselves" }
    return wide > 0 ? "how they choose among three or more" : "what they call even"
  }
}
