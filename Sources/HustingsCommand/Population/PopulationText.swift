import Foundation
import HustingsReports
import HustingsTraining
import Populations

/// Words and tables about populations of annotators.
enum PopulationText {
  /// Threads to work on.
  static var workers: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// A number of things.
  static func counted(_ count: Int, _ noun: String) -> String {
    "\(Format.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// What the guard says of votes.
  static func table(_ report: Identification, _ loaded: LoadedVotes) -> Table {
    let counts: [(String, String, Int?)] = [
      ("annotators who voted", Format.grouped(report.annotators), report.annotators),
      ("annotators without a vote", Format.grouped(report.silent), report.silent),
      ("votes", Format.grouped(report.votes), report.votes),
      ("… between two responses", Format.grouped(report.binary), report.binary),
      ("… with a tie", Format.grouped(report.tied), report.tied),
      ("… on three or more", Format.grouped(report.wide), report.wide),
      ("lines without an answer", Format.grouped(loaded.file.unanswered), loaded.file.unanswered),
      ("prompts", Format.grouped(report.prompts), report.prompts),
      ("distinct sets of responses", Format.grouped(report.menus), report.menus),
      ("fewest votes of one annotator", "\(report.perAnnotator.least)", report.perAnnotator.least),
      ("median votes of one annotator", "\(report.perAnnotator.median)", report.perAnnotator.median),
      ("most votes of one annotator", "\(report.perAnnotator.most)", report.perAnnotator.most),
      ("annotators with two votes or more", Format.grouped(report.repeating), report.repeating),
      ("annotators who contradict themselves", Format.grouped(report.contradictory), report.contradictory),
    ]
    var rows: [[Table.Cell]] = counts.map { name, text, value in
      [.text(name), Table.Cell(text, value.map { .integer($0) } ?? .text(text))]
    }
    rows.append([
      .text("annotators who judged what others did"),
      Table.Cell("\(Format.percent(report.overlapping, 0)) %", .number(report.overlapping)),
    ])
    rows.append([.text("verdict"), Table.Cell(words(report.verdict), .text(report.verdict.rawValue))])
    return Table(
      title: "Can types of annotator be told? · \(loaded.words)",
      columns: [.init("what"), .init("found", isNumeric: true)],
      rows: rows,
      notes: report.findings.map { "\(words($0.verdict)): \($0.sentence)" }
        + (report.findings.isEmpty ? ["Nothing speaks against it."] : []))
  }

  /// The findings alone.
  static func findings(_ report: Identification) -> Table {
    Table(
      title: "What these votes cannot say",
      columns: [.init("how bad"), .init("what and what to do")],
      rows: report.findings.map { [.text(words($0.verdict)), .text($0.sentence)] })
  }

  static func words(_ verdict: Identification.Verdict) -> String {
    switch verdict {
    case .identified: "can be told"
    case .weak: "with care"
    case .impossible: "cannot be told"
    }
  }
}
