import CKernels
import HustingsNumerics
import Testing

@Suite struct CounterGeneratorTests {
  /// Random123 1.14, tests/kat_vectors, the three lines "philox4x32 10".
  @Test func philoxMatchesItsPublishedVectors() {
    let zero = hustings_philox(0, 0, 0).word
    #expect(zero == (0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    let ones = hustings_philox(.max, .max, .max).word
    #expect(ones == (0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
    let pi = hustings_philox(0x299F_31D0_A409_3822, 0x0370_7344_1319_8A2E, 0x85A3_08D3_243F_6A88).word
    #expect(pi == (0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
  }

  @Test func aPositionHoldsTwoWordsOfItsBlock() {
    let generator = CounterGenerator(seed: 0, stream: 0)
    #expect(generator[0] == 0xE169_C58D_6627_E8D5)
    #expect(generator[1] == 0x9B00_DBD8_BC57_AC4C)
  }

  @Test func walkingAndReadingByPositionAgree() {
    var walking = CounterGenerator(seed: 11, stream: 5)
    let reading = CounterGenerator(seed: 11, stream: 5)
    for position in 0..<100 as Range<UInt64> {
      #expect(walking.next() == reading[position])
    }
    walking.position = 40
    #expect(walking.next() == reading[40])
    walking.position = 7
    #expect(walking.nextUniform() == reading.uniform(7))
  }

  @Test func seedsAndStreamsDiffer() {
    var seen: Set<UInt64> = []
    for seed in 0..<20 as Range<UInt64> {
      for stream in 0..<20 as Range<UInt64> {
        for position in 0..<20 as Range<UInt64> {
          seen.insert(CounterGenerator(seed: seed, stream: stream)[position])
        }
      }
    }
    #expect(seen.count == 8000)
  }

  @Test func uniformsLieInTheirIntervalWithTheRightMoments() {
    var generator = CounterGenerator(seed: 3, stream: 9)
    let values = (0..<20_000).map { _ in generator.nextUniform() }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean = sum(values) / 20_000
    let variance = sum(values.map { ($0 - mean) * ($0 - mean) }) / 20_000
    // Five standard errors.
    #expect(abs(mean - 0.5) < 5 * (1.0 / 12 / 20_000).squareRoot())
    #expect(abs(variance - 1.0 / 12) < 5 * (1.0 / 180 / 20_000).squareRoot())
  }

  @Test func normalsHaveTheRightMoments() {
    var generator = CounterGenerator(seed: 3, stream: 10)
    let values = (0..<20_000).map { _ in generator.nextNormal() }
    let mean = sum(values) / 20_000
    let square = sum(values.map { $0 * $0 }) / 20_000
    #expect(abs(mean) < 5 / 20_000.0.squareRoot())
    #expect(abs(square - 1) < 5 * (2.0 / 20_000).squareRoot())
  }

  @Test func indicesBelowABoundAreEquallyLikely() {
    var generator = CounterGenerator(seed: 4, stream: 1)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<14_000 { counts[generator.nextIndex(below: 7)] += 1 }
    let statistic = sum(counts.map { (Double($0) - 2000) * (Double($0) - 2000) / 2000 })
    #expect(ChiSquare(degreesOfFreedom: 6).survival(statistic) > 1e-4)
    #expect(generator.nextIndex(below: 1) == 0)
  }

  @Test func aPermutationHoldsEveryIndexOnce() {
    var generator = CounterGenerator(seed: 5, stream: 1)
    #expect(generator.permutation(1000).sorted() == Array(0..<1000))
    #expect(generator.permutation(0) == [])
    #expect(generator.permutation(1) == [0])
    #expect(generator.shuffled(["a", "b", "c"]).sorted() == ["a", "b", "c"])
  }

  @Test func everyPermutationIsEquallyLikely() {
    var counts: [[Int]: Int] = [:]
    for stream in 0..<6000 as Range<UInt64> {
      var generator = CounterGenerator(seed: 6, stream: stream)
      counts[generator.permutation(3), default: 0] += 1
    }
    #expect(counts.count == 6)
    let statistic = sum(counts.values.map { (Double($0) - 1000) * (Double($0) - 1000) / 1000 })
    #expect(ChiSquare(degreesOfFreedom: 5).survival(statistic) > 1e-4)
  }

  /// RFC 9923 (FNV), appendix of test vectors, 64-bit FNV-1a.
  @Test func theHashOfANameMatchesPublishedVectors() {
    #expect(stableHash("") == 0xCBF2_9CE4_8422_2325)
    #expect(stableHash("a") == 0xAF63_DC4C_8601_EC8C)
    #expect(stableHash("foobar") == 0x8594_4171_F739_67E8)
    #expect(CounterGenerator(seed: 1, identity: "a").stream == 0xAF63_DC4C_8601_EC8C)
  }
}
