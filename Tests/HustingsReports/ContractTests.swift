import Hustings
import HustingsMetrics
import HustingsReports
import Testing

@Suite struct ContractTests {
  @Test func everyKeyIsRead() throws {
    let contract = try Contract(
      yaml: """
        version: 3
        owner: team@example.com
        expires: 2027-06-30
        mode: any-may-block
        alpha: 0.1
        power: 0.9
        looks: 2
        certificate: required
        coverage: 0.95
        clauses:
          - benchmark: judgebench
            metric: accuracy
            stratum: Coding
            direction: higher
            margin: 0.02
            test: equivalence
            role: advisory
            cluster: item
            alpha: 0.01
            coverage: 0.9
            strict: true
          - benchmark: llmbar
            scale: spread
            margin: 0.2
        """, file: "c.yaml")
    #expect(contract.version == 3)
    #expect(contract.owner == "team@example.com")
    #expect(contract.expires == "2027-06-30")
    #expect(contract.mode == .anyMayBlock)
    #expect(contract.power == 0.9)
    #expect(contract.looks == 2)
    #expect(contract.needsCertificate)
    let first = contract.clauses[0]
    #expect(
      first.benchmark == "judgebench" && first.subject == .metric("accuracy") && first.stratum == "Coding")
    #expect(first.direction == .higherIsBetter && first.margin == 0.02 && first.test == .equivalence)
    #expect(first.role == .advisory && first.cluster == .item && first.alpha == 0.01 && first.coverage == 0.9)
    #expect(first.isStrict && first.line == 11)
    let second = contract.clauses[1]
    #expect(second.subject == .scale(.spread) && second.alpha == 0.1 && second.coverage == 0.95)
    #expect(second.role == .primary && second.cluster == .prompt && !second.isStrict)
  }

  @Test(arguments: [
    ("", "is empty"), ("clauses: []\n", "no list of clauses"), ("version: 1\n", "has no clauses"),
    ("clauses:\n  - benchmark: a\n", "c.yaml:2 has a clause without a margin"),
    ("clauses:\n  - margin: 0.1\n", "c.yaml:2 has a clause without a benchmark"),
    ("clauses:\n  - benchmark: a\n    margin: -1\n", "without a margin above 0"),
    ("clauses:\n  - benchmark: a\n    margin: wide\n", "c.yaml:3 has 'wide' for margin. It takes a number"),
    ("clauses:\n  - benchmark: a\n    margins: 1\n", "c.yaml:3 has the key 'margins'"),
    ("clauses:\n  - benchmark: a\n    margin: 0.1\n    role: main\n", "primary or advisory"),
    ("alpha: 2\nclauses:\n  - benchmark: a\n    margin: 0.1\n", "c.yaml:1 has '2' for alpha"),
    ("expires: soon\nclauses:\n  - benchmark: a\n    margin: 0.1\n", "c.yaml:1 has 'soon' for a day"),
    ("looks: 0\nclauses:\n  - benchmark: a\n    margin: 0.1\n", "whole number from 1"),
    ("clauses:\n  - benchmark: a\n    margin: 0.1\n  - benchmark: a\n    margin: 0.2\n", "c.yaml:4 repeats"),
    (
      "clauses:\n  - benchmark: a\n    margin: 0.1\n    metric: x\n    scale: tails\n",
      "both a metric and a scale"
    ),
    ("clauses: [\n", "c.yaml:"), ("just a text", "holds no contract"),
  ])
  func whatIsWrongIsNamedWithItsLine(text: String, sentence: String) {
    #expect {
      try Contract(yaml: text, file: "c.yaml")
    } throws: { error in
      "\(error)".hasPrefix("c.yaml") && "\(error)".contains(sentence) && "\(error)".hasSuffix(".")
    }
  }
}
