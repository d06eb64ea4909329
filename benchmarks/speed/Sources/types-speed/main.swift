// One side of annotator_types.py: EM over annotators read from a folder of raw arrays, timed per iteration.

import Foundation
import Hustings
import HustingsTraining

let arguments = CommandLine.arguments
guard arguments.count == 8, let annotators = Int(arguments[2]), let votes = Int(arguments[3]),
  let prompts = Int(arguments[4]), let width = Int(arguments[5]), let types = Int(arguments[6]),
  let iterations = Int(arguments[7])
else {
  print("types-speed FOLDER ANNOTATORS VOTES PROMPTS WIDTH TYPES ITERATIONS")
  exit(64)
}

func array<T>(_ name: String, of type: T.Type) throws -> [T] {
  let data = try Data(contentsOf: URL(fileURLWithPath: "\(arguments[1])/\(name)"))
  return data.withUnsafeBytes { Array($0.bindMemory(to: T.self)) }
}

let responses = 4
var builder = VotePanelBuilder()
for prompt in 0..<prompts {
  let menu = builder.menu(Prompt("\(prompt)"))
  for response in 0..<responses { _ = builder.response(Response("\(prompt) \(response)"), to: menu) }
}
let winners = try array("winners", of: Int32.self)
let losers = try array("losers", of: Int32.self)
let first = try Vote.best(0, of: 2)
for annotator in 0..<annotators {
  let number = try builder.annotator("\(annotator)")
  for vote in annotator * votes..<(annotator + 1) * votes {
    let (winner, loser) = (Int(winners[vote]), Int(losers[vote]))
    try builder.add(
      first, on: [winner % responses, loser % responses], of: winner / responses, by: number)
  }
}
let panel = try builder.build()
let features = FeatureMatrix(
  count: panel.rowCount, denseWidth: width, dense: try array("features", of: Float.self))
let start = try array("start", of: Double.self)
let settings = TypeSettings(
  types: types, iterations: iterations, tolerance: 0, ridge: 1, steps: 50, precision: 1e-5)
let search = try TypeSearch(
  panel, LinearScores(features), settings, workers: ProcessInfo.processInfo.activeProcessorCount)
let clock = ContinuousClock()
var mixture: TypeMixture?
let spent = try clock.measure { mixture = try search.run(from: .given(start)) }
let seconds = Double(spent.components.seconds) + Double(spent.components.attoseconds) * 1e-18
let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }.map { $0.filter(\.isNumber) } ?? "0"
print(
  seconds / Double(iterations), mixture?.logLikelihood ?? 0, panel.patterns.count,
  (Double(peak) ?? 0) / 1024)
