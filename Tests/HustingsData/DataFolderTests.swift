import HustingsData
import Testing

@Suite struct DataFolderTests {
  typealias Case = (
    explicit: String?, environment: [String: String], platform: DataFolder.Platform, path: String
  )

  @Test(
    arguments: [
      ("/given", ["HUSTINGS_DATA": "/set", "HOME": "/home/u"], .linux, "/given"),
      (nil, ["HUSTINGS_DATA": "/set", "XDG_CACHE_HOME": "/cache", "HOME": "/home/u"], .linux, "/set"),
      (nil, ["XDG_CACHE_HOME": "/cache", "HOME": "/home/u"], .linux, "/cache/hustings"),
      (nil, ["XDG_CACHE_HOME": "/cache/"], .linux, "/cache/hustings"),
      (nil, ["XDG_CACHE_HOME": "relative", "HOME": "/home/u"], .linux, "/home/u/.cache/hustings"),
      (
        "", ["HUSTINGS_DATA": "", "XDG_CACHE_HOME": "", "HOME": "/home/u"], .linux, "/home/u/.cache/hustings"
      ),
      (nil, ["XDG_CACHE_HOME": "/cache", "HOME": "/Users/u"], .macOS, "/Users/u/Library/Caches/hustings"),
    ] as [Case])
  func theRootIsTheFirstThatIsNamed(_ example: Case) throws {
    let folder = try DataFolder.resolve(
      explicit: example.explicit, environment: example.environment, platform: example.platform)
    #expect(folder.path == example.path)
  }

  @Test func withoutAnyNameTheMoveIsToPassOne() {
    #expect(
      sentence { _ = try DataFolder.resolve(explicit: nil, environment: [:]) }
        == "No data folder is known: neither HUSTINGS_DATA nor HOME is set. Pass --data FOLDER.")
  }

  @Test func whatIsMissingIsNamedWithTheCommandThatFetchesIt() throws {
    let scratch = try Scratch()
    let folder = DataFolder(path: scratch.path).benchmark("judgebench")
    let path = folder.path
    #expect(
      sentence { _ = try folder.file("pairs.jsonl") }
        == "There is no folder \(path). Run: hustings data fetch judgebench")

    let inner = try Scratch()
    let present = BenchmarkFolder(name: "judgebench", path: inner.path)
    let innerPath = inner.path
    #expect(
      sentence { _ = try present.file("pairs.jsonl") }
        == "The folder \(innerPath) has no file pairs.jsonl. Run: hustings data fetch judgebench")
    _ = try inner.file("pairs.jsonl", "{}")
    #expect(try present.file("pairs.jsonl") == "\(innerPath)/pairs.jsonl")
    #expect(present.has("pairs.jsonl"))
    #expect(!present.has("other.jsonl"))

    let file = try inner.file("plain", "x")
    #expect(
      sentence { _ = try BenchmarkFolder(name: "plain", path: file).file("a") }
        == "\(file) is not a folder. Pass --data with the folder that holds the benchmarks, or set HUSTINGS_DATA to it."
    )
  }
}
