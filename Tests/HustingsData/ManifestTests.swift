import Foundation
import Hustings
import HustingsData
import Testing

@Suite struct ManifestTests {
  let digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  // sha256sum of "hello"
  var text: String {
    """
    {
      "name": "llm-bar_2.0", "version": "1", "title": "LLMBar",
      "source": ["https://example.org/llmbar"],
      "commit": "900616b", "licence": "MIT", "citation": "Zeng et al. 2024", "notes": "Small.",
      "files": [
        {"path": "pairs/natural.json", "url": "https://example.org/natural.json",
         "sha256": "\(digest)", "bytes": 5}
      ],
      "rows": [
        {"path": "rows.jsonl", "dataset": "org/na me", "config": "default", "split": "test", "items": 250}
      ]
    }
    """
  }

  func manifest(_ text: String) throws -> Manifest { try Manifest(JSONNode.parse(text, name: "m.json")) }

  func complaint(_ old: String, _ new: String) -> String {
    sentence { _ = try manifest(text.replacingOccurrences(of: old, with: new)) }
  }

  @Test func everyFieldIsRead() throws {
    let manifest = try manifest(text)
    #expect(manifest.name == "llm-bar_2.0")
    #expect(manifest.licence == "MIT")
    #expect(manifest.commit == "900616b")
    #expect(manifest.files.map(\.bytes) == [5])
    #expect(manifest.files.map(\.sha256.hex) == [digest])
    #expect(manifest.rows.map(\.items) == [250])
    #expect(manifest.paths == ["pairs/natural.json", "rows.jsonl"])
  }

  @Test func whatIsWrittenReadsBackTheSame() throws {
    let manifest = try manifest(text)
    #expect(try self.manifest(try manifest.json.text(.pretty)) == manifest)
  }

  @Test func pagesOfRowsCoverEveryRowOnce() throws {
    let rows = try #require(try manifest(text).rows.first)
    #expect(rows.offsets == [0, 100, 200])
    #expect(
      rows.pageURL(offset: 200)
        == "https://datasets-server.huggingface.co/rows?dataset=org%2Fna%20me&config=default&split=test&offset=200&length=50"
    )
  }

  @Test func everyFaultIsNamedWithItsLine() {
    let path = "pairs/natural.json"
    for unsafe in ["/etc/passwd", "../up.json", "a/../b", "a//b", "", ".hidden", "a\\\\b", "a/."] {
      #expect(
        complaint("\"\(path)\"", "\"\(unsafe)\"").contains("m.json:6: 'files[0].path' is '"), "\(unsafe)")
    }
    #expect(
      complaint("\"path\": \"rows.jsonl\"", "\"path\": \"\(path)\"")
        == "m.json:5: 'files' is a list with 'pairs/natural.json' twice, but must be without repetition. Correct it."
    )
    #expect(
      complaint(digest, "abc")
        == "m.json:7: 'files[0].sha256' is 'abc', but must be 64 hexadecimal digits. Correct it.")
    #expect(
      complaint("\"bytes\": 5", "\"bytes\": 0")
        == "m.json:7: 'files[0].bytes' is 0, but must be a positive number. Correct it.")
    #expect(
      complaint("llm-bar_2.0", "../x")
        == "m.json:2: 'name' is '../x', but must be lower-case letters, digits, '-', '_' and '.'. Correct it."
    )
    #expect(
      complaint("licence", "license")
        == "m.json:4: 'license' means nothing here. Did you mean 'licence'? Remove it or correct its spelling."
    )
    #expect(complaint("\"title\": \"LLMBar\"", "\"title\": \"\"").contains("m.json:2: 'title' is empty"))
    #expect(
      complaint("https://example.org/llmbar", "ftp://example.org")
        == "m.json:3: 'source[0]' is 'ftp://example.org', but must be an address that begins with https:// or http://. "
        + "Correct it.")
    #expect(
      sentence { _ = try manifest(#"{"name":"a","version":"1","title":"A","source":[],"licence":"MIT"}"#) }
        == "m.json:1: 'files' is empty, but must be at least one file, here or under 'rows'. Correct it.")
  }

  @Test func everyStateOfAFileIsFound() throws {
    let manifest = try manifest(text)
    let scratch = try Scratch()
    let folder = BenchmarkFolder(name: manifest.name, path: scratch.path)
    func states(_ pins: [String: Digest] = [:]) throws -> [Manifest.FileState] {
      try manifest.verify(folder, pins: pins).map(\.state)
    }
    #expect(try states() == [.missing, .missing])
    try FileManager.default.createDirectory(
      atPath: "\(scratch.path)/pairs", withIntermediateDirectories: true)
    _ = try scratch.file("pairs/natural.json", "hell")
    _ = try scratch.file("rows.jsonl", "{}\n{}\n")
    #expect(try states() == [.wrongSize(found: 4, expected: 5), .wrongCount(found: 2, expected: 250)])
    _ = try scratch.file("pairs/natural.json", "jello")
    let found = SHA256.digest("jello")
    let expected = try #require(Digest(hex: digest))
    #expect(try states()[0] == .wrongDigest(found: found, expected: expected))
    _ = try scratch.file("pairs/natural.json", "hello")
    _ = try scratch.file("rows.jsonl", String(repeating: "{}\n", count: 250))
    #expect(try states() == [.ok, .ok])

    let pin = try Digest(ofFile: "\(scratch.path)/rows.jsonl")
    #expect(try states(["rows.jsonl": pin]) == [.ok, .ok])
    #expect(try states(["rows.jsonl": expected])[1] == .wrongDigest(found: pin, expected: expected))
    #expect("\(try manifest.verify(folder)[0])" == "pairs/natural.json: ok")
  }

  @Test func pinnedDigestsReadBackTheSame() throws {
    let scratch = try Scratch()
    let folder = BenchmarkFolder(name: "a", path: scratch.path)
    #expect(try PinnedDigests.read(in: folder) == [:])
    let pins = ["b.jsonl": SHA256.digest("b"), "a.jsonl": SHA256.digest("a")]
    try PinnedDigests.write(pins, in: folder)
    #expect(try PinnedDigests.read(in: folder) == pins)
  }

  /// `sha256sum` of a file of one million letters a (FIPS 180-2, appendix B.3).
  @Test func theDigestOfAFileIsThatOfItsBytes() throws {
    let scratch = try Scratch()
    let path = try scratch.file("a", [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
    #expect(
      try Digest(ofFile: path).hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
