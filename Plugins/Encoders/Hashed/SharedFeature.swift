import CKernels
import Foundation

/// What a response has to do with the last turn of its prompt.
public enum SharedFeature: String, Sendable, Hashable, CaseIterable {
  /// Share of the prompt's distinct words that the response uses.
  case promptUsed = "prompt-used"
  /// Share of the response's distinct words that the prompt has.
  case responseKnown = "response-known"
  /// Share of the response's words, repetitions counted, that the prompt has.
  case echoed
  /// ln of the response's length over the prompt's, in words.
  case lengthRatio = "length-ratio"
  /// Whether the response begins with a word of the prompt.
  case firstEchoed = "first-echoed"
  /// ln(1 + words) of the response, times that of the prompt.
  case lengthByLength = "length-by-length"
  /// ln(1 + words) of the response, where the prompt has a question mark.
  case lengthIfAsked = "length-if-asked"
  /// Square of ln(1 + words) of the response.
  case lengthSquared = "length-squared"
}

/// Computes every shared feature of a prompt and a response.
struct SharedReader {
  private let promptWords = WordSet()
  private let responseWords = WordSet()

  /// Takes the words of a new prompt.
  func read(prompt: TextReading) { promptWords.collect(prompt, runsOf: 1) }

  /// Appends one number per case of `SharedFeature`, in order.
  func append(prompt: TextReading, response: TextReading, to row: inout [Float]) {
    responseWords.collect(response, runsOf: 1)
    var used = 0
    var echoed = 0
    for place in 0..<response.wordCount where promptWords.contains(response.words[place]) { echoed += 1 }
    for hash in promptWords.hashes where responseWords.contains(hash) { used += 1 }
    let promptLength = log1p(Double(prompt.wordCount))
    let length = log1p(Double(response.wordCount))
    for feature in SharedFeature.allCases {
      let value: Double =
        switch feature {
        case .promptUsed: Double(used) / Double(max(1, promptWords.distinct))
        case .responseKnown: Double(used) / Double(max(1, responseWords.distinct))
        case .echoed: Double(echoed) / Double(max(1, response.wordCount))
        case .lengthRatio: length - promptLength
        case .firstEchoed: response.wordCount > 0 && promptWords.contains(response.words[0]) ? 1 : 0
        case .lengthByLength: length * promptLength
        case .lengthIfAsked: prompt.surface.questions > 0 ? length : 0
        case .lengthSquared: length * length
        }
      row.append(Float(value))
    }
  }
}
