import Hustings
import HustingsData

/// How a row says which response it is about: by candidate, or by a digest that only the slate can resolve.
enum ResponseName {
  case candidate(Int)
  case digest(Digest)

  init(_ name: String, in key: AnswerKey, at place: @autoclosure () -> Place) throws {
    if let index = key.names.firstIndex(of: name) {
      self = .candidate(index)
    } else if let digest = Digest(hex: name) {
      self = .digest(digest)
    } else {
      throw RecordingError.unknownResponse(at: place(), item: key.item, response: name, known: key.names)
    }
  }
}

extension Slate {
  /// Where a response stands that a file names by the SHA-256 of its text, or by the digest this project gives it.
  func index(recorded digest: Digest) -> Int? {
    index(of: digest)
      ?? responses.firstIndex { $0.turns.isEmpty && SHA256.digest($0.text) == digest }
  }

  /// For each response as it stands here, its index in the canonical order, which answer keys use; nil when the order
  /// here is the canonical one.
  var canonicalPlaces: [Int]? {
    let digests = responses.map(\.digest)
    if zip(digests, digests.dropFirst()).allSatisfy({ $0 <= $1 }) { return nil }
    let order = digests.indices.sorted { digests[$0] < digests[$1] }
    var places = [Int](repeating: 0, count: order.count)
    for (place, index) in order.enumerated() { places[index] = place }
    return places
  }
}
