import HustingsMetrics
import Testing

// Expected values: CPython 3.11, random.Random(text).
@Suite struct PythonRandomTests {
  @Test(
    arguments: [
      ("", [0.9602256525641875, 0.595411957851699, 0.3880117152955401]),
      ("x", [0.6307877176639078, 0.5969190493245499, 0.48345759559674273]),
      (
        String(repeating: "héllo \u{2028} 日本", count: 40),
        [0.4800713713799144, 0.3959518393391135, 0.17088504373770708]
      ),
    ] as [(String, [Double])])
  func textSeedsGiveTheNumbersOfPython(seed: String, expected: [Double]) {
    var random = PythonRandom(seed: seed)
    for value in expected { #expect(random.uniform() == value) }
  }

  @Test func theStateIsRenewedAfterAllItsWordsAreUsed() {
    var random = PythonRandom(seed: "many")
    let values = (0..<700).map { _ in random.uniform() }
    #expect(values[311] == 0.86446020713538)
    #expect(values[312] == 0.5375146521634759)
    #expect(values[699] == 0.29495341198976244)
  }

  @Test func weightedChoicesAreThoseOfPython() {
    var random = PythonRandom(seed: "choices")
    let places = (0..<12).map { _ in random.choice(weights: [0.5, 0.25, 0.25]) }
    #expect(places == [1, 1, 0, 0, 2, 0, 0, 0, 0, 0, 1, 1])
  }
}

@Suite struct AlpacaSeedingTests {
  @Test func swapsAreThoseOfAlpacaEval() {
    // random.Random("is_switched_outputs" + prompt + "0").choices([False, True])
    let swaps = (0..<8).map { AlpacaSeeding.isSwapped(prompt: "prompt \($0)") }
    #expect(swaps == [false, true, true, false, false, true, true, false])
  }

  @Test func swapsComeOutEvenOnTheWhole() {
    let swapped = (0..<1000).count { AlpacaSeeding.isSwapped(prompt: "question \($0)") }
    // Four standard deviations of a fair coin.
    #expect(abs(swapped - 500) < 64)
  }

  @Test func anotherSeedTossesOtherCoins() {
    let one = (0..<64).map { AlpacaSeeding.isSwapped(prompt: "p\($0)", seed: 0) }
    let other = (0..<64).map { AlpacaSeeding.isSwapped(prompt: "p\($0)", seed: 1) }
    #expect(one != other)
  }

  @Test func noiseReplacesTwiceTheShareItFlips() {
    let noise = (0..<2000).map { AlpacaSeeding.noise(prompt: "p\($0)", flip: 0.25) }
    let replaced = noise.count { $0 != nil }
    #expect(abs(replaced - 1000) < 90)
    #expect(Set(noise.compactMap { $0 }) == [1, 2])
    #expect((0..<50).allSatisfy { AlpacaSeeding.noise(prompt: "p\($0)", flip: 0) == nil })
  }

  @Test func poolsAreSharedOutAmongAllMembers() {
    let members = (0..<500).map { AlpacaSeeding.annotator(of: 13, prompt: "p\($0)") }
    #expect(Set(members) == Set(0..<13))
  }
}
