import HustingsNumerics
import Testing

@Suite struct DenseScoreFormTests {
  static let chosen = [0.1, -0.2, 0.3, 0.4]
  static let rejected = [0.5, 0.6, -0.7, 0.8]

  private static func margin(_ form: ScoreForm, _ a: [Double], _ b: [Double], _ scales: [Double]?) -> Double {
    let parts = form.parts(a, b, scales: scales)
    return parts.scalar + parts.skew
  }

  /// The reference fixtures of the general preference model, computed in double precision from its definition 4.3.
  @Test func theSkewFormMatchesTheReferenceFixtures() {
    let plain = ScoreForm(hasScalar: false, planes: 2, normalises: false)
    #expect(abs(Self.margin(plain, Self.chosen, Self.rejected, nil) - 0.68) <= 1e-12)
    let unit = ScoreForm(hasScalar: false, planes: 2, normalises: true)
    #expect(abs(Self.margin(unit, Self.chosen, Self.rejected, nil) - 0.94118211) <= 1e-8)
    #expect(abs(Self.margin(unit, Self.chosen, Self.rejected, [1, 0]) - 0.22145461) <= 1e-8)
    #expect(abs(Self.margin(unit, Self.chosen, Self.rejected, [0, 1]) - 0.71972749) <= 1e-8)
    #expect(abs(Self.margin(unit, Self.chosen, Self.rejected, [0.25, 0.75]) - 0.59515927) <= 1e-8)
    #expect(abs(Self.margin(unit, Self.chosen, Self.rejected, [0.5, 1.5]) - 1.19031854) <= 1e-8)
    #expect(abs(Self.margin(unit, Self.chosen, Self.rejected, [0.0625, 0.5625]) - 0.41868763) <= 1e-8)
  }

  /// Three shapes, with and without norms and scales.
  static let forms = [
    ScoreForm(hasScalar: true, planes: 0, normalises: false),
    ScoreForm(hasScalar: false, planes: 1, normalises: false),
    ScoreForm(hasScalar: false, planes: 3, normalises: true),
    ScoreForm(hasScalar: true, planes: 2, normalises: true),
    ScoreForm(hasScalar: true, planes: 2, normalises: false),
    ScoreForm(hasScalar: false, planes: 2, normalises: false, leads: true),
  ]

  private struct Batch {
    let outputs: [Float]
    let scales: [Float]
    let first: [Int32] = [0, 1, 2, 0, 3]
    let second: [Int32] = [1, 2, 3, 3, 1]

    init(_ form: ScoreForm) {
      var generator = CounterGenerator(seed: 5, identity: "form")
      outputs = (0..<4 * form.width).map { _ in Float(generator.nextNormal()) }
      scales = (0..<5 * form.planes).map { _ in Float(generator.nextUniform()) }
    }

    func row(_ index: Int32, _ form: ScoreForm, _ values: [Double]) -> [Double] {
      Array(values[Int(index) * form.width..<(Int(index) + 1) * form.width])
    }

    /// The parts of pair `i` for given outputs and scales, in 64 bits.
    func parts(_ i: Int, _ form: ScoreForm, _ outputs: [Double], _ scales: [Double]) -> (
      scalar: Double, skew: Double
    ) {
      form.parts(
        row(first[i], form, outputs), row(second[i], form, outputs),
        scales: Array(scales[i * form.planes..<(i + 1) * form.planes]))
    }
  }

  @Test(arguments: forms)
  func theKernelGivesTheMarginsOfTheDefinition(_ form: ScoreForm) {
    let batch = Batch(form)
    var (margins, skew) = ([Float](repeating: 0, count: 5), [Float](repeating: 0, count: 5))
    form.margins(
      5, outputs: batch.outputs, first: batch.first, second: batch.second, scales: batch.scales,
      into: &margins, skew: &skew)
    for i in 0..<5 {
      let parts = batch.parts(i, form, batch.outputs.map(Double.init), batch.scales.map(Double.init))
      #expect(abs(Double(margins[i]) - parts.scalar - parts.skew) <= 2e-6)
      #expect(abs(Double(skew[i]) - parts.skew) <= 2e-6)
    }
  }

