import Foundation
import HustingsData
import HustingsReports

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A folder of pages that appears whole or not at all.
///
/// The pages are written to a hidden folder beside it, which then takes the name; an older report is exchanged in the same step
/// and removed afterwards. A folder that holds anything else is never touched.
struct SiteFolder {
  /// The file by which a folder is known to be a report, so that another report may take its place.
  static let mark = ".hustings-report"

  /// The folder, without a slash at its end.
  let path: String

  init(_ path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// How much was written.
  struct Size {
    var pages = 0
    var bytes = 0
    var largest = 0
  }

  /// Writes every page of a site.
  func write(_ site: Site) throws -> Size {
    let isNew = try isFree()
    let files = FileManager.default
    let url = URL(fileURLWithPath: path)
    let temporary = url.deletingLastPathComponent().appendingPathComponent(
      ".\(url.lastPathComponent)-\(UUID().uuidString)")
    do {
      try files.createDirectory(at: temporary, withIntermediateDirectories: true)
      let size = try fill(temporary, site)
      if isNew {
        try settle(temporary)
      } else {
        try exchange(temporary)
        try? files.removeItem(at: temporary)
      }
      return size
    } catch {
      try? files.removeItem(at: temporary)
      if error is InvalidRequest || error is DataError { throw error }
      throw InvalidRequest("The report cannot be written to \(path): \(error.localizedDescription)")
    }
  }

  /// Whether nothing has the name yet.
  ///
  /// - Throws: when something has it that is no report.
  private func isFree() throws -> Bool {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    guard files.fileExists(atPath: path, isDirectory: &isFolder) else { return true }
    guard isFolder.boolValue else {
      throw InvalidRequest(
        "\(path) is a file. Name a folder that is new, empty or holds a report: --out site")
    }
    let names = (try? files.contentsOfDirectory(atPath: path)) ?? []
    guard names.isEmpty || names.contains(SiteFolder.mark) else {
      throw InvalidRequest(
        "\(path) holds \(names.count) things that are no report, and a report takes a whole folder. Name another one, such as "
          + "--out \(path)/report")
    }
    return false
  }

  private func fill(_ folder: URL, _ site: Site) throws -> Size {
    let paths = site.paths
    for name in Set(paths.compactMap { $0.split(separator: "/").dropLast().first }) {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(String(name)), withIntermediateDirectories: true)
    }
    let sizes = try Parallel.map(paths) { path in
      let bytes = site.bytes(at: path) ?? []
      try Data(bytes).write(to: folder.appendingPathComponent(path))
      return bytes.count
    }
    try Data("A report made by hustings; another report may replace this folder.\n".utf8).write(
      to: folder.appendingPathComponent(SiteFolder.mark))
    return Size(pages: sizes.count, bytes: sizes.reduce(0, +), largest: sizes.max() ?? 0)
  }

  private func settle(_ folder: URL) throws {
    guard rename(folder.path, path) == 0 else { throw failure() }
  }

  /// Two folders change names in one step where the system can, else in two.
  private func exchange(_ folder: URL) throws {
    #if canImport(Darwin)
      guard renamex_np(folder.path, path, UInt32(RENAME_SWAP)) == 0 else { throw failure() }
    #else
      if SiteFolder.swap(folder.path, path) { return }
      let old = folder.path + "-old"
      guard rename(path, old) == 0 else { throw failure() }
      guard rename(folder.path, path) == 0 else {
        let reason = failure()
        _ = rename(old, path)
        throw reason
      }
      _ = rename(old, folder.path)
    #endif
  }

  #if !canImport(Darwin)
    /// `renameat2` with `RENAME_EXCHANGE`, which glibc's module does not show; false where it is missing or the file system
    /// cannot do it.
    private static func swap(_ one: String, _ other: String) -> Bool {
      typealias Rename =
        @convention(c) (
          Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
        ) -> Int32
      guard let symbol = dlsym(nil, "renameat2") else { return false }
      return unsafeBitCast(symbol, to: Rename.self)(AT_FDCWD, one, AT_FDCWD, other, 2) == 0
    }
  #endif

  private func failure() -> InvalidRequest {
    InvalidRequest("The report cannot be written to \(path): \(String(cString: strerror(errno))).")
  }
}
