import Foundation
import Hustings
import HustingsNumerics
import HustingsTraining

// Training steps per second of every head, one JSON line each, in the form of train_pytorch.py, which it is compared with;
// with `--score`, how long scoring a million pairs of stored embeddings takes, beside how long memory takes to read them.

func words(_ name: String, _ fallback: String) -> [String] {
  let words = CommandLine.arguments
  let place = words.firstIndex(of: "--\(name)").map { $0 + 1 }
  let text = place.map { $0 < words.count ? words[$0] : "" } ?? fallback
  return text.split(separator: ",").map(String.init)
}

func number(_ name: String, _ fallback: Int) -> Int {
  words(name, "\(fallback)").first.flatMap { Int($0) } ?? fallback
}

/// Seconds by the clock on the wall, or with `--clock cpu` those that processors spent on this process, which other work on
/// a busy machine does not stretch; for one thread only.
let usesProcessorTime = words("clock", "wall") == ["cpu"]

func now() -> Double {
  var time = timespec()
  clock_gettime(usesProcessorTime ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The least of several timings of some work.
func best(_ rounds: Int, _ work: () throws -> Void) rethrows -> Double {
  var least = Double.infinity
  for _ in 0..<rounds {
    let start = now()
    try work()
    least = min(least, now() - start)
  }
  return least
}

/// Numbers nearly normal with variance 1: sums of four uniform ones.
func numbers(_ count: Int) -> [Float] {
  var state: UInt64 = 1
  return [Float](large: count) { buffer, initialized in
    for index in 0..<count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var sum: Float = 0
      for shift in [0, 16, 32, 48] as [UInt64] { sum += Float((state >> shift) & 0xFFFF) / 65_536 - 0.5 }
      buffer[index] = sum * 1.732
    }
    initialized = count
  }
}

/// The most memory that this process has held, in bytes.
func peakMemory() -> Int {
  var usage = rusage()
  #if os(Linux)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  #else
    getrusage(RUSAGE_SELF, &usage)
    return usage.ru_maxrss
  #endif
}

/// Steps per second of a run, in the best window of `--window` milliseconds, .4 seconds unless told: as PyTorch's are counted, without
/// what a run does once.
func stepsPerSecond(_ trainer: Trainer) throws -> Double {
  var marks: [(time: Double, step: Int)] = []
  _ = try trainer.run(clock: now) {
    marks.append((now(), $0.step))
    return true
  }
  var (rate, first) = (0.0, 0)
  for last in marks {
    while last.time - marks[first].time >= Double(number("window", 400)) / 1000 {
      rate = max(rate, Double(last.step - marks[first].step) / (last.time - marks[first].time))
      first += 1
    }
  }
  return rate
}

let width = number("width", 1024)
let threads = number("threads", 1)

func train() throws {
  let pairs = number("pairs", 32_000)
  let batch = 512
  let features = FeatureMatrix(count: 2 * pairs, denseWidth: width, dense: numbers(2 * pairs * width))
  let data = try EncodedDataset(
    features: features,
    pairs: (0..<pairs).map { EncodedPair(chosen: $0, rejected: pairs + $0, prompt: $0) })
  let general = Head.general(GeneralSettings(dimension: 8, normalises: true, start: .random))
  let heads: [String: (ModelSettings, Double)] = [
    "bt-linear": (ModelSettings(.bradleyTerry), 1),
    "gpm-linear": (ModelSettings(general), 0.1),
    "bt-mlp": (ModelSettings(.bradleyTerry, hidden: [256]), 1),
    "gpm-mlp": (ModelSettings(general, hidden: [256]), 0.1),
    "pairpm": (ModelSettings(.pairwise(PairwiseSettings(order: .both)), hidden: [256]), 1),
  ]
  for name in words("heads", "bt-linear,gpm-linear,bt-mlp,gpm-mlp,pairpm") {
    guard let (model, temperature) = heads[name] else { continue }
    for arithmetic in words("arithmetic", "tiles").compactMap(Arithmetic.init) {
      let epochs = model.hidden.isEmpty ? 200 : 8
      let steps = StepSettings(
        rate: 1e-3, schedule: Schedule(.constant), epochs: epochs, batch: batch, decay: 0.01, clip: nil)
      let trainer = try Trainer(
        model: model,
        settings: TrainingSettings(
          loss: PairLoss(temperature: temperature), method: .steps(steps), arithmetic: arithmetic),
        data: data, workers: threads)
      var rate = 0.0
      for _ in 0..<number("rounds", 5) { rate = max(rate, try stepsPerSecond(trainer)) }
      print(
        #"{"head": "\#(name)", "threads": \#(threads), "steps_per_second": \#(rate), "way": "\#(arithmetic.rawValue)"}"#
      )
    }
  }
  let input = 4 * features.dense.count
  print(#"{"peak_over_input": \#(Double(peakMemory()) / Double(input))}"#)
}

func score() throws {
  let rows = number("rows", 200_000)
  let features = FeatureMatrix(count: rows, denseWidth: width, dense: numbers(rows * width))
  let head = Head.general(GeneralSettings(dimension: 8, normalises: true, start: .random))
  let network = try PreferenceNetwork(ModelSettings(head), inputs: width, temperature: 0.1, seed: 1)
  var generator = CounterGenerator(seed: 1, identity: "pairs")
  let pairs = (0..<number("pairs", 1_000_000)).map { _ in
    RowPair(generator.nextIndex(below: rows), generator.nextIndex(below: rows))
  }
  let rounds = number("rounds", 5)
  let reading = features.dense.withUnsafeBufferPointer { values in
    guard let base = values.baseAddress else { return 0.0 }
    nonisolated(unsafe) let from = base
    return best(rounds) {
      forEachBlock(of: values.count, size: 1 << 18, workers: threads) { range in
        if Elementwise.sum(range.count, from + range.lowerBound).isNaN { print("not a number") }
      }
    }
  }
  let scoring = best(rounds) { _ = network.margins(pairs, features: features, workers: threads) }
  let embedding = best(rounds) {
    _ = network.outputs(of: (0..<Int32(rows)).map { $0 }, features: features, workers: threads)
  }
  print(
    #"{"pairs": \#(pairs.count), "threads": \#(threads), "reading_seconds": \#(reading), "#
      + #""scoring_seconds": \#(scoring), "embedding_seconds": \#(embedding), "ratio": \#(scoring / reading)}"#
  )
}

try CommandLine.arguments.contains("--score") ? score() : train()
