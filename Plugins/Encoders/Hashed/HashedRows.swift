import CKernels
import Hustings
import HustingsNumerics

/// The rows of some passages, before or after weights.
struct HashedRows: Sendable {
  var offsets: [Int64] = [0]
  var columns: [Int32] = []
  var values: [Float] = []
  /// Row-major, as many columns as `HashedEncoder.denseColumns`.
  var dense: [Float] = []
  /// Rows of passages without a response.
  var promptsAlone: [Int] = []

  var count: Int { offsets.count - 1 }

  /// Passages per block of work.
  private static let blockSize = 512

  /// Reads passages on several threads.
  ///
  /// - Parameter idf: the weights; nil for plain counts.
  static func read(_ passages: [Passage], _ settings: HashedSettings, idf: [Float]?, workers: Int?)
    -> HashedRows
  {
    let blocks = (passages.count + blockSize - 1) / blockSize
    var parts = [HashedRows](repeating: HashedRows(), count: blocks)
    parts.withUnsafeMutableBufferPointer { parts in
      // Every block writes to its own place.
      nonisolated(unsafe) let out = parts
      forEachBlock(of: blocks, size: 1, workers: workers) { range in
        for block in range {
          let start = block * blockSize
          out[block] = HashedRows(
            passages[start..<min(passages.count, start + blockSize)], settings, idf: idf)
        }
      }
    }
    return HashedRows(joining: parts)
  }

  private init() {}

  private init(_ passages: ArraySlice<Passage>, _ settings: HashedSettings, idf: [Float]?) {
    let prompt = TextReading()
    let response = TextReading()
    let surface = SurfaceReader()
    let shared = SharedReader()
    let counter = NGramCounter(settings)
    var asked: Digest?
    var promptRow: [Float] = []
    var last: Int64 = 0
    offsets.reserveCapacity(passages.count + 1)
    for (row, passage) in passages.enumerated() {
      if settings.hasSurface, asked != passage.prompt.digest {
        asked = passage.prompt.digest
        prompt.read(passage.prompt.messages.last?.content ?? "", surface: true)
        promptRow.removeAll(keepingCapacity: true)
        surface.append(prompt, to: &promptRow)
        shared.read(prompt: prompt)
      }
      dense += promptRow
      if let answer = passage.response {
        response.read(HashedRows.text(of: answer), surface: settings.hasSurface)
        if settings.width > 0 {
          last += Int64(
            idf?.withUnsafeBufferPointer { counter.append(response, idf: $0.baseAddress) }
              ?? counter.append(response, idf: nil))
        }
        if settings.hasSurface {
          surface.append(response, to: &dense)
          shared.append(prompt: prompt, response: response, to: &dense)
        }
      } else {
        promptsAlone.append(row)
        if settings.hasSurface {
          let rest = HashedEncoder.denseColumns(settings).count - promptRow.count
          dense += [Float](repeating: 0, count: rest)
        }
      }
      offsets.append(last)
    }
    columns = counter.columns
    values = counter.values
  }

  /// A response as one text: turns of its own first.
  private static func text(of response: Response) -> String {
    response.turns.isEmpty
      ? response.text : (response.turns.map(\.content) + [response.text]).joined(separator: "\n\n")
  }

  private init(joining parts: [HashedRows]) {
    offsets.reserveCapacity(parts.reduce(1) { $0 + $1.count })
    columns.reserveCapacity(parts.reduce(0) { $0 + $1.columns.count })
    values.reserveCapacity(parts.reduce(0) { $0 + $1.values.count })
    dense.reserveCapacity(parts.reduce(0) { $0 + $1.dense.count })
    for part in parts {
      let start = Int64(columns.count)
      let rows = count
      offsets += part.offsets.dropFirst().map { $0 + start }
      promptsAlone += part.promptsAlone.map { $0 + rows }
      columns += part.columns
      values += part.values
      dense += part.dense
    }
  }

  /// The dense rows of passages that have a response; all of them where none has one.
  func denseWithResponse(width: Int) -> [Float] {
    guard !promptsAlone.isEmpty, promptsAlone.count < count else { return dense }
    let alone = Set(promptsAlone)
    return (0..<count).filter { !alone.contains($0) }.flatMap { dense[$0 * width..<($0 + 1) * width] }
  }

  /// ln((1 + n) / (1 + d)) + 1 per column, n the rows with a response, d those among them that have the column.
  func inverseDocumentFrequencies(width: Int) -> [Float] {
    var documents = [Int](repeating: 0, count: width)
    documents.withUnsafeMutableBufferPointer { documents in
      for column in columns { documents[Int(column)] += 1 }
    }
    let total = count - promptsAlone.count
    let weights = (0...total).map { Float(logarithm(Double(1 + total) / Double(1 + $0)) + 1) }
    return documents.map { weights[$0] }
  }

  /// The rows of plain counts with weights, each of length 1.
  func weighed(_ idf: [Float], _ settings: HashedSettings, workers: Int?) -> HashedRows {
    var copy = self
    copy.values.withUnsafeMutableBufferPointer { values in
      idf.withUnsafeBufferPointer { idf in
        nonisolated(unsafe) let values = values
        nonisolated(unsafe) let idf = idf
        forEachBlock(of: count, size: HashedRows.blockSize, workers: workers) { range in
          guard let value = values.baseAddress else { return }
          columns.withUnsafeBufferPointer { columns in
            guard let column = columns.baseAddress else { return }
            for row in range {
              let start = Int(offsets[row])
              hustings_weigh(
                Int(offsets[row + 1]) - start, column + start, idf.baseAddress, settings.isSublinear ? 1 : 0,
                value + start)
            }
          }
        }
      }
    }
    return copy
  }
}
