import Foundation
import HustingsData
import Testing

/// The sentences that no other test here reads whole, and what all of them have in common.
@Suite struct SentenceTests {
  static let errors: [DataError] = [
    .unreadable(file: "f", reason: "Permission denied"),
    .unwritable(file: "f", reason: "No space left on device"),
    .folderInsteadOfFile(file: "f"), .empty(file: "f"), .foreignEncoding(file: "f", encoding: "UTF-16LE"),
    .invalidUTF8(at: Place(file: "f", line: 3), offset: 9), .gzip(file: "f", fault: .truncated),
    .gzip(file: "f", fault: .trailingBytes(offset: 7)), .gzip(file: "f", fault: .checksum),
    .gzip(file: "f", fault: .corrupt(reason: "invalid block type")),
    .json(at: Place(file: "f", line: 1, column: 2), fault: .tooDeep(limit: 256)),
    .field(at: Place(file: "f", line: 1), path: "a[0].b", fault: .missing(nearest: "c")),
    .lines(at: Place(file: "f", line: 4), fault: .tooLong(limit: 1024)),
    .lines(at: Place(file: "f", line: 4), fault: .blank),
    .csv(at: Place(file: "f", line: 2), fault: .emptyField(column: "x")),
    .tensors(file: "f", fault: .wrongShape(tensor: "w", found: [2, 3], expected: "[2, 4]")),
    .tensors(file: "f", fault: .notFinite(tensor: "", index: 5, value: "nan")),
    .folder(.missingFile(benchmark: "b", folder: "f", file: "x.json")), .folder(.notAFolder(path: "f")),
  ]

  @Test(arguments: errors)
  func everySentenceNamesTheFileAndEndsInAMove(error: DataError) {
    let words = error.description
    #expect(words.hasPrefix("f") || words.contains(" f "))
    // What is wrong, and then what to do: two sentences, or one and a command to run.
    #expect(words.contains(". ") && (words.hasSuffix(".") || words.contains("Run: hustings ")), "\(words)")
    #expect(!words.contains("\n"))
  }

  @Test(arguments: errors)
  func foundationSaysTheSameSentence(error: DataError) {
    #expect(error.errorDescription == error.description)
    #expect((error as any Error).localizedDescription == error.description)
  }

  @Test func theSentencesThatNoFileHereProvokes() {
    let line = Place(file: "rows.jsonl", line: 4)
    #expect(
      DataError.lines(at: line, fault: .tooLong(limit: 1024)).description
        == "rows.jsonl:4 is longer than 1024 bytes. Check that the file holds one record a line.")
    #expect(
      DataError.tensors(file: "w.npy", fault: .wrongShape(tensor: "", found: [2, 3], expected: "[rows, 4]"))
        .description
        == "w.npy gives its array the shape [2, 3], but it must be [rows, 4]. Check that this is the right file."
    )
    #expect(
      DataError.unreadable(file: "a.csv", reason: "Permission denied").description
        == "a.csv cannot be read: Permission denied. Check the path and its permissions.")
  }

  @Test func placesAreWrittenAsEditorsReadThem() {
    #expect("\(Place(file: "a.csv"))" == "a.csv")
    #expect("\(Place(file: "a.csv", line: 3))" == "a.csv:3")
    #expect("\(Place(file: "a.csv", line: 3, column: 7))" == "a.csv:3:7")
    #expect("\(Place(file: "a.csv", column: 7))" == "a.csv")
  }
}

/// What comes through a pipe is read like a file, a byte at a time if need be.
@Suite struct PipeTests {
  @Test(arguments: [false, true])
  func aPipeIsReadLikeAFile(isCompressed: Bool) throws {
    let text = Array("{\"id\":1}\n{\"id\":2}\n".utf8)
    let pipe = Pipe()
    let bytes = Data(isCompressed ? Gzip.compress(text) : text)
    let writer = Thread {
      for byte in bytes { pipe.fileHandleForWriting.write(Data([byte])) }
      try? pipe.fileHandleForWriting.close()
    }
    writer.start()
    let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    #expect(try JSONLines.map(path) { try $0.integer("id") } == [1, 2])
  }
}
