import Hustings
import Testing

@Suite struct CallMeterTests {
  private let price = TokenPrice(input: 2_000_000, output: 1_000_000)

  @Test func everyKindOfCallIsCounted() {
    let meter = CallMeter()
    meter.answered(inputTokens: 3, outputTokens: 4, price: price, reserved: 0)
    meter.answered(inputTokens: 5, outputTokens: 6, price: nil, reserved: 0)
    meter.failed(reserved: 0)
    meter.foundKept()
    meter.missedKept()
    meter.finishedItem()
    let notice = ItemNotice(model: "m", item: "i", response: 1, text: "It was cut short.")
    meter.notice(notice)
    var count = CallCount()
    (count.answered, count.failed, count.kept, count.missing, count.items, count.unpriced) = (
      2, 1, 1, 1, 1, 1
    )
    (count.inputTokens, count.outputTokens, count.dollars) = (8, 10, 10)
    #expect(meter.count == count)
    #expect(meter.notices == [notice])
  }

  @Test func tasksThatCountTogetherLoseNothing() async {
    let meter = CallMeter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<1_000 {
            meter.finishedItem()
            meter.answered(inputTokens: 1, outputTokens: 2, price: nil, reserved: 0)
          }
        }
      }
    }
    #expect(meter.count.items == 8_000)
    #expect(meter.count.inputTokens == 8_000 && meter.count.outputTokens == 16_000)
  }

  @Test func withoutALimitEveryCallMayGo() async {
    let meter = CallMeter()
    for _ in 0..<3 { #expect(await meter.reserve(dollars: 1e9)) }
    #expect(meter.count == CallCount())
  }

  @Test func whatNeverFitsIsHeldBack() async {
    let meter = CallMeter(limit: 10)
    #expect(await !meter.reserve(dollars: 11))
    #expect(await meter.reserve(dollars: 10))
    meter.answered(inputTokens: 1, outputTokens: 1, price: price, reserved: 10)
    #expect(await !meter.reserve(dollars: 7.5))
    #expect(await meter.reserve(dollars: 7))
    #expect(meter.count.heldBack == 2 && meter.count.dollars == 3)
  }

  @Test func aCallWaitsForWhatIsUnderWay() async {
    let meter = CallMeter(limit: 10)
    #expect(await meter.reserve(dollars: 6))
    func attempt(_ dollars: Double) async -> Bool {
      guard await meter.reserve(dollars: dollars) else { return false }
      meter.failed(reserved: dollars)
      return true
    }
    async let second = attempt(6)
    async let third = attempt(5)
    // Of six dollars one was spent: of the two that wait one fits behind it, and then the other.
    meter.answered(inputTokens: 0, outputTokens: 1, price: price, reserved: 6)
    #expect(await second)
    #expect(await third)
    #expect(await meter.reserve(dollars: 9))
    #expect(meter.count.dollars == 1 && meter.count.failed == 2)
  }

  @Test func callsUnderWayTogetherNeverSpendMoreThanTheLimit() async {
    let meter = CallMeter(limit: 100)
    let allowed = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<200 {
        group.addTask {
          guard await meter.reserve(dollars: 3) else { return false }
          await Task.yield()
          meter.answered(inputTokens: 0, outputTokens: 1, price: self.price, reserved: 3)
          return true
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    // Each costs one dollar of the three set aside; the last that fits finds three left.
    #expect(allowed == 98)
    #expect(meter.count.dollars == 98 && meter.count.heldBack == 102)
  }
}
