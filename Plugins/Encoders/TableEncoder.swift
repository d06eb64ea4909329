public import Hustings

/// One column per known item: what a toy needs to learn any preference among items it has seen.
///
/// An item is a response to a prompt. Its row is 1 in its own column and 0 elsewhere; a prompt alone has a row of zeros. An
/// item that was not among the training passages is an error, for there is nothing to say of it.
public struct TableEncoder: Encoder {
  /// Its name, fingerprint and shape.
  public let card: EncoderCard
  private let items: [Digest]
  private let places: [Digest: Int32]

  /// A table of the distinct items among the passages.
  public init(_ passages: [Passage]) throws {
    let items = Set(passages.filter { $0.response != nil }.map(\.digest)).sorted()
    guard !items.isEmpty else { throw EncoderError.nothingToFit(kind: "table") }
    self.init(items: items)
  }

  private init(items: [Digest]) {
    self.items = items
    places = Dictionary(uniqueKeysWithValues: zip(items, Int32(0)...))
    card = EncoderCard(
      name: "table", fingerprint: EncoderState([TableEncoder.part(items)]).digest, sparseWidth: items.count,
      denseColumns: [])
  }

  /// One row per passage, in order.
  public func encode(_ passages: [Passage]) async throws -> FeatureMatrix {
    var offsets: [Int64] = [0]
    var columns: [Int32] = []
    for passage in passages {
      if let response = passage.response {
        guard let place = places[passage.digest] else {
          throw EncoderError.unknownText(kind: "table", text: response.text, known: items.count)
        }
        columns.append(place)
      }
      offsets.append(Int64(columns.count))
    }
    return FeatureMatrix(
      count: passages.count,
      sparse: SparseRows(
        width: items.count, offsets: offsets, columns: columns,
        values: [Float](repeating: 1, count: columns.count)))
  }

  /// The known items.
  public var state: EncoderState { EncoderState([TableEncoder.part(items)]) }

  private static func part(_ items: [Digest]) -> EncoderState.Part {
    EncoderState.Part(kind: "table", settings: ["items": items.map(\.hex).joined(separator: " ")])
  }

  /// `table` on the command line.
  public static let plugin = EncoderPlugin(
    kind: "table", usage: "table", summary: "one column per known response, for toys",
    fit: { specification, training, _ in
      guard specification.argument.isEmpty else {
        throw EncoderError.surplusArgument(kind: "table", argument: specification.argument)
      }
      try SettingReader(kind: "table", specification.options).finish()
      return try TableEncoder(training)
    },
    restore: { part, _ in
      let words = part.settings["items"]?.split(separator: " ") ?? []
      let items = words.compactMap { Digest(hex: $0) }
      guard !items.isEmpty, items.count == words.count, Set(items).count == items.count else {
        throw EncoderError.badState(kind: "table", reason: "its items are missing or damaged")
      }
      return TableEncoder(items: items)
    })
}
