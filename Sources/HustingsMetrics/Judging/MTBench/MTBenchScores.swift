/// A judge's rating of one answer.
public struct MTBenchGrade: Sendable, Hashable {
  /// The question.
  public let question: String
  /// The question's category; nil when the set has none.
  public let category: String?
  /// The model that answered.
  public let model: String
  /// 1 or 2; nil where conversations have one turn only.
  public let turn: Int?
  /// The judge with its prompt, such as `gpt-4/single-v1`.
  public let judge: String
  /// From 1 to 10; nil when the judge's reply holds none.
  public let rating: Double?

  /// A rating of one answer.
  public init(
    question: String, category: String?, model: String, turn: Int?, judge: String, rating: Double?
  ) {
    self.question = question
    self.category = category
    self.model = model
    self.turn = turn
    self.judge = judge
    self.rating = rating
  }
}

/// A model's mean ratings. Answers without a rating do not count, and are counted apart.
public struct MTBenchScores: Sendable, Hashable {
  /// Grades, rated or not.
  public let rows: Int
  /// Grades without a rating.
  public let failed: Int
  /// The mean over all rated answers; nil when there are none.
  public let average: Double?
  /// The mean of each turn.
  public let byTurn: [Int: Double]
  /// The mean of each category.
  public let byCategory: [String: Double]

  /// The scores of one model's grades.
  public init(_ grades: [MTBenchGrade]) {
    rows = grades.count
    failed = grades.count { $0.rating == nil }
    average = Self.mean(grades)
    byTurn = Dictionary(grouping: grades.filter { $0.turn != nil }) { $0.turn ?? 0 }.compactMapValues(
      Self.mean)
    byCategory = Dictionary(grouping: grades.filter { $0.category != nil }) { $0.category ?? "" }
      .compactMapValues(Self.mean)
  }

  /// The scores of every model.
  public static func byModel(_ grades: [MTBenchGrade]) -> [String: MTBenchScores] {
    Dictionary(grouping: grades, by: \.model).mapValues(MTBenchScores.init)
  }

  /// The grades without repeats: of those on the same question, turn, model and judge the first. FastChat's table counts
  /// repeats twice; its clean-up tool leaves these.
  public static func firstOccurrences(_ grades: [MTBenchGrade]) -> [MTBenchGrade] {
    var seen: Set<[String]> = []
    return grades.filter {
      seen.insert([$0.model, $0.question, $0.judge, $0.turn.map(String.init) ?? ""]).inserted
    }
  }

  private static func mean(_ grades: [MTBenchGrade]) -> Double? {
    let ratings = grades.compactMap(\.rating)
    return ratings.isEmpty ? nil : ratings.reduce(0, +) / Double(ratings.count)
  }
}
