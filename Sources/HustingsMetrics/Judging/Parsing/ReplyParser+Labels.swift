import Foundation

extension ReplyParser {
  /// 2 − P(first label) / P(all labels) at every position read; nothing where no label is listed.
  func shares(_ rule: LabelProbability, in input: Found) throws(ReplyFault) -> [Found] {
    guard case .tokens(let tokens) = input else { throw .wrongKind(expected: "log-probabilities") }
    guard let last = tokens.last else { throw .empty }
    switch rule.position {
    case .last: return [share(rule, in: last)]
    case .each: return tokens.map { share(rule, in: $0) }
    }
  }

  private func share(_ rule: LabelProbability, in choices: TokenChoices) -> Found {
    let first = choices[rule.first]
    var top = first
    for label in rule.labels {
      if let known = choices[label] { top = max(top ?? known, known) }
    }
    guard let top else { return .nothing }
    if rule.isBinarized {
      let rivals = rule.labels.filter { $0 != rule.first }.map { choices[$0] ?? -.infinity }
      let isBest = rivals.allSatisfy { (first ?? -.infinity) > $0 }
      return .value(.number(isBest ? 1 : 2))
    }
    guard let first else { return .value(.number(2)) }
    // P(first) / Σ P, with the largest term taken out; equal labels give exactly one half.
    var total = 0.0
    for label in rule.labels {
      if let known = choices[label] { total += exp(known - top) }
    }
    return .value(.number(2 - exp(first - top) / total))
  }
}
