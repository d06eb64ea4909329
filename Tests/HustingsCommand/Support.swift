import Foundation
import Testing

/// The executable as a user runs it, in a folder of its own.
struct Workbench {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("hustings-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Writes a file, with its folders.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Data(text.utf8))
  }

  @discardableResult
  func write(_ name: String, _ data: Data) throws -> String {
    let url = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
    return url.path
  }

  func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  func data(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() }

  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The executable beside the tests, wherever the build puts it.
  static let executable: URL = {
    let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("hustings")
    if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
    return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(".build/debug/hustings")
  }()

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// Runs `hustings` with some arguments in the folder.
  func hustings(_ arguments: String..., environment: [String: String] = [:]) throws -> Result {
    try hustings(arguments, environment: environment)
  }

  private func process(_ arguments: [String], _ environment: [String: String] = [:]) -> Process {
    let process = Process()
    process.executableURL = Workbench.executable
    process.currentDirectoryURL = folder
    process.arguments = arguments
    var variables = ProcessInfo.processInfo.environment
    variables["HUSTINGS_DATA"] = path("data")
    process.environment = variables.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    return process
  }

  /// Runs `hustings` and presses Ctrl-C when it has said a word on standard error; returns how it ended.
  func interrupted(_ arguments: [String], after word: String) throws -> Int32 {
    let process = process(arguments)
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    var said = ""
    var isAsked = false
    while true {
      let more = pipe.fileHandleForReading.availableData
      if more.isEmpty { break }
      said += String(decoding: more, as: UTF8.self)
      if !isAsked, said.contains(word) {
        isAsked = true
        process.interrupt()
      }
    }
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Runs `hustings` with some arguments in the folder.
  func hustings(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
    let process = process(arguments, environment)
    // Files, not pipes: a pipe that nobody empties would stop a long answer.
    let (out, err) = (path(".stdout"), path(".stderr"))
    for file in [out, err] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: out)
    process.standardError = FileHandle(forWritingAtPath: err)
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: try String(contentsOfFile: out, encoding: .utf8),
      errors: try String(contentsOfFile: err, encoding: .utf8))
  }

  /// Forty pairs with two recorded models: `sure` is right on all but four, `guess` on every second.
  func writePairs(count: Int = 40) throws {
    let lines = (0..<count).map {
      "{\"id\": \"q\($0)\", \"prompt\": \"Question \($0)?\", \"chosen\": \"right \($0)\", \"rejected\": \"wrong, \($0)\", "
        + "\"subset\": \"\($0 < count / 2 ? "first" : "second")\"}"
    }
    try write("pairs.jsonl", lines.joined(separator: "\n") + "\n")
    var csv = "item,response,reward,model\n"
    for number in 0..<count {
      let (sure, guess) = (number % 10 == 0 ? -1 : 1, number % 2 == 0 ? 0.5 : -0.5)
      csv += "q\(number),chosen,\(sure),sure\nq\(number),rejected,0,sure\n"
      csv += "q\(number),chosen,\(guess),guess\nq\(number),rejected,0,guess\n"
    }
    try write("scores.csv", csv)
  }
}
