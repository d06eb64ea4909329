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

  /// The same value as Foundation sees it, numbers as doubles.
  func isSame(_ value: JSONValue, _ reference: Any) -> Bool {
    switch value {
    case .null: reference is NSNull
    case .bool(let flag): (reference as? NSNumber)?.boolValue == flag
    case .integer(let number): (reference as? NSNumber)?.intValue == number
    case .double(let number): (reference as? NSNumber)?.doubleValue == number
    case .nonFinite: false
    case .string(let text): (reference as? String).map { Array($0.utf8) == Array(text.utf8) } ?? false
    case .array(let values):
      (reference as? [Any]).map { $0.count == values.count && zip(values, $0).allSatisfy(isSame) } ?? false
    case .object(let object):
      (reference as? [String: Any]).map { map in
        map.count == object.count
          && object.members.allSatisfy { member in
            map[member.key].map { isSame(member.value, $0) } ?? false
          }
      } ?? false
    }
  }

  @Test func jsonIsReadAsFoundationReadsIt() throws {
    for path in try files([".json"]) {
      let value = try JSONNode.read(path).value
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      guard let reference = try? JSONSerialization.jsonObject(with: bytes) else { continue }
      #expect(isSame(value, reference), "\(path)")
    }
  }

  @Test func jsonLinesAreReadAsFoundationReadsThem() throws {
    for path in try files([".jsonl"]) {
      let values = try JSONLines.map(path) { $0.value }
      let lines = try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 10)
      #expect(values.count == lines.count, "\(path)")
      for (value, line) in zip(values, lines) {
        guard let reference = try? JSONSerialization.jsonObject(with: line) else { continue }
        #expect(isSame(value, reference), "\(path)")
      }
    }
  }

  @Test func compressedLinesAndTablesAreRead() throws {
    for path in try files([".jsonl.gz"]) { #expect(try !JSONLines.read(path).isEmpty, "\(path)") }
    for path in try files([".csv"]) { #expect(try CSVTable.read(path).rowCount > 0, "\(path)") }
  }
}
