import Foundation
import Hustings
import HustingsMetrics

/// Where a gate's result is shown.
public enum GateFormat: String, Sendable, Hashable, CaseIterable {
  /// Columns for a terminal, the same for a step summary or a comment, and one object for programs.
  case table, markdown, json
  /// What continuous integration reads as a test report, and what GitHub shows beside a pull request.
  case junit, github
}

extension Gate {
  /// The result in a format, ending in a newline.
  public func rendered(as format: GateFormat) -> String {
    switch format {
    case .table: table.rendered(as: .table)
    case .markdown: markdown
    case .json: json
    case .junit: junit
    case .github: github
    }
  }

  private var mark: String {
    switch verdict {
    case .pass: "✅"
    case .fail: "❌"
    case .inconclusive: "❔"
    case .invalid: "⛔"
    }
  }

  private var markdown: String {
    let body = table.rendered(as: .markdown).split(
      separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    return
      "### \(mark) Gate \(verdict.rawValue): \(Gate.plain(candidate.name)) against \(Gate.plain(baseline.name))\n"
      + (body.count > 1 ? body[1] : "")
  }

  /// A name that no markdown takes for markup.
  private static func plain(_ name: String) -> String {
    "`" + name.replacing("`", with: "'").replacing("\n", with: " ") + "`"
  }

  private var json: String {
    let rows = findings.map { finding -> String in
      let evidence = finding.evidence
      let members: [(String, String)] = [
        ("clause", JSONText.string(finding.clause.name)),
        ("benchmark", JSONText.string(finding.clause.benchmark)),
        ("stratum", finding.clause.stratum.map(JSONText.string) ?? "null"),
        ("role", JSONText.string(finding.clause.role.rawValue)),
        ("test", JSONText.string(finding.clause.test.rawValue)),
        ("verdict", JSONText.string(finding.verdict.rawValue)), ("why", JSONText.string(finding.sentence)),
        ("margin", "\(finding.clause.margin)"), ("alpha", "\(finding.alpha)"),
        ("baseline", Gate.number(evidence?.baseline)), ("candidate", Gate.number(evidence?.candidate)),
        ("difference", Gate.number(evidence?.difference)), ("lower_limit", Gate.number(finding.lowerLimit)),
        ("upper_limit", Gate.number(finding.upperLimit)),
        ("method", evidence.map { JSONText.string($0.method.rawValue) } ?? "null"),
        ("items", evidence.map { "\($0.items)" } ?? "null"),
        ("clusters", evidence.map { "\($0.clusters)" } ?? "null"),
        ("candidate_only", evidence?.discordant.map { "\($0.candidateOnly)" } ?? "null"),
        ("baseline_only", evidence?.discordant.map { "\($0.baselineOnly)" } ?? "null"),
        ("power", Gate.number(finding.power)),
        ("worse_p", Gate.number(finding.worseP)),
        ("e_value", Gate.number(finding.eValue)),
        ("items_needed", finding.itemsNeeded.map { "\($0)" } ?? "null"), ("look", "\(finding.look)"),
      ]
      return "    {" + members.map { "\(JSONText.string($0.0)): \($0.1)" }.joined(separator: ", ") + "}"
    }
    return """
      {
        "verdict": \(JSONText.string(verdict.rawValue)),
        "objection": \(objection.map(JSONText.string) ?? "null"),
        "mode": \(JSONText.string(contract.mode.rawValue)),
        "contract": {"version": \(contract.version), "digest": \(JSONText.string(contract.digest.hex))},
        "baseline": {"name": \(JSONText.string(baseline.name)), "fingerprint": \(JSONText.string(baseline.fingerprint.hex))},
        "candidate": {"name": \(JSONText.string(candidate.name)), "fingerprint": \(JSONText.string(candidate.fingerprint.hex))},
        "clauses": [
      \(rows.joined(separator: ",\n"))
        ]
      }

      """
  }

  private static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "null" }
    return "\(value)"
  }

  /// One test case a clause: a failure for FAIL, an error for INVALID, skipped for INCONCLUSIVE. An advisory clause never fails
  /// the suite; what it says is in its output.
  private var junit: String {
    // XML 1.0 has no control characters, not even escaped.
    func content(_ text: String) -> String {
      Markup.escape(String(text.map { $0.isASCII && ($0.asciiValue ?? 32) < 32 ? " " : $0 }))
    }
    func attribute(_ text: String) -> String { "\"" + content(text) + "\"" }
    var cases = findings.map { finding -> String in
      let head =
        "    <testcase classname=\(attribute("hustings.gate.\(finding.clause.role.rawValue)")) "
        + "name=\(attribute(finding.clause.name))>"
      let facts = "\(finding.verdict.rawValue): \(Gate.facts(finding))"
      let element: String
      switch (finding.clause.role, finding.verdict) {
      case (.advisory, _), (_, .pass): element = "<system-out>\(content(facts))</system-out>"
      case (_, .fail):
        element =
          "<failure type=\"regression\" message=\(attribute(finding.reason))>\(content(facts))</failure>"
      case (_, .invalid):
        element = "<error type=\"invalid\" message=\(attribute(finding.reason))>\(content(facts))</error>"
      case (_, .inconclusive): element = "<skipped message=\(attribute(facts))/>"
      }
      return head + element + "</testcase>"
    }
    if let objection {
      cases.append(
        "    <testcase classname=\"hustings.gate\" name=\"contract\"><error type=\"invalid\" "
          + "message=\(attribute(objection))/></testcase>")
    }
    func count(_ verdict: Verdict) -> Int {
      findings.count { $0.clause.role == .primary && $0.verdict == verdict }
    }
    let errors = count(.invalid) + (objection == nil ? 0 : 1)
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites>
        <testsuite name=\(attribute("hustings gate: \(candidate.name) against \(baseline.name)")) tests="\(cases.count)" \
      failures="\(count(.fail))" errors="\(errors)" skipped="\(count(.inconclusive))">
      \(cases.joined(separator: "\n"))
        </testsuite>
      </testsuites>

      """
  }

  /// Workflow commands, one a clause: errors for FAIL and INVALID, a warning for INCONCLUSIVE and for advisory clauses that do
  /// not pass, a notice for PASS.
  private var github: String {
    func escape(_ text: String) -> String {
      text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }
    func property(_ text: String) -> String {
      escape(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
    var lines = findings.map { finding -> String in
      let level: String
      switch (finding.verdict, finding.clause.role) {
      case (.pass, _): level = "notice"
      case (_, .advisory), (.inconclusive, _): level = "warning"
      case (.fail, _), (.invalid, _): level = "error"
      }
      return "::\(level) title=\(property("gate \(finding.verdict.rawValue) · \(finding.clause.name)"))::"
        + escape(Gate.facts(finding))
    }
    if let objection { lines.append("::error title=gate INVALID · contract::" + escape(objection)) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A finding in one line.
  static func facts(_ finding: Finding) -> String {
    guard let evidence = finding.evidence, let low = finding.lowerLimit, let high = finding.upperLimit else {
      return finding.sentence
    }
    let unit = finding.unit
    return
      "difference \(text(evidence.difference, unit)), one-sided limits [\(text(low, unit)), \(text(high, unit))], "
      + "margin \(text(finding.clause.margin, unit).replacing("+", with: "")), \(Format.grouped(evidence.items)) items; "
      + finding.sentence
  }
}
