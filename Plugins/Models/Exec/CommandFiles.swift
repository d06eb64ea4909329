import Foundation
import Hustings
import HustingsData

/// The files that a command names, such as the script it runs, so that an edited script is another model.
enum CommandFiles {
  /// Larger files are left to what the command says of itself: nobody wants gigabytes read at every start.
  private static let largest = 16 << 20

  /// The digest of every regular file among the words of a command, in the order of the words.
  static func digests(in command: String) -> [Digest] {
    let marks = CharacterSet(charactersIn: "\"'`()|&;<>=").union(.whitespacesAndNewlines)
    return command.components(separatedBy: marks).compactMap { word in
      guard !word.isEmpty, let attributes = try? FileManager.default.attributesOfItem(atPath: word),
        attributes[.type] as? FileAttributeType == .typeRegular,
        let size = attributes[.size] as? Int, size <= largest,
        let bytes = try? FileBytes(binary: word).bytes
      else { return nil }
      var hash = SHA256()
      bytes.withUnsafeBytes { hash.update($0) }
      return hash.finalize()
    }
  }
}
