import Foundation
import HustingsData

/// The names in a folder, in order, so that files are found by their form and not by a list.
package enum FolderListing {
  /// Names of what lies in `folder`, sorted; none when there is no such folder.
  package static func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }
      .sorted()
  }

  /// The files of `folder` that begin and end so, with what lies between.
  package static func files(
    _ folder: String, prefix: String = "", suffix: String
  ) -> [(path: String, stem: String)] {
    names(folder).compactMap { name in
      guard name.hasPrefix(prefix), name.hasSuffix(suffix), name.count >= prefix.count + suffix.count else {
        return nil
      }
      return ("\(folder)/\(name)", String(name.dropFirst(prefix.count).dropLast(suffix.count)))
    }
  }

  /// The only file of `folder` that begins and ends so.
  ///
  /// - Parameter usage: how a user names such a file on the command line, where nothing fetches the folder.
  package static func file(
    _ folder: String, prefix: String, suffix: String, usage: String? = nil
  ) throws -> String {
    let found = files(folder, prefix: prefix, suffix: suffix)
    guard let first = found.first, found.count == 1 else {
      if let usage {
        throw BenchmarkError.noStandardFile(
          "\(prefix)*\(suffix)", folder: folder, found: found.count, usage: usage)
      }
      throw DataError.folder(
        .missingFile(
          benchmark: folder.split(separator: "/").last.map(String.init) ?? folder, folder: folder,
          file: "\(prefix)*\(suffix)"))
    }
    return first.path
  }
}
