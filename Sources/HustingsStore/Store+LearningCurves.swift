import GRDB
public import Hustings

/// One value of a metric while a model was trained.
public struct CurvePoint: Sendable, Hashable {
  /// The fingerprint of the model that came of the training.
  public let checkpoint: Digest
  /// The metric's name.
  public let metric: String
  /// After how many steps.
  public let step: Int
  /// The value; nil when it was no finite number.
  public let value: Double?

  /// One value; anything but a finite number is nil.
  public init(checkpoint: Digest, metric: String, step: Int, value: Double?) {
    self.checkpoint = checkpoint
    self.metric = metric
    self.step = step
    self.value = value.flatMap { $0.isFinite ? $0 : nil }
  }
}

extension Store {
  /// Adds points to learning curves. A point that is there already stays as it is.
  public func append(_ points: some Sequence<CurvePoint>) throws {
    try write { db in
      let insert = try Prepared(
        db,
        cached: "INSERT OR IGNORE INTO learning_curves (checkpoint, metric, step, value) VALUES (?, ?, ?, ?)")
      for point in points {
        insert.bind(point.checkpoint.hex, at: 1)
        insert.bind(point.metric, at: 2)
        insert.bind(point.step, at: 3)
        insert.bind(point.value, at: 4)
        try insert.run()
      }
    }
  }

  /// The learning curves of a model by metric and step; of every model when none is given.
  public func learningCurves(of checkpoint: Digest? = nil) throws -> [CurvePoint] {
    try read { db in
      let select = try Prepared(
        db,
        """
        SELECT checkpoint, metric, step, value FROM learning_curves
        WHERE checkpoint = coalesce(?, checkpoint) ORDER BY checkpoint, metric, step
        """)
      select.bind(checkpoint?.hex, at: 1)
      var points: [CurvePoint] = []
      while try select.step() {
        points.append(
          CurvePoint(
            checkpoint: try Digest(stored: select.text(0), table: "learning_curves"), metric: select.text(1),
            step: select.integer(2), value: select.optionalDouble(3)))
      }
      return points
    }
  }
}
