import Foundation
import HustingsData
import Testing

@Suite struct AtomicFileTests {
  struct Stop: Error {}

  @Test func theFileAppearsWholeAndNothingElse() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/out.json"
    try AtomicFile.write("first", to: path)
    try AtomicFile.write("second", to: path)
    #expect(try FileBytes(text: path).string == "second")
    #expect(scratch.names == ["out.json"])
  }

  @Test func largeAndSmallPiecesKeepTheirOrder() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/out.bin"
    var expected: [UInt8] = []
    try AtomicFile.write(to: path) { output in
      for size in [1, 70_000, 3, 65_535, 1, 65_536, 200_000, 0, 5] {
        let piece = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) }
        expected += piece
        try output.write(piece)
      }
    }
    #expect(try FileBytes(binary: path).bytes == expected)
  }

  @Test func aFailureLeavesTheOldFileAndNoOther() throws {
    let scratch = try Scratch()
    let path = try scratch.file("out.json", "old")
    #expect(throws: Stop.self) {
      try AtomicFile.write(to: path) { output in
        try output.write(String(repeating: "x", count: 200_000))
        throw Stop()
      }
    }
    #expect(try FileBytes(text: path).string == "old")
    #expect(scratch.names == ["out.json"])
    let fresh = "\(scratch.path)/fresh.json"
    #expect(throws: Stop.self) { try AtomicFile.write(to: fresh) { _ in throw Stop() } }
    #expect(scratch.names == ["out.json"])
  }

  @Test func theReadersOfTheOldFileAreNotDisturbed() throws {
    let scratch = try Scratch()
    let path = try scratch.file("rows.jsonl", "{\"id\":1}\n")
    var lines = try JSONLines(path)
    try AtomicFile.write("{\"id\":2}\n", to: path)
    #expect(try lines.next()?.integer("id") == 1)
  }

  #if os(Linux)
    @Test func aFullDiskIsReportedInOneSentence() {
      #expect(
        sentence { try AtomicFile.write("text", to: "/dev/full") }
          == "/dev/full cannot be written: No space left on device. "
          + "Nothing was left under that name; free space or name another place.")
      #expect(FileManager.default.fileExists(atPath: "/dev/full"))
    }

    @Test func aPlaceThatTakesNoFilesIsReported() {
      #expect(
        sentence { try AtomicFile.write("text", to: "/proc/hustings.json") }
          .hasPrefix("/proc/hustings.json cannot be written: "))
    }
  #endif

  @Test func aDeviceIsWrittenToDirectly() throws {
    try AtomicFile.write("text", to: "/dev/null")
    let attributes = try FileManager.default.attributesOfItem(atPath: "/dev/null")
    #expect(attributes[.type] as? FileAttributeType == .typeCharacterSpecial)
  }

  @Test func aPathThroughAFileIsReported() throws {
    let scratch = try Scratch()
    let path = try scratch.file("plain", "x") + "/out.json"
    #expect(
      sentence(path) { try AtomicFile.write("x", to: path) }.hasPrefix(
        "out.json cannot be written: Not a directory."))
  }

  @Test func foldersThatAreMissingAreMade() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/results/baselines/main.json"
    try AtomicFile.write("x", to: path)
    #expect(try FileBytes(text: path).string == "x")
    // A path from here on, too, and one that leads up again.
    try AtomicFile.write("y", to: "\(scratch.path)/new/../other/out.json")
    #expect(try FileBytes(text: "\(scratch.path)/other/out.json").string == "y")
  }

  #if os(Linux)
    @Test func aFolderThatCannotBeMadeIsReported() {
      #expect(
        sentence { try AtomicFile.write("x", to: "/proc/no/out.json") }
          .hasPrefix("/proc/no/out.json cannot be written: No such file or directory."))
    }
  #endif

  @Test func aFolderIsNotReplaced() throws {
    let scratch = try Scratch()
    let path = scratch.path
    #expect(sentence { try AtomicFile.write("x", to: path) } == "\(path) is a folder. Name a file in it.")
  }

  @Test func aLinkKeepsPointingAndPermissionsStay() throws {
    let scratch = try Scratch()
    let target = try scratch.file("target.json", "old")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: target)
    let link = "\(scratch.path)/link.json"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    try AtomicFile.write("new", to: link)
    #expect(try FileBytes(text: target).string == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
    let attributes = try FileManager.default.attributesOfItem(atPath: target)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
  }

  @Test func twoWritersAtOnceLeaveOneWholeFile() async throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/out.txt"
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<16 {
        group.addTask { try? AtomicFile.write(String(repeating: "\(writer % 10)", count: 100_000), to: path) }
      }
    }
    let text = try FileBytes(text: path).bytes
    #expect(text.count == 100_000)
    #expect(Set(text).count == 1)
    #expect(scratch.names == ["out.txt"])
  }
}
