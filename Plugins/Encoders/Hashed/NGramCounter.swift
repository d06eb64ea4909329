import CKernels

/// Counts the hashed n-grams of one text after another.
final class NGramCounter {
  private let settings: HashedSettings
  private let tally: hustings_tally
  private(set) var columns: [Int32] = []
  private(set) var values: [Float] = []

  init(_ settings: HashedSettings) {
    self.settings = settings
    let size = 1 << settings.bits
    let counts = UnsafeMutablePointer<Int32>.allocate(capacity: size)
    counts.initialize(repeating: 0, count: size)
    let touched = UnsafeMutablePointer<UInt64>.allocate(capacity: size / 64)
    touched.initialize(repeating: 0, count: size / 64)
    let blocks = UnsafeMutablePointer<UInt64>.allocate(capacity: size / 4096 + 1)
    blocks.initialize(repeating: 0, count: size / 4096 + 1)
    tally = hustings_tally(bits: UInt32(settings.bits), counts: counts, touched: touched, blocks: blocks)
  }

  deinit {
    tally.counts.deallocate()
    tally.touched.deallocate()
    tally.blocks.deallocate()
  }

  /// Appends the counts of a text, weighted and of length 1 when `idf` is given, and returns how many there are.
  func append(_ text: TextReading, idf: UnsafePointer<Float>?) -> Int {
    if settings.words > 0 {
      hustings_count_words(text.wordCount, text.words, UInt32(settings.words), tally)
    }
    if let characters = settings.characters {
      hustings_count_characters(
        text.foldedCount, text.folded, UInt32(characters.lowerBound), UInt32(characters.upperBound), tally)
    }
    let start = columns.count
    let most = min(
      1 << settings.bits,
      text.wordCount * settings.words + text.foldedCount * (settings.characters?.count ?? 0))
    columns.append(contentsOf: repeatElement(0, count: most))
    values.append(contentsOf: repeatElement(0, count: most))
    let stored = columns.withUnsafeMutableBufferPointer { columns in
      values.withUnsafeMutableBufferPointer { values -> Int in
        guard let column = columns.baseAddress, let value = values.baseAddress else { return 0 }
        let stored = hustings_drain(tally, column + start, value + start)
        if let idf {
          hustings_weigh(stored, column + start, idf, settings.isSublinear ? 1 : 0, value + start)
        }
        return stored
      }
    }
    columns.removeLast(most - stored)
    values.removeLast(most - stored)
    return stored
  }
}
