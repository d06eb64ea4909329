import Foundation
import HustingsData
import HustingsFixtures
import Testing

/// Every file under the data root, whatever it is named, against Foundation's reader as an independent reference.
@Suite(.enabled(if: DataRoot.url != nil, Comment(rawValue: DataRoot.reason))) struct RealDataTests {
  func files(_ suffixes: [String]) throws -> [String] {
    let root = try #require(DataRoot.url)
    let all = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    let wanted = all.filter { name in suffixes.contains { name.hasSuffix($0) } }
    return wanted.sorted().map { "\(root.path)/\($0)" }
  }

  /// Where Foundation sees another value, as a path and both values; nil when it sees the same.
  func difference(_ value: JSONValue, _ reference: Any, at path: String = "") -> String? {
    switch (value, reference) {
    case (.array(let values), let list as [Any]) where values.count == list.count:
      for (index, pair) in zip(values, list).enumerated() {
        if let found = difference(pair.0, pair.1, at: "\(path)[\(index)]") { return found }
      }
      return nil
    case (.object(let object), let map as [String: Any]) where object.count == map.count:
      for member in object.members {
        let path = "\(path).\(member.key)"
        guard let other = map[member.key] else { return "\(path) is missing" }
        if let found = difference(member.value, other, at: path) { return found }
      }
      return nil
    default: return isSameLeaf(value, reference) ? nil : "\(path): \(value), Foundation \(reference)"
    }
  }

  func isSameLeaf(_ value: JSONValue, _ reference: Any) -> Bool {
    switch value {
    case .null: reference is NSNull
    case .bool(let flag): (reference as? NSNumber)?.boolValue == flag
    case .integer(let number): (reference as? NSNumber)?.intValue == number
    // Foundation keeps decimals, and turning those into doubles directly is off by a last bit at times.
    case .double(let number): (reference as? NSNumber).flatMap { Double($0.stringValue) } == number
    case .string(let text): (reference as? String).map { Array($0.utf8) == Array(text.utf8) } ?? false
    case .nonFinite, .array, .object: false
    }
  }

  @Test func jsonIsReadAsFoundationReadsIt() throws {
    for path in try files([".json"]) {
      let value = try JSONNode.read(path).value
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      guard let reference = try? JSONSerialization.jsonObject(with: bytes) else { continue }
      let found = difference(value, reference)
      #expect(found == nil, "\(path)")
    }
  }

  @Test func jsonLinesAreReadAsFoundationReadsThem() throws {
    for path in try files([".jsonl"]) {
      let values = try JSONLines.map(path) { $0.value }
      let lines = try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 10)
      #expect(values.count == lines.count, "\(path)")
      for (index, pair) in zip(values, lines).enumerated() {
        guard let reference = try? JSONSerialization.jsonObject(with: pair.1) else { continue }
        let found = difference(pair.0, reference)
        #expect(found == nil, "\(path):\(index + 1)")
      }
    }
  }

  @Test func compressedLinesAndTablesAreRead() throws {
    for path in try files([".jsonl.gz"]) { #expect(try !JSONLines.read(path).isEmpty, "\(path)") }
    for path in try files([".csv"]) { #expect(try CSVTable.read(path).rowCount > 0, "\(path)") }
  }
}
