/// The coins that AlpacaEval tosses, each a function of the prompt and a seed alone, and so the same for every model.
public enum AlpacaSeeding {
  /// Whether the judge was shown the model's response first. Its preference p, on AlpacaEval's scale from 1 to 2, then
  /// means 3 − p.
  public static func isSwapped(prompt: String, seed: Int = 0) -> Bool {
    var random = PythonRandom(seed: "is_switched_outputs\(prompt)\(seed)")
    return random.choice(of: 2) == 1
  }

  /// Which of a pool's annotators judges the prompt.
  public static func annotator(of count: Int, prompt: String, seed: Int = 0) -> Int {
    var random = PythonRandom(seed: "annotator\(prompt)\(seed)")
    return random.choice(of: count)
  }

  /// The preference (1 or 2) that noise puts in the judge's place; nil where the judge is asked.
  ///
  /// - Parameter flip: the share of labels flipped; twice that share is replaced by a fair coin.
  public static func noise(prompt: String, flip: Double, seed: Int = 0) -> Int? {
    precondition(flip >= 0 && flip <= 0.5, "a share of \(flip) flipped labels")
    var random = PythonRandom(seed: "noisy_preference\(prompt)\(seed)")
    let place = random.choice(weights: [1 - 2 * flip, flip, flip])
    return place == 0 ? nil : place
  }
}
