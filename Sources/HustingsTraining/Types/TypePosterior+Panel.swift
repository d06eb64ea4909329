import HustingsNumerics

extension VotePanel {
  /// Of which type every annotator is, given what each type makes of every row: what a few answers of somebody new say.
  ///
  /// - Parameters:
  ///   - scores: each type's score of every row, in log-odds.
  ///   - shares: of the types; they add up to 1.
  public func posteriors(
    scores: [[Double]], shares: [Double], likelihood: VoteLikelihood
  ) -> [TypePosterior] {
    precondition(scores.count == shares.count, "\(scores.count) types scored, \(shares.count) shares")
    let objective = VoteObjective(self, TableScores(rows: rowCount), likelihood, ridge: 0)
    let logs = scores.map { objective.logProbabilities($0, workers: 1) }
    return annotators.indices.map { annotator in
      TypePosterior(
        shares: shares,
        logLikelihoods: logs.map { logs in votes(of: annotator).reduce(0) { $0 + logs[Int($1)] } })
    }
  }
}
