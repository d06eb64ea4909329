import CKernels

/// One text taken apart: its scalars, its folded form, its words and its surface. Buffers are kept from text to text.
final class TextReading {
  private(set) var scalarCount = 0
  private(set) var foldedCount = 0
  private(set) var wordCount = 0
  /// Scalars that are part of a word.
  private(set) var letterCount = 0
  private(set) var surface = hustings_surface()
  private var capacity = 0
  private(set) var scalars = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
  private(set) var folded = UnsafeMutablePointer<UInt32>.allocate(capacity: 2)
  private(set) var words = UnsafeMutablePointer<UInt64>.allocate(capacity: 2)

  deinit {
    scalars.deallocate()
    folded.deallocate()
    words.deallocate()
  }

  /// Takes a text apart, in place of the one before.
  func read(_ text: String, surface wantsSurface: Bool) {
    var text = text
    text.withUTF8 { bytes in
      reserve(bytes.count)
      scalarCount = bytes.baseAddress.map { hustings_scalars($0, bytes.count, scalars) } ?? 0
    }
    foldedCount = hustings_fold(scalarCount, scalars, folded)
    wordCount = hustings_words(foldedCount, folded, words, &letterCount)
    if wantsSurface { surface = hustings_count_surface(scalarCount, scalars) }
  }

  private func reserve(_ bytes: Int) {
    guard bytes > capacity else { return }
    capacity = max(4_096, bytes + bytes / 2)
    scalars.deallocate()
    folded.deallocate()
    words.deallocate()
    scalars = .allocate(capacity: capacity)
    folded = .allocate(capacity: capacity + 2)
    words = .allocate(capacity: capacity / 2 + 2)
  }
}

/// A set of word hashes with how often each occurs.
final class WordSet {
  private(set) var distinct = 0
  /// How often the most frequent run occurs.
  private(set) var most = 0
  private var set = hustings_set()

  init() { allocate(64) }

  deinit {
    set.keys.deallocate()
    set.counts.deallocate()
  }

  /// The runs of `length` words of a text, in place of what was there.
  func collect(_ text: TextReading, runsOf length: Int) {
    if set.size < 2 * text.wordCount + 2 {
      set.keys.deallocate()
      set.counts.deallocate()
      allocate(2 * text.wordCount + 2)
    }
    var highest: UInt32 = 0
    distinct = hustings_collect(text.wordCount, text.words, UInt32(length), set, &highest)
    most = Int(highest)
  }

  /// The distinct runs, in no order that means anything.
  var hashes: some Sequence<UInt64> {
    (0..<set.size).lazy.filter { [set] in set.counts[$0] > 0 }.map { [set] in set.keys[$0] }
  }

  func contains(_ word: UInt64) -> Bool { hustings_occurrences(set, word) > 0 }

  private func allocate(_ least: Int) {
    var size = 64
    while size < least { size *= 2 }
    set.size = size
    set.keys = .allocate(capacity: size)
    set.counts = .allocate(capacity: size)
    set.counts.initialize(repeating: 0, count: size)
  }
}

/// The hashes of a text's words, as the kernels make them.
func wordHashes(of text: String) -> [UInt64] {
  let reading = TextReading()
  reading.read(text, surface: false)
  return (0..<reading.wordCount).map { reading.words[$0] }
}
