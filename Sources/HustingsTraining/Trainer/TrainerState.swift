/// Where an interrupted run is: everything that decides how it goes on, bit for bit.
public struct TrainerState: Sendable, Hashable {
  /// What a state counts, apart from vectors.
  struct Counters: Sendable, Hashable, Codable {
    var run: String
    var epoch = 0
    var batch = 0
    var step = 0
    var weight = 0.0
    var objective = 0.0
    var firstObjective: Double?
    var bestLoss: Double?
    var bestEpoch: Int?
    var waited = 0
    var curve: [CurvePoint] = []
  }

  var counters: Counters
  /// All weights and biases.
  var parameters: [Float]
  /// What the step rule remembers.
  var memories: [[Float]]
  /// The parameters with the least held-out loss so far; nil without held-out pairs or before the first epoch ends.
  var best: [Float]?
  /// What a solve goes on from, in 64 bits, by name; nothing in a step method.
  public var solveVectors: [String: [Double]] = [:]

  /// Epochs done.
  public var epoch: Int { counters.epoch }
  /// Steps done.
  public var step: Int { counters.step }
}
