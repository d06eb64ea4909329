import Foundation

extension JudgeModel {
  /// The questions about many slates, dealt out one by one, and what came of them. Safe from any thread.
  final class Questions: @unchecked Sendable {
    /// How many there are.
    let total: Int
    private let lock = NSLock()
    private let counts: [Int]
    private var slate = 0
    private var place = 0
    private var open: [Int]
    private var findings: [[Finding?]]
    private var expenses: [[Expense]]

    /// So many questions about each slate.
    init(_ counts: [Int]) {
      self.counts = counts
      total = counts.reduce(0, +)
      open = counts
      findings = counts.map { Array(repeating: nil, count: $0) }
      expenses = counts.map { Array(repeating: Expense(), count: $0) }
    }

    /// The next question, by its slate and its place there; nil when all were dealt out.
    func next() -> (slate: Int, place: Int)? {
      lock.withLock {
        while slate < counts.count, place == counts[slate] {
          slate += 1
          place = 0
        }
        guard slate < counts.count else { return nil }
        defer { place += 1 }
        return (slate, place)
      }
    }

    /// Notes what came of a question; whether it was the last one of its slate.
    func answered(_ slate: Int, _ place: Int, _ finding: Finding, _ expense: Expense) -> Bool {
      lock.withLock {
        findings[slate][place] = finding
        expenses[slate][place] = expense
        open[slate] -= 1
        return open[slate] == 0
      }
    }

    /// What came of all questions, by slate.
    var answers: (findings: [[Finding?]], expenses: [[Expense]]) { lock.withLock { (findings, expenses) } }
  }
}
