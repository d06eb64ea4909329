import Foundation
import Hustings
import Testing

@testable import HustingsReports

@Suite struct AxisScaleTests {
  @Test func marksAreRoundAndCoverTheValues() {
    let scale = AxisScale(covering: [0.43, 0.62], within: 0...1, intervals: 4)
    #expect(scale.low <= 0.43 && scale.high >= 0.62)
    #expect(scale.ticks.map { scale.label($0, factor: 100) } == ["40", "45", "50", "55", "60", "65"])
  }

  @Test func limitsHold() {
    let scale = AxisScale(covering: [0.9, 1.0], within: 0...1)
    #expect(scale.high == 1)
    #expect(scale.position(2) == 1)
    #expect(scale.position(-5) == 0)
  }

  @Test(arguments: [[], [0.0], [5.0, 5.0], [-3.0], [.nan], [1e-9, 2e-9], [-1e6, 1e6]])
  func everyListOfValuesHasAnAxis(values: [Double]) {
    let scale = AxisScale(covering: values)
    #expect(scale.low < scale.high)
    #expect(!scale.ticks.isEmpty && scale.ticks.count < 20)
    for value in values where value.isFinite { #expect((0...1).contains(scale.position(value))) }
  }
}

@Suite struct DrawingTests {
  @Test func placesHaveTwoDecimalsAtMost() {
    #expect(Drawing.number(1.0 / 3) == "0.33")
    #expect(Drawing.number(-0.05) == "-0.05")
    #expect(Drawing.number(12) == "12")
    #expect(Drawing.number(2.5) == "2.5")
    #expect(Drawing.percent(0.123456) == "12.35%")
  }

  @Test func everyPlotHasItsTable() throws {
    let figures = [
      try #require(Histogram([-1, 0.5, 1, 2])).figure(title: "a", summary: "b", axis: "c"),
      CurvePlot([.init("x", [.init(x: 0, y: 1), .init(x: 1, y: 2, limits: 1...3)])]).figure(
        title: "a", summary: "b", across: "c", up: "d"),
      BarPlot([("one", 1), ("two", 2)]).figure(title: "a", summary: "b", across: "c", up: "d"),
      try #require(PlanePlot(names: ["a", "b"], matrix: [[0, 1], [-1, 0]])).figure(title: "a", summary: "b"),
    ]
    for figure in figures {
      #expect(!figure.table.rows.isEmpty)
      let markup = figure.html.rendered
      #expect(markup.contains("<svg"))
      #expect(markup.contains("role=\"img\" aria-label=\"a"))
      #expect(markup.contains("<table"))
    }
  }

  @Test func anIntervalIsDrawnWhereItsNumbersAre() {
    let row = IntervalPlot.Row(
      value: 0.5, interval: Interval(low: 0.25, high: 0.75, level: 0.95, method: "wilson"))
    let plot = IntervalPlot(
      [row, .init(value: 0, interval: nil), .init(value: 1, interval: nil)], unit: .share)
    let markup = plot.drawing(row).rendered
    #expect(markup.contains("x1=\"25%\" x2=\"75%\""))
    #expect(markup.contains("cx=\"50%\""))
  }
}

@Suite struct HistogramTests {
  @Test func everyValueIsCountedOnce() throws {
    let values = (0..<1000).map { sin(Double($0)) * 3 - 0.4 }
    let histogram = try #require(Histogram(values))
    #expect(histogram.bins.reduce(0) { $0 + $1.count } == 1000)
  }

  @Test func zeroIsAnEdgeBetweenRightAndWrong() throws {
    let values = (0..<400).map { Double($0) / 40 - 2.3 }
    let histogram = try #require(Histogram(values))
    #expect(histogram.bins.contains { abs($0.low) < 1e-9 })
    let below = histogram.bins.filter { $0.high < 1e-9 }.reduce(0) { $0 + $1.count }
    #expect(below == values.count { $0 < 0 })
  }

  @Test func aFarValueDoesNotPressTheOthersTogether() throws {
    let values = (0..<1000).map { Double($0 % 100) } + [1e9]
    let histogram = try #require(Histogram(values))
    #expect(histogram.bins.count { $0.count > 0 } > 20)
    #expect(histogram.outside > 0)
    #expect(histogram.bins.reduce(0) { $0 + $1.count } == 1001)
  }

  @Test func oneValueIsNoDistribution() {
    #expect(Histogram([1, 1, 1]) == nil)
    #expect(Histogram([]) == nil)
  }
}

@Suite struct SkewPlaneTests {
  @Test func aScalarLiesOnALevelLineWithTheBestAtTheRight() throws {
    let rewards = [0.3, 2, -1, 0.9]
    let matrix = rewards.map { a in rewards.map { a - $0 } }
    let plane = try #require(SkewPlane(matrix))
    #expect(abs(plane.share - 1) < 1e-9)
    for i in rewards.indices {
      for j in rewards.indices { #expect(abs(plane.margin(i, j) - matrix[i][j]) < 1e-9) }
    }
    let order = plane.points.indices.sorted { plane.points[$0].x < plane.points[$1].x }
    #expect(order == [2, 0, 3, 1])
    #expect(SkewPlane.strongestCycle(matrix) == nil)
  }

  @Test func aRingGoesRoundTheOrigin() throws {
    // 0 > 1 > 2 > 0 with equal margins: three points at equal angles.
    let matrix = [[0.0, 1, -1], [-1, 0, 1], [1, -1, 0]]
    let plane = try #require(SkewPlane(matrix))
    #expect(abs(plane.share - 1) < 1e-9)
    #expect(SkewPlane.strongestCycle(matrix) == [0, 1, 2])
    let lengths = plane.points.map { ($0.x * $0.x + $0.y * $0.y).squareRoot() }
    for length in lengths { #expect(abs(length - lengths[0]) < 1e-9) }
    for i in 0..<3 { for j in 0..<3 { #expect(abs(plane.margin(i, j) - matrix[i][j]) < 1e-9) } }
  }

  @Test func twoPlanesShowTheLargerOne() throws {
    // Two separate pairs with margins 3 and 1: the plane of the first holds 9 / 10 of the squares.
    let matrix = [[0.0, 3, 0, 0], [-3, 0, 0, 0], [0, 0, 0, 1], [0, 0, -1, 0]]
    let plane = try #require(SkewPlane(matrix))
    #expect(abs(plane.share - 0.9) < 1e-9)
    #expect(abs(plane.margin(0, 1) - 3) < 1e-9)
  }

  @Test func nothingIsNoPlane() {
    #expect(SkewPlane([]) == nil)
    #expect(SkewPlane([[0]]) == nil)
    #expect(SkewPlane([[0, 0], [0, 0]]) == nil)
  }
}
