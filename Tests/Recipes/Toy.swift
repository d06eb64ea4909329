import Hustings

/// Made-up pairs for tests.
enum Toy {
  /// Pairs whose chosen response says "good", the rejected one "bad", three a prompt.
  static func pairs(_ count: Int) -> [PreferencePair] {
    (0..<count).map { number in
      PreferencePair(
        id: "\(number)", subset: "all", prompt: Prompt("Question \(number / 3)?"),
        chosen: Response("a good answer, \(number % 7)"), rejected: Response("a bad answer, \(number % 5)"))
    }
  }
}
