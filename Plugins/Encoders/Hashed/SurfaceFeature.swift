import CKernels
import Foundation

/// What can be seen of a text without understanding it. Counts enter as ln(1 + count).
public enum SurfaceFeature: String, Sendable, Hashable, CaseIterable {
  /// Unicode scalars.
  case characters
  /// Words: runs of letters, digits and underscores.
  case words
  /// Stops, question and exclamation marks in front of a space or the end.
  case sentences
  /// Lines that are not blank.
  case lines
  /// Groups of lines between blank ones.
  case paragraphs
  /// Mean number of letters in a word.
  case wordLength = "word-length"
  /// Words per sentence.
  case sentenceLength = "sentence-length"
  /// Lines that begin with -, *, + or a bullet.
  case bullets
  /// Lines that begin with a number and a stop or bracket.
  case numbered
  /// Lines that begin with one to six number signs.
  case headers
  /// Pairs of double asterisks.
  case bold
  /// Blocks between lines of three backticks.
  case fences
  /// Addresses with `://`.
  case links
  /// Share of scalars that are digits.
  case digits
  /// Share of scalars that are capitals.
  case capitals
  /// Share of scalars that are neither letters, digits nor space.
  case punctuation
  /// Share of scalars outside ASCII.
  case foreign
  /// Question marks.
  case questions
  /// Exclamation marks.
  case exclamations
  /// Colons.
  case colons
  /// Double quotation marks, straight or curly.
  case quotes
  /// Distinct words per word.
  case variety
  /// Share of words that speak of the writer: I, me, my, we, us, our and their kin.
  case firstPerson = "first-person"
  /// Share of words that speak to the reader: you, your, yours, yourself.
  case secondPerson = "second-person"
  /// Phrases that refuse, excuse or hedge, such as `I cannot` or `as an AI`.
  case refusals
  /// Whether the last character is a stop, question or exclamation mark.
  case stops
  /// How often the most frequent run of three words occurs.
  case repetition
  /// Whether there is not a single word.
  case empty
}

/// Computes every surface feature of a text that was taken apart.
struct SurfaceReader {
  private let distinct = WordSet()
  private static let first = PhraseList([
    "i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves",
  ])
  private static let second = PhraseList(["you", "your", "yours", "yourself", "yourselves"])
  private static let refusals = PhraseList([
    "i'm sorry", "i am sorry", "sorry but", "i apologize", "i apologise", "i cannot", "i can't", "i can not",
    "i won't", "i will not", "i'm unable", "i am unable", "i'm not able", "i am not able", "i'm not going to",
    "i don't think", "i do not think", "i'm not comfortable", "i am not comfortable", "i'm not sure",
    "i am not sure", "i don't know", "i do not know", "as an ai", "i'm just an ai", "as a language model",
    "language model", "not appropriate", "inappropriate", "illegal", "unethical",
  ])

  /// Appends one number per case of `SurfaceFeature`, in order.
  func append(_ text: TextReading, to row: inout [Float]) {
    let s = text.surface
    let scalars = Double(max(1, text.scalarCount))
    let words = Double(max(1, text.wordCount))
    let sentences = Double(max(1, s.sentences))
    distinct.collect(text, runsOf: 3)
    let repetition = distinct.most
    distinct.collect(text, runsOf: 1)
    func log(_ count: UInt32) -> Double { log1p(Double(count)) }
    for feature in SurfaceFeature.allCases {
      let value: Double =
        switch feature {
        case .characters: log1p(Double(text.scalarCount))
        case .words: log1p(Double(text.wordCount))
        case .sentences: log(s.sentences)
        case .lines: log(s.lines)
        case .paragraphs: log(s.paragraphs)
        case .wordLength: Double(text.letterCount) / words
        case .sentenceLength: log1p(Double(text.wordCount) / sentences)
        case .bullets: log(s.bullets)
        case .numbered: log(s.numbered)
        case .headers: log(s.headers)
        case .bold: log(s.bold)
        case .fences: log(s.fences)
        case .links: log(s.links)
        case .digits: Double(s.digits) / scalars
        case .capitals: Double(s.capitals) / scalars
        case .punctuation: Double(s.punctuation) / scalars
        case .foreign: Double(s.non_ascii) / scalars
        case .questions: log(s.questions)
        case .exclamations: log(s.exclamations)
        case .colons: log(s.colons)
        case .quotes: log(s.quotes)
        case .variety: Double(distinct.distinct) / words
        case .firstPerson: Double(SurfaceReader.first.count(in: text)) / words
        case .secondPerson: Double(SurfaceReader.second.count(in: text)) / words
        case .refusals: log1p(Double(SurfaceReader.refusals.count(in: text)))
        case .stops: Double(s.ends_with_stop)
        case .repetition: log1p(Double(repetition))
        case .empty: text.wordCount == 0 ? 1 : 0
        }
      row.append(Float(value))
    }
  }
}

/// Phrases as hashes of their words.
struct PhraseList: Sendable {
  private let lengths: [UInt32]
  private let hashes: [UInt64]

  init(_ phrases: [String]) {
    let words = phrases.map { wordHashes(of: $0) }
    lengths = words.map { UInt32($0.count) }
    hashes = words.flatMap { $0 }
  }

  /// How often any of the phrases stands in the text.
  func count(in text: TextReading) -> Int {
    hustings_count_phrases(text.wordCount, text.words, lengths.count, lengths, hashes)
  }
}
