import Foundation
import Testing

/// What each room may import, read from the table of docs/architecture.md.
private func rooms() throws -> [String: Set<String>] {
  let page = RoomTests.root.appendingPathComponent("docs/architecture.md")
  var rooms: [String: Set<String>] = [:]
  for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") {
    let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    guard cells.count == 3, cells[0].hasPrefix("`") else { continue }
    let names = cells[2].split(separator: "`").map(String.init).filter { $0.first?.isLetter == true }
    rooms[cells[0].trimmingCharacters(in: ["`"])] = cells[2] == "nothing" ? [] : Set(names)
  }
  return rooms
}

private struct Package: Decodable {
  struct Target: Decodable {
    let name: String
    let type: String
    let path: String
    let targetDependencies: [String]?
    let productDependencies: [String]?
    enum CodingKeys: String, CodingKey {
      case name, type, path
      case targetDependencies = "target_dependencies"
      case productDependencies = "product_dependencies"
    }
    var dependencies: Set<String> { Set((targetDependencies ?? []) + (productDependencies ?? [])) }
  }
  let targets: [Target]
}

@Suite struct RoomTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func describe() throws -> Package {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.currentDirectoryURL = root
    // A scratch path of its own: the build that runs this test holds the lock on the usual one.
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("hustings-describe")
    process.arguments = [
      "swift", "package", "--scratch-path", scratch.path, "describe", "--type", "json",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode(Package.self, from: data)
  }

  @Test func everyRoomImportsOnlyWhatItsRowLists() throws {
    let targets = try RoomTests.describe().targets.filter { $0.path.hasPrefix("Sources/") }
    #expect(targets.count > 10)
    let rooms = try rooms()
    for target in targets where target.name != "HustingsCommand" {
      let allowed = try #require(rooms[target.name], "\(target.name) has no row in the table of rooms")
      let surplus = target.dependencies.subtracting(allowed).sorted()
      #expect(surplus.isEmpty, "\(target.name) may not import \(surplus.joined(separator: ", "))")
    }
  }

  @Test func sourcesImportOnlyWhatThePackageDeclares() throws {
    let targets = try RoomTests.describe().targets
    let own = Set(targets.map(\.name))
    for target in targets where target.type == "library" || target.type == "executable" {
      for file in try RoomTests.swiftFiles(under: target.path) {
        let text = try String(contentsOf: file, encoding: .utf8)
        for module in RoomTests.imports(in: text) where own.contains(module) {
          #expect(target.dependencies.contains(module), "\(file.lastPathComponent) imports \(module)")
        }
      }
    }
  }

  @Test func onlyTheCommandPrintsReadsTheEnvironmentOrExits() throws {
    let forbidden = ["print(", "ProcessInfo.processInfo.environment", "getenv(", "exit(", "fatalError("]
    for folder in ["Sources", "Plugins"] {
      for file in try RoomTests.swiftFiles(under: folder)
      where !file.path.contains("/Sources/HustingsCommand/") {
        let text = try String(contentsOf: file, encoding: .utf8)
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
          let code = line.trimmingCharacters(in: .whitespaces)
          guard !code.hasPrefix("//") else { continue }
          for word in forbidden where code.contains(word) && RoomTests.standsAlone(word, in: code) {
            Issue.record("\(file.lastPathComponent):\(number + 1) uses \(word)")
          }
        }
      }
    }
  }

  @Test func noFileHoldsMoreThanOneIdea() throws {
    for folder in ["Sources", "Plugins", "Tests"] {
      for file in try RoomTests.swiftFiles(under: folder) {
        let lines = try String(contentsOf: file, encoding: .utf8).split(
          separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 600, "\(file.lastPathComponent) has \(lines.count) lines")
      }
    }
  }

  /// Whether a call is the word itself and not the end of a longer name, such as `blueprint(`.
  private static func standsAlone(_ word: String, in code: String) -> Bool {
    code.ranges(of: word).contains { range in
      guard range.lowerBound != code.startIndex else { return true }
      let before = code[code.index(before: range.lowerBound)]
      return !before.isLetter && !before.isNumber && before != "_" && before != "."
    }
  }

  private static func imports(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(of: "import"), place <= 1, place + 1 < words.count else {
        return nil
      }
      return String(words[place + 1])
    }
  }

  private static func swiftFiles(under folder: String) throws -> [URL] {
    let start = folder.hasPrefix("/") ? URL(fileURLWithPath: folder) : root.appendingPathComponent(folder)
    let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
    var files: [URL] = []
    while let file = walk?.nextObject() as? URL {
      if file.pathExtension == "swift" { files.append(file) }
    }
    return files.sorted { $0.path < $1.path }
  }
}
