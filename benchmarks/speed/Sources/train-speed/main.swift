import Foundation
import Hustings
import HustingsNumerics
import HustingsTraining

// Training steps per second of every head, one JSON line each, in the form of train_pytorch.py, which it is compared with.

func argument(_ name: String, _ fallback: Int) -> Int {
  let words = CommandLine.arguments
  guard let place = words.firstIndex(of: "--\(name)"), place + 1 < words.count else { return fallback }
  return Int(words[place + 1]) ?? fallback
}

func words(_ name: String, _ fallback: String) -> [String] {
  let words = CommandLine.arguments
  guard let place = words.firstIndex(of: "--\(name)"), place + 1 < words.count else {
    return fallback.split(separator: ",").map(String.init)
  }
  return words[place + 1].split(separator: ",").map(String.init)
}

/// Seconds by the clock on the wall, or with `--clock cpu` those that processors spent on this process, which other work on
/// a busy machine does not stretch; for one thread only.
let usesProcessorTime = words("clock", "wall") == ["cpu"]

func now() -> Double {
  var time = timespec()
  clock_gettime(usesProcessorTime ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

let pairs = argument("pairs", 32_000)
let width = argument("width", 1024)
let threads = argument("threads", 1)
let batch = 512

var features = [Float](repeating: 0, count: 2 * pairs * width)
var state: UInt64 = 1
for index in features.indices {
  state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
  // Sums of four uniform numbers, nearly normal, with variance 1.
  var sum: Float = 0
  for shift in [0, 16, 32, 48] { sum += Float((state >> UInt64(shift)) & 0xFFFF) / 65_536 - 0.5 }
  features[index] = sum * 1.732
}
let data = try EncodedDataset(
  features: FeatureMatrix(count: 2 * pairs, denseWidth: width, dense: features),
  pairs: (0..<pairs).map { EncodedPair(chosen: $0, rejected: pairs + $0, prompt: $0) })
features = []

let heads: [String: (ModelSettings, Double)] = [
  "bt-linear": (ModelSettings(.bradleyTerry), 1),
  "gpm-linear": (
    ModelSettings(.general(GeneralSettings(dimension: 8, normalises: true, start: .random))), 0.1
  ),
  "bt-mlp": (ModelSettings(.bradleyTerry, hidden: [256]), 1),
  "gpm-mlp": (
    ModelSettings(.general(GeneralSettings(dimension: 8, normalises: true, start: .random)), hidden: [256]),
    0.1
  ),
  "pairpm": (ModelSettings(.pairwise(PairwiseSettings(order: .both)), hidden: [256]), 1),
]
for name in words("heads", "bt-linear,gpm-linear,bt-mlp,gpm-mlp,pairpm") {
  guard let (model, temperature) = heads[name] else { continue }
  let steps = StepSettings(
    rate: 1e-3, schedule: Schedule(.constant), epochs: 1, batch: batch, decay: 0.01, clip: nil)
  let trainer = try Trainer(
    model: model,
    settings: TrainingSettings(loss: PairLoss(temperature: temperature), method: .steps(steps)), data: data,
    workers: threads)
  var best = 0.0
  for _ in 0..<argument("rounds", 5) {
    let start = now()
    _ = try trainer.run()
    best = max(best, Double((pairs + batch - 1) / batch) / (now() - start))
  }
  print(#"{"head": "\#(name)", "threads": \#(threads), "steps_per_second": \#(best)}"#)
}
