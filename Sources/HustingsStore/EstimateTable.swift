import GRDB
import Hustings

/// The SQL of table `estimates`.
enum EstimateTable {
  static func insert(_ recorded: RecordedEstimate, at position: Int, run: Int64, in db: Database) throws {
    let insert = try Prepared(
      db,
      cached: """
        INSERT INTO estimates
          (run_id, position, metric, value, low, high, level, method, count, direction, unit)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    let estimate = recorded.estimate
    let interval = estimate?.interval
    insert.bind(run, at: 1)
    insert.bind(position, at: 2)
    insert.bind(recorded.metric, at: 3)
    insert.bind(estimate?.value, at: 4)
    insert.bind(interval?.low, at: 5)
    insert.bind(interval?.high, at: 6)
    insert.bind(interval?.level, at: 7)
    insert.bind(interval?.method, at: 8)
    insert.bind(estimate.map { Int64($0.count) }, at: 9)
    insert.bind(recorded.direction.rawValue, at: 10)
    insert.bind(recorded.unit.rawValue, at: 11)
    try insert.run()
  }

  static func all(of run: Int64, in db: Database) throws -> [RecordedEstimate] {
    let select = try Prepared(
      db,
      """
      SELECT metric, value, low, high, level, method, count, direction, unit FROM estimates
      WHERE run_id = ? ORDER BY position
      """)
    select.bind(run, at: 1)
    var all: [RecordedEstimate] = []
    while try select.step() { all.append(try recorded(select)) }
    return all
  }

  private static func recorded(_ row: Prepared) throws -> RecordedEstimate {
    guard let direction = Direction(rawValue: row.text(7)), let unit = MetricUnit(rawValue: row.text(8))
    else {
      throw Unreadable(
        table: "estimates",
        detail: "metric \(row.text(0)) has direction \(row.text(7)) and unit \(row.text(8))")
    }
    var estimate: Estimate?
    if let value = row.optionalDouble(1) {
      var interval: Interval?
      if let low = row.optionalDouble(2), let high = row.optionalDouble(3), let level = row.optionalDouble(4),
        let method = row.optionalText(5)
      {
        interval = Interval(low: low, high: high, level: level, method: method)
      }
      estimate = Estimate(value: value, interval: interval, count: row.integer(6))
    }
    return RecordedEstimate(metric: row.text(0), direction: direction, unit: unit, estimate: estimate)
  }
}
