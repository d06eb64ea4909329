import HustingsNumerics

/// Makes texts about nothing in particular, with given words among them.
///
/// Every text is a function of the seed and of its identity, whatever was made before.
struct TextMill: Sendable {
  let seed: UInt64

  /// A made-up word that belongs to a name. Two syllables and a number of the name's choosing make clashes with other names
  /// and with the filler words unlikely, not impossible: whoever needs a set without clashes asks for one.
  func word(_ identity: String) -> String {
    var generator = CounterGenerator(seed: seed, identity: "word \(identity)")
    let syllables = (0..<3).map { _ in
      TextMill.onsets[generator.nextIndex(below: TextMill.onsets.count)]
        + TextMill.vowels[generator.nextIndex(below: TextMill.vowels.count)]
    }
    return syllables.joined() + TextMill.codas[generator.nextIndex(below: TextMill.codas.count)]
  }

  /// As many made-up words as there are names, no two alike.
  func words(_ identities: [String]) -> [String] {
    var taken = Set(TextMill.fillers)
    return identities.map { identity in
      var attempt = 0
      while true {
        let word = self.word(attempt == 0 ? identity : "\(identity) \(attempt)")
        if taken.insert(word).inserted { return word }
        attempt += 1
      }
    }
  }

  /// Sentences of filler words, with the marks at random places among them.
  ///
  /// - Parameter length: how many filler words at least and at most.
  func text(_ identity: String, marks: [String], length: ClosedRange<Int>) -> String {
    var generator = CounterGenerator(seed: seed, identity: "text \(identity)")
    let count = length.lowerBound + generator.nextIndex(below: length.count)
    var words = (0..<count).map { _ in TextMill.fillers[generator.nextIndex(below: TextMill.fillers.count)] }
    for mark in marks { words.insert(mark, at: generator.nextIndex(below: words.count + 1)) }
    return TextMill.sentences(words, &generator)
  }

  /// The words as sentences of five to eleven words, with capitals and stops.
  static func sentences(_ words: [String], _ generator: inout CounterGenerator) -> String {
    var rest = words[...]
    var sentences: [String] = []
    while !rest.isEmpty {
      let size = min(rest.count, 5 + generator.nextIndex(below: 7))
      let sentence = rest.prefix(size).joined(separator: " ")
      sentences.append(sentence.prefix(1).uppercased() + sentence.dropFirst() + ".")
      rest = rest.dropFirst(size)
    }
    return sentences.joined(separator: " ")
  }

  private static let onsets = [
    "b", "br", "d", "dr", "f", "fl", "g", "gr", "h", "k", "kl", "l", "m", "n", "p", "pl", "r", "s", "st", "t",
    "tr", "v", "w", "z",
  ]
  private static let vowels = ["a", "e", "i", "o", "u", "ai", "ou", "ea"]
  private static let codas = ["", "l", "m", "n", "r", "s", "t", "k"]

  /// Common words without much meaning of their own.
  static let fillers = [
    "about", "above", "after", "again", "almost", "along", "already", "also", "although", "always", "among",
    "another", "any", "around", "because", "become", "before", "began", "behind", "being", "below", "between",
    "both", "bring", "by", "came", "case", "certain", "clear", "close", "come", "could", "day", "different",
    "done", "down", "during", "each", "early", "either", "end", "enough", "even", "ever", "every", "far",
    "few",
    "find", "first", "follow", "for", "found", "from", "general", "give", "given", "go", "half", "hand",
    "have",
    "head", "here", "high", "hold", "home", "house", "however", "if", "in", "into", "it", "just", "keep",
    "kind", "known", "large", "last", "later", "lead", "least", "left", "less", "let", "light", "like",
    "line",
    "little", "long", "made", "make", "many", "matter", "may", "mean", "might", "more", "most", "move",
    "much",
    "must", "name", "near", "need", "never", "new", "next", "now", "number", "of", "often", "on", "once",
    "one",
    "only", "open", "order", "other", "out", "over", "own", "part", "past", "place", "point", "put", "quite",
    "rather", "real", "right", "run", "same", "seem", "set", "several", "show", "side", "since", "small",
    "so",
    "some", "still", "such", "take", "than", "that", "their", "then", "there", "these", "thing", "this",
    "those",
    "through", "time", "to", "together", "too", "toward", "turn", "two", "under", "until", "up", "upon",
    "use",
    "very", "way", "well", "were", "what", "when", "where", "which", "while", "whole", "why", "with",
    "within",
    "without", "word", "work", "world", "year", "yet",
  ]
}
