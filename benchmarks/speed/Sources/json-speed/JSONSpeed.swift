import HustingsData

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Reads a file of preference pairs twice, in one of three ways, and prints the processor seconds of the second time
/// and a checksum of what was read.
@main
struct JSONSpeed {
  /// A record as a reader of a known data set would keep it.
  struct Pair {
    var prompt: [(role: String, content: String)] = []
    var chosen = ""
    var rejected = ""
    var margin = 0.0
    var votes: [Int] = []
  }

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let read = ways[arguments[1]] else {
      print("usage: json-speed tree|cursor|skip FILE")
      return
    }
    _ = try read(arguments[2])
    let start = clock()
    let checksum = try read(arguments[2])
    print(Double(clock() - start) / Double(CLOCKS_PER_SEC), checksum)
  }

  static let ways: [String: @Sendable (String) throws -> Int] = [
    "tree": { path in
      var lines = try JSONLines(path)
      var checksum = 0
      while let row = try lines.next() {
        for vote in try row.array("votes") { checksum += try vote.integer() }
      }
      return checksum
    },
    "cursor": { path in
      var lines = try JSONLines(path)
      var checksum = 0
      while let pair = try lines.next(with: { try pair(&$0) }) { checksum += pair.votes.reduce(0, +) }
      return checksum
    },
    "skip": { path in
      var lines = try JSONLines(path)
      var count = 0
      while try lines.next(with: { try $0.skip() }) != nil { count += 1 }
      return count
    },
  ]

  static func pair(_ cursor: inout JSONCursor) throws -> Pair {
    var pair = Pair()
    try cursor.object { key, cursor in
      switch key {
      case "prompt": try cursor.array { pair.prompt.append(try turn(&$0)) }
      case "chosen": pair.chosen = try cursor.string()
      case "rejected": pair.rejected = try cursor.string()
      case "margin": pair.margin = try cursor.double()
      case "votes": try cursor.array { pair.votes.append(try $0.integer()) }
      default: break
      }
    }
    return pair
  }

  static func turn(_ cursor: inout JSONCursor) throws -> (role: String, content: String) {
    var role = ""
    var content = ""
    try cursor.object { key, cursor in
      switch key {
      case "role": role = try cursor.string()
      case "content": content = try cursor.string()
      default: break
      }
    }
    return (role, content)
  }
}
