import HustingsNumerics

extension BradleyTerry {
  /// The loss of strengths θ and, as a last coordinate, the position effect γ, with its derivatives.
  struct Problem {
    let models: Int
    let meetings: [Meeting]
    let position: Bool
    let ridge: Double

    var order: Int { models + (position ? 1 : 0) }

    private func logOdds(_ meeting: Meeting, _ point: [Double]) -> Double {
      point[meeting.first] - point[meeting.second] + (position ? point[models] : 0)
    }

    func objective(_ point: [Double]) -> Double {
      let losses = meetings.lazy.map { meeting in
        let η = logOdds(meeting, point)
        return meeting.weight * (softplus(η) - meeting.outcome * η)
      }
      let centre = sum(point.prefix(models))
      return sum(losses) + 0.5 * ridge * sum(point.map { $0 * $0 }) + 0.5 * centre * centre / Double(models)
    }

    /// The likelihood does not change when all strengths move together; (Σθ)² / 2M holds them at zero and
    /// leaves the rest alone.
    func system(_ point: [Double]) -> (gradient: [Double], hessian: [Double]) {
      var gradient = point.map { ridge * $0 }
      var hessian = [Double](repeating: 0, count: order * order)
      let centre = sum(point.prefix(models)) / Double(models)
      for row in 0..<order { hessian[row * order + row] = ridge }
      for row in 0..<models {
        gradient[row] += centre
        for column in 0..<models { hessian[row * order + column] += 1 / Double(models) }
      }
      for meeting in meetings {
        let p = logistic(logOdds(meeting, point))
        let slope = meeting.weight * (p - meeting.outcome)
        let curve = meeting.weight * p * (1 - p)
        let (i, j) = (meeting.first, meeting.second)
        gradient[i] += slope
        gradient[j] -= slope
        hessian[i * order + i] += curve
        hessian[j * order + j] += curve
        hessian[i * order + j] -= curve
        hessian[j * order + i] -= curve
        if position {
          gradient[models] += slope
          hessian[models * order + models] += curve
          for (model, sign) in [(i, 1.0), (j, -1.0)] {
            hessian[models * order + model] += sign * curve
            hessian[model * order + models] += sign * curve
          }
        }
      }
      return (gradient, hessian)
    }

    func scores(_ point: [Double]) -> [[Double]] {
      meetings.map { meeting in
        let miss = meeting.weight * (meeting.outcome - logistic(logOdds(meeting, point)))
        var score = [Double](repeating: 0, count: order)
        score[meeting.first] = miss
        score[meeting.second] = -miss
        if position { score[models] = miss }
        return score
      }
    }

    /// The covariance of strengths about their mean: P C P with P = I - 11ᵀ/M on the strengths.
    func centred(_ covariance: [Double]) -> [Double] {
      var result = covariance
      for _ in 0..<2 {
        // Centre every column, then turn the matrix over: twice gives both sides and the same orientation.
        var turned = result
        for column in 0..<order {
          let mean = (0..<models).reduce(0.0) { $0 + result[$1 * order + column] } / Double(models)
          for row in 0..<order {
            turned[column * order + row] = result[row * order + column] - (row < models ? mean : 0)
          }
        }
        result = turned
      }
      return result
    }
  }
}
