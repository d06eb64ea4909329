import ArgumentParser
import Foundation
import Hustings
import HustingsData
import HustingsHTTP
import HustingsReports

/// `hustings data fetch`
struct DataFetch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Fetch data sets from their sources; go on where an earlier fetch stopped.",
    discussion: """
      Every file is checked against its manifest before it gets its name; a broken or wrong download leaves nothing under it. Files
      made from pages of rows have no digest upstream: the first fetch pins one, and later fetches are held to it.
      """)

  @Argument(help: "The data sets to fetch.")
  var names: [String]

  @Option(name: .long, help: "The data set server that gives pages of rows, or a mirror of it.")
  var rowsServer = "https://datasets-server.huggingface.co"

  @OptionGroup var options: ManifestOptions

  func run() async throws {
    let root = try options.root()
    let client = HTTPClient(ClientSettings(trust: Trust(environment: ProcessInfo.processInfo.environment)))
    defer { client.shutDown() }
    for manifest in try options.chosen(names) {
      let folder = root.benchmark(manifest.name)
      Terminal.note("\(manifest.name): \(manifest.title), \(manifest.licence)")
      if let notes = manifest.notes { Terminal.note(notes) }
      for file in manifest.files { try await fetch(file, to: folder, client) }
      for rows in manifest.rows {
        let pins = try PinnedDigests.read(in: folder)
        let pages = RowPages(
          source: rows, folder: folder, server: rowsServer, pin: rows.sha256 ?? pins[rows.path])
        let digest = try await pages.fetch(client) { done in
          Terminal.progress("\(rows.path)  \(Format.grouped(done)) of \(Format.grouped(rows.items)) rows")
        }
        Terminal.endProgress()
        if rows.sha256 == nil, pins[rows.path] == nil {
          try PinnedDigests.write(pins.merging([rows.path: digest]) { $1 }, in: folder)
          Terminal.note("\(rows.path): pinned at \(digest.short)")
        }
        Terminal.note("\(rows.path): \(Format.grouped(rows.items)) rows")
      }
    }
  }

  private func fetch(_ file: Manifest.FileSource, to folder: BenchmarkFolder, _ client: HTTPClient)
    async throws
  {
    let destination = URL(fileURLWithPath: "\(folder.path)/\(file.path)")
    try FileManager.default.createDirectory(
      at: destination.deletingLastPathComponent(), withIntermediateDirectories: true)
    let outcome = try await client.download(
      Download(
        Address(file.url), to: destination, length: Int64(file.bytes),
        digest: Download.Digest(file.sha256.hex) { try Digest(ofFile: $0.path).hex }),
      progress: { progress in
        Terminal.progress(
          "\(file.path)  \(Format.grouped(Int(progress.received))) of \(Format.grouped(file.bytes)) bytes")
      })
    Terminal.endProgress()
    switch outcome {
    case .alreadyThere: Terminal.note("\(file.path): there already, and right")
    case .fetched(let length, let resumedAt):
      let resumed = resumedAt > 0 ? ", \(Format.grouped(Int(resumedAt))) of them from an earlier fetch" : ""
      Terminal.note("\(file.path): \(Format.grouped(Int(length))) bytes\(resumed)")
    }
  }
}

/// A file of JSON lines made from pages of a data set server, a hundred rows at a time.
///
/// Whole pages are kept in `NAME.part`, so that an interrupted fetch goes on with the next page. The file gets its name when it
/// has every row and its digest is the pinned one, if there is one.
struct RowPages {
  let source: Manifest.RowsSource
  let folder: BenchmarkFolder
  let server: String
  let pin: Digest?

  func fetch(_ client: HTTPClient, progress: (Int) -> Void) async throws -> Digest {
    let path = "\(folder.path)/\(source.path)"
    if folder.has(source.path) {
      let digest = try Digest(ofFile: path)
      guard let pin, pin != digest else { return digest }
      throw RowPagesFault.wrongDigest(file: path, found: digest, expected: pin)
    }
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    let part = "\(path).part"
    var lines = try kept(part)
    for offset in source.offsets where offset >= lines.count {
      lines += try await page(offset, client)
      try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: part)
      progress(lines.count)
    }
    guard lines.count == source.items else {
      throw RowPagesFault.wrongCount(file: part, found: lines.count, expected: source.items)
    }
    let digest = try Digest(ofFile: part)
    if let pin, pin != digest {
      try? FileManager.default.removeItem(atPath: part)
      throw RowPagesFault.wrongDigest(file: path, found: digest, expected: pin)
    }
    try FileManager.default.moveItem(atPath: part, toPath: path)
    return digest
  }

  /// The rows of the whole pages that an earlier fetch left.
  private func kept(_ part: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: part) else { return [] }
    let lines = try FileBytes(text: part).string.split(separator: "\n").map(String.init)
    return Array(lines.prefix(lines.count / Manifest.RowsSource.pageSize * Manifest.RowsSource.pageSize))
  }

  private func page(_ offset: Int, _ client: HTTPClient) async throws -> [String] {
    let address = source.pageURL(offset: offset, server: server)
    let file = URL(fileURLWithPath: "\(folder.path)/\(source.path).page")
    try? FileManager.default.removeItem(at: file)
    defer { try? FileManager.default.removeItem(at: file) }
    _ = try await client.download(Download(Address(address), to: file))
    let root = try JSONNode.read(file.path)
    let rows = try root.array("rows").map { try $0.node("row").value.text() }
    let expected = min(Manifest.RowsSource.pageSize, source.items - offset)
    guard rows.count == expected else {
      throw RowPagesFault.shortPage(address: address, found: rows.count, expected: expected)
    }
    return rows
  }
}

/// What can be wrong with a file made from pages.
enum RowPagesFault: Error, CustomStringConvertible {
  case shortPage(address: String, found: Int, expected: Int)
  case wrongCount(file: String, found: Int, expected: Int)
  case wrongDigest(file: String, found: Digest, expected: Digest)

  var description: String {
    switch self {
    case .shortPage(let address, let found, let expected):
      "\(address) gave \(found) rows where \(expected) were due. Fetch again later; the pages before it are kept."
    case .wrongCount(let file, let found, let expected):
      "\(file) has \(found) rows where the manifest says \(expected). Remove it and fetch again."
    case .wrongDigest(let file, let found, let expected):
      "\(file) came out as \(found.short), and \(expected.short) was pinned: the source has changed. "
        + "Keep the old file, or remove \(PinnedDigests.file) beside it to pin the new one."
    }
  }
}
