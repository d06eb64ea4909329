import BenchmarkPlugins
import Foundation
import HustingsMetrics
import HustingsStatistics

// Computes the AlpacaEval 2 board of a folder once per line of input; `alpaca_board.py` asks, in turn with Python.
//
//   alpaca-board-speed FOLDER
//
// Each answer is a line of JSON: seconds of wall time and of processor time on all threads, reading included, and the rows.

guard CommandLine.arguments.count == 2 else {
  FileHandle.standardError.write(Data("usage: alpaca-board-speed FOLDER\n".utf8))
  exit(64)
}
let folder = CommandLine.arguments[1]

/// Processor time of all threads since the program began, in seconds.
func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

while readLine() != nil {
  let clock = ContinuousClock()
  let start = clock.now
  let before = processorTime()
  let recordings = try AlpacaRecordings(folder, withTexts: false)
  let contests = recordings.contests.sorted { $0.key < $1.key }.map { (name: $0.key, contest: $0.value) }
  let entries = await recordings.board(.alpacaEval).entries(contests)
  let processor = processorTime() - before
  let wall = (clock.now - start) / .seconds(1)
  var models: [String: [String: Double]] = [:]
  for entry in entries {
    let row = entry.row
    models[row.name] = [
      "win_rate": row.winRate, "standard_error": row.standardError ?? 0, "n_wins": Double(row.rate.wins),
      "n_wins_base": Double(row.rate.losses), "n_draws": Double(row.rate.draws),
      "n_total": Double(row.rate.total),
      "discrete_win_rate": row.discreteWinRate, "avg_length": Double(row.averageLength ?? 0),
      "length_controlled_winrate": row.lengthControlled ?? 0,
      "lc_standard_error": row.lengthControlledSpread ?? 0,
    ]
  }
  struct Answer: Encodable {
    let wall: Double
    let core: Double
    let models: [String: [String: Double]]
  }
  print(
    String(
      decoding: try JSONEncoder().encode(Answer(wall: wall, core: processor, models: models)), as: UTF8.self))
  fflush(nil)
}
