import Foundation
import HustingsData

/// A folder of cached rows, one folder per encoder in it, which never grows far beyond a limit.
struct SegmentFolder: Sendable {
  let path: String
  /// The most bytes of all segments together.
  let limit: Int

  /// Where rows are kept: `HUSTINGS_ENCODINGS`, else `encodings` in the user's cache folder; nil when it is `no`, or when the
  /// environment says nothing, as in a program that lends none.
  static func path(_ environment: [String: String]) -> String? {
    if let named = environment["HUSTINGS_ENCODINGS"], !named.isEmpty { return named == "no" ? nil : named }
    var own = environment
    own["HUSTINGS_DATA"] = nil
    return (try? DataFolder.resolve(explicit: nil, environment: own)).map { "\($0.path)/encodings" }
  }

  /// The names of the segments of one encoder's folder.
  static func segments(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasSuffix(".safetensors") }.sorted()
  }

  /// Notes that a segment was of use.
  func touch(_ segment: String) {
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: segment)
  }

  /// Removes the segments that were of no use for longest until the others are within the limit.
  ///
  /// - Parameter kept: a segment that stays in any case.
  func trim(keeping kept: String) {
    var found: [(path: String, size: Int, date: Date)] = []
    for encoder in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
      for name in SegmentFolder.segments(in: "\(path)/\(encoder)") {
        let segment = "\(path)/\(encoder)/\(name)"
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: segment),
          let size = attributes[.size] as? NSNumber, let date = attributes[.modificationDate] as? Date
        else { continue }
        found.append((segment, size.intValue, date))
      }
    }
    var total = found.reduce(0) { $0 + $1.size }
    for segment in found.sorted(by: { ($0.date, $0.path) < ($1.date, $1.path) }) {
      if total <= limit { break }
      if segment.path == kept { continue }
      try? FileManager.default.removeItem(atPath: segment.path)
      total -= segment.size
    }
  }
}
