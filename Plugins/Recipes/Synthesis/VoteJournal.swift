import Foundation
public import Hustings
public import HustingsData

/// The votes of a synthesis as they come in, in a file beside the result, so that an interrupted synthesis goes on.
///
/// The first line names the synthesis, each further one holds a pair's position and votes. A last line that was cut off is
/// left out and asked again.
public struct VoteJournal {
  private let path: String
  private let identity: Digest
  /// Votes that are known, by the pair's position.
  public private(set) var votes: [Int: VoteCount] = [:]

  /// The journal of a synthesis beside the file `out`; throws when it is of another one.
  public init(beside out: String, identity: Digest) throws {
    path = "\(out).partial"
    self.identity = identity
    guard FileManager.default.fileExists(atPath: path) else { return }
    let lines = try FileBytes(binary: path).bytes.split(separator: UInt8(ascii: "\n"))
    guard lines.first.map({ String(decoding: $0, as: UTF8.self) }) == identity.hex else {
      throw SynthesisError.otherJournal(file: path)
    }
    for line in lines.dropFirst() {
      let fields = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
      guard fields.count == 4, fields[3] == "end", let place = Int(fields[0]), let valid = Int(fields[2]),
        let chosen = Double(fields[1]), valid >= 0, chosen >= 0, chosen <= Double(valid)
      else { continue }
      votes[place] = VoteCount(chosen: chosen, valid: valid)
    }
  }

  /// Adds votes by position; they are on disk when this returns.
  public mutating func add(_ more: [(place: Int, votes: VoteCount)]) throws {
    var text = ""
    if !FileManager.default.fileExists(atPath: path) {
      text = identity.hex + "\n"
      guard FileManager.default.createFile(atPath: path, contents: nil) else {
        throw DataError.unwritable(file: path, reason: "it cannot be made")
      }
    } else {
      // Behind a line that was cut off.
      text = "\n"
    }
    for (place, count) in more {
      text += "\(place) \(count.chosen) \(count.valid) end\n"
      votes[place] = count
    }
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw DataError.unwritable(file: path, reason: "it cannot be opened")
    }
    do {
      try file.seekToEnd()
      try file.write(contentsOf: Data(text.utf8))
      try file.synchronize()
      try file.close()
    } catch {
      throw DataError.unwritable(file: path, reason: "\(error.localizedDescription)")
    }
  }

  /// Removes the journal when the result is written.
  public func remove() throws {
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
  }
}

extension PreferencePair {
  /// The pair with votes as one line of a file: what `PreferencePair.json` says, the margin |2v - 1| that votes demand, and
  /// 2v - 1 with its sign, which is negative where votes oppose the label. Without a valid vote there is neither.
  public func line(of votes: VoteCount, by estimator: VoteEstimator) -> JSONValue {
    guard case .object(var object) = with(votes: votes).json else { return .null }
    if votes.valid > 0 {
      let lead = (2 * votes.chosen - Double(votes.valid)) / Double(votes.valid)
      object["margin"] = .double(abs(lead))
      object["signed_margin"] = .double(lead)
    }
    object["estimator"] = .string(estimator.rawValue)
    return .object(object)
  }
}