  @Test(arguments: forms)
  func theGradientsAreCentralDifferencesOfTheDefinition(_ form: ScoreForm) {
    let batch = Batch(form)
    let slopes: [Float] = [0.3, -1, 0.5, 2, -0.25]
    let skewSlopes: [Float] = [0.1, 0, -0.2, 0.4, 0.5]
    var gradient = [Float](repeating: 0, count: batch.outputs.count)
    var scaleSlopes = [Float](repeating: 0, count: batch.scales.count)
    form.addGradients(
      5, outputs: batch.outputs, first: batch.first, second: batch.second, scales: batch.scales,
      slopes: slopes, skewSlopes: skewSlopes, to: &gradient, scaleSlopes: &scaleSlopes)

    func objective(_ outputs: [Double], _ scales: [Double]) -> Double {
      (0..<5).reduce(0) { sum, i in
        let parts = batch.parts(i, form, outputs, scales)
        return sum + Double(slopes[i]) * (parts.scalar + parts.skew) + Double(skewSlopes[i]) * parts.skew
      }
    }
    let (outputs, scales) = (batch.outputs.map(Double.init), batch.scales.map(Double.init))
    for index in outputs.indices {
      var (up, down) = (outputs, outputs)
      up[index] += 1e-6
      down[index] -= 1e-6
      let difference = (objective(up, scales) - objective(down, scales)) / 2e-6
      #expect(abs(Double(gradient[index]) - difference) <= 5e-6, "output \(index)")
    }
    for index in scales.indices {
      var (up, down) = (scales, scales)
      up[index] += 1e-6
      down[index] -= 1e-6
      let difference = (objective(outputs, up) - objective(outputs, down)) / 2e-6
      #expect(abs(Double(scaleSlopes[index]) - difference) <= 5e-6, "scale \(index)")
    }
  }

  @Test(arguments: forms)
  func swappingTheResponsesNegatesEveryMarginExactly(_ form: ScoreForm) {
    let batch = Batch(form)
    var (there, back) = ([Float](repeating: 0, count: 5), [Float](repeating: 0, count: 5))
    form.margins(
      5, outputs: batch.outputs, first: batch.first, second: batch.second, scales: batch.scales, into: &there)
    form.margins(
      5, outputs: batch.outputs, first: batch.second, second: batch.first, scales: batch.scales, into: &back)
    for (a, b) in zip(there, back) { #expect(a == -b) }
  }

  /// (r, 1) in a first plane that leads is all scalar, however many planes of zeros follow; without the lead it is all skew.
  @Test func aLeadingPlaneSplitsItsRewardFromTheSkewPartAndChangesNoMargin() {
    let (a, b) = ([0.7, 1.0, 0, 0], [-0.4, 1.0, 0, 0])
    let plain = ScoreForm(hasScalar: false, planes: 2, normalises: false)
    let leading = ScoreForm(hasScalar: false, planes: 2, normalises: false, leads: true)
    #expect(plain.parts(a, b) == (0, 0.7 * 1 - 1 * -0.4))
    #expect(abs(leading.parts(a, b).scalar - 1.1) <= 1e-12)
    #expect(abs(leading.parts(a, b).skew) <= 1e-12)
    // (2, 1 + 0.5) and (1, 1): 2·1 - 1.5·1 = 0.5, of which the rewards say 1.
    let parts = leading.parts([2, 1.5, 0, 0], [1, 1, 0, 0])
    #expect(parts.scalar == 1 && parts.skew == -0.5)
  }

  /// (r, c) with c constant is Bradley–Terry without norms; with them it takes four numbers, (r, c, √(1-r²-c²), 0).
  @Test func aConstantCoordinateIsBradleyTerry() {
    let plain = ScoreForm(hasScalar: false, planes: 1, normalises: false)
    #expect(abs(Self.margin(plain, [0.7, 2], [-0.4, 2], nil) - 2 * 1.1) <= 1e-12)
    let unit = ScoreForm(hasScalar: false, planes: 2, normalises: true)
    func embedded(_ r: Double) -> [Double] { [r, 0.5, (1 - r * r - 0.25).squareRoot(), 0] }
    for (a, b) in [(0.3, -0.2), (0.8, 0.1)] {
      #expect(abs(Self.margin(unit, embedded(a), embedded(b), nil) - 0.5 * (a - b)) <= 1e-12)
    }
  }
}
