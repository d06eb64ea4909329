import EncoderPlugins
import Foundation
import Hustings

// Fits the hashed encoder on the texts of a file, one a line with \n and \\ escaped, and encodes them: once for every line
// read from standard input, so that the caller can take turns with another program. Prints seconds and stored values.
//
// encode-speed FILE WORDS CHARACTERS SURFACE WORKERS, as in: encode-speed texts.txt 2 3-5 no 1

let arguments = CommandLine.arguments
let settings = try HashedSettings([
  "words": arguments[2], "characters": arguments[3], "bits": "18", "surface": arguments[4],
])
let passages = try String(contentsOfFile: arguments[1], encoding: .utf8)
  .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
  .map { line in
    Passage(
      Prompt("What do you think?"),
      Response(line.replacingOccurrences(of: "\\n", with: "\n").replacingOccurrences(of: "\\\\", with: "\\")))
  }
while readLine() != nil {
  let clock = ContinuousClock()
  let start = clock.now
  let (_, rows) = try HashedEncoder.fitting(settings, on: passages, workers: Int(arguments[5]))
  let elapsed = start.duration(to: clock.now).components
  print(Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18, rows.sparse?.values.count ?? 0)
  fflush(nil)
}
