import Foundation
import HustingsTraining
import Testing

/// The derivative of `f` at `x` by central differences of fourth order, in double precision.
func derivative(at x: Double, _ f: (Double) -> Double) -> Double {
  let h = 1e-3
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)
}

/// Whether two numbers agree to a relative 1e-6, or to 1e-9 where they are near 0.
func agree(_ a: Double, _ b: Double, relative: Double = 1e-6) -> Bool {
  abs(a - b) <= max(relative * max(abs(a), abs(b)), 1e-9)
}

@Suite struct PairLossTests {
  static let losses: [PairLoss] = [
    PairLoss(),
    PairLoss(temperature: 0.1),
    PairLoss(smoothing: 0.1),
    PairLoss(.squared(goal: 10), temperature: 0.1),
    PairLoss(.logOdds, smoothing: 0.05),
    PairLoss(.ties(.davidson(strength: 0.7)), temperature: 2),
    PairLoss(.ties(.raoKupper(threshold: 0.4)), temperature: 0.5),
  ]

  @Test(arguments: losses)
  func slopesAreCentralDifferences(_ loss: PairLoss) {
    for score in [-2.5, -0.3, 0, 0.8, 3] {
      for margin in [nil, 0.6, -0.2] {
        for target in [1, 0.75, 0.5] {
          let ties: [Double] = if case .ties = loss.kind { [0, 0.4, 1] } else { [0] }
          for tie in ties {
            let value = { (s: Double) in loss.value(score: s, margin: margin, target: target, tie: tie) }
            let slope = derivative(at: score) { value($0).loss }
            #expect(
              agree(value(score).slope, slope), "score \(score), margin \(margin ?? 0), target \(target)")
          }
        }
      }
    }
  }

  @Test(arguments: [TieModel.davidson(strength: 0.7), .raoKupper(threshold: 0.4)])
  func theTieParametersSlopeIsACentralDifference(_ model: TieModel) {
    func at(_ parameter: Double) -> TieModel {
      if case .davidson = model { .davidson(strength: parameter) } else { .raoKupper(threshold: parameter) }
    }
    for z in [-1.5, 0.2, 2] {
      for tie in [0, 0.3, 1] {
        let slope = derivative(at: model.parameter) { at($0).value(z: z, target: 0.8, tie: tie).loss }
        #expect(agree(model.value(z: z, target: 0.8, tie: tie).parameterSlope, slope))
      }
    }
  }

  @Test(arguments: [TieModel.davidson(strength: 0.7), .raoKupper(threshold: 0.4)], [-3.0, 0, 0.5, 2])
  func winLossAndTieAddUpToOne(_ model: TieModel, _ z: Double) {
    let win = exp(-model.value(z: z, target: 1.0, tie: 0).loss)
    let lose = exp(-model.value(z: z, target: 0.0, tie: 0).loss)
    let tie = exp(-model.value(z: z, target: 0.5, tie: 1).loss)
    #expect(agree(win + lose + tie, 1, relative: 1e-12))
    // Both models leave the odds of a win against a loss alone where the tie parameter is nothing.
    let none: TieModel =
      if case .davidson = model { .davidson(strength: 1e-12) } else { .raoKupper(threshold: 0) }
    #expect(
      agree(none.value(z: z, target: 1.0, tie: 0).loss, PairLoss().value(score: z).loss, relative: 1e-9))
  }

  /// A win that must clear a threshold is a win with a constant margin.
  @Test func raoAndKupperWithoutTiesIsTheConstantMargin() {
    for score in [-1.0, 0, 2] {
      let threshold = PairLoss(.ties(.raoKupper(threshold: 0.8))).value(score: score)
      let margin = PairLoss().value(score: score, margin: 0.8)
      #expect(agree(threshold.loss, margin.loss, relative: 1e-12))
      #expect(agree(threshold.slope, margin.slope, relative: 1e-12))
    }
  }

  /// Reference values in 64 bits for the skew-form scores of the two fixed pairs at temperature 0.1.
  @Test func generalPreferenceLossesMatchTheReferenceFixtures() {
    let loss = PairLoss(temperature: 0.1)
    for (score, probability, expected, tolerance) in [
      (0.68, 0.99888746, 0.00111316, 1e-8), (0.94118211, 0.99991825, 8.1748596e-5, 1e-11),
      (0.59515927, 0.99740506, 0.00259831, 1e-8),
    ] {
      let value = loss.value(score: score)
      #expect(abs(value.loss - expected) <= tolerance)
      #expect(abs(exp(-value.loss) - probability) <= 1e-8)
      #expect(agree(value.slope, -(1 - probability) / 0.1, relative: 1e-4))
    }
  }

  @Test func squaredLossesPullTheScoreToTheirGoal() {
    let loss = PairLoss(.squared(goal: 10), temperature: 0.1)
    #expect(loss.value(score: 1.0).loss == 0)
    #expect(agree(loss.value(score: 0.5).loss, 12.5))
    // With a margin the goal is 5σ(m).
    #expect(agree(loss.value(score: 0.0, margin: 0).loss, 0.5 * 2.5 * 2.5))
    let odds = PairLoss(.logOdds).value(score: 1.0, target: 0.8)
    #expect(agree(odds.loss, 0.5 * pow(1 - log(4), 2)))
  }

  /// For soft labels the loss is least where the score says the label.
  @Test(arguments: [0.1, 0.5, 0.8])
  func aSoftLabelIsMetByItsOwnLogOdds(_ target: Double) {
    let score = 0.3 * log(target / (1 - target))
    #expect(abs(PairLoss(temperature: 0.3).value(score: score, target: target).slope) <= 1e-12)
  }

  @Test func labelSmoothingIsASoftLabel() {
    let smoothed = PairLoss(smoothing: 0.1).value(score: 0.7)
    let soft = PairLoss().value(score: 0.7, target: 0.9)
    #expect(smoothed.loss == soft.loss)
    #expect(smoothed.slope == soft.slope)
  }

  @Test func bothPrecisionsAgree() {
    for loss in PairLossTests.losses {
      let wide = loss.value(score: 0.37, margin: 0.2, target: 0.9)
      let narrow = loss.value(score: Float(0.37), margin: 0.2, target: 0.9)
      #expect(agree(Double(narrow.loss), wide.loss, relative: 2e-5))
      #expect(agree(Double(narrow.slope), wide.slope, relative: 2e-5))
    }
  }
}
