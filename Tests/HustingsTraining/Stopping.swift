import HustingsTraining

struct WasNotStopped: Error {}

extension Trainer {
  /// Where a run stands that is asked to stop at one of its reports, counted from 1.
  func stopped(at report: Int) throws -> TrainerState {
    var reports = 0
    let outcome = try run(clock: { 0 }) { _ in
      reports += 1
      return reports < report
    }
    guard case .interrupted(let state) = outcome else { throw WasNotStopped() }
    return state
  }

  /// The result of a run that is stopped at every report and goes on, and where it stood each time.
  func stoppedAtEveryReport() throws -> (result: TrainingResult, states: [TrainerState]) {
    var states: [TrainerState] = []
    while true {
      switch try run(from: states.last, clock: { 0 }, onProgress: { _ in false }) {
      case .finished(let result): return (result, states)
      case .interrupted(let state): states.append(state)
      }
    }
  }
}
