import ArgumentParser
import Foundation
import HustingsReports
import Reproductions

/// `hustings reproduce`
struct ReproduceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Compute every published number that the data at hand allow, and print how far off each is.",
    discussion: """
      Reads expected.json of each data set below the data root, computes the same numbers with the benchmarks, models and metrics
      of the other commands, and exits with 1 if any differs by more than its tolerance.
      """)

  @Argument(help: "Data sets, by folder; all that are there when none is given.")
  var folders: [String] = []

  @Flag(name: .long, help: "Print one line per data set, and the numbers that are off.")
  var summary = false

  @OptionGroup var data: DataOptions
  @OptionGroup var format: FormatOptions

  func run() async throws {
    let root = try Workplace(data: data, seed: 0).dataRoot
    var lines: [ReproducedNumber] = []
    var missing: [String] = []
    for reproduction in try chosen() {
      let folder = "\(root)/\(reproduction.folder)"
      let expected = "\(folder)/\(reproduction.expected)"
      guard FileManager.default.fileExists(atPath: expected) else {
        missing.append(reproduction.folder)
        continue
      }
      Terminal.progress("computing \(reproduction.folder)")
      let wanted = reproduction.select(try Figures(file: expected))
      let obtained = try await reproduction.obtain(folder)
      lines += ReproducedNumber.compare(wanted, obtained, reproduction)
    }
    Terminal.endProgress()
    guard !lines.isEmpty else {
      throw InvalidRequest(
        "No data set with expected numbers lies below \(root). Point --data or HUSTINGS_DATA at one.")
    }
    let shown = summary ? lines.filter { $0.verdict == .off } : lines
    if !shown.isEmpty { Terminal.write(ReproducedNumber.table(shown).rendered(as: format.format)) }
    if format.format == .table {
      Terminal.write("\n" + ReproducedNumber.summary(lines, missing: missing).rendered(as: .table))
    }
    if lines.contains(where: { $0.verdict == .off }) { throw ExitStatus.regressed }
  }

  private func chosen() throws -> [Reproduction] {
    for folder in folders where !Reproductions.all.contains(where: { $0.folder == folder }) {
      let known = Set(Reproductions.all.map(\.folder)).sorted().joined(separator: ", ")
      throw UsageError("No numbers are known for '\(folder)'. Choose from \(known).")
    }
    return Reproductions.all.filter { folders.isEmpty || folders.contains($0.folder) }
  }
}

/// One expected number and what came of it.
struct ReproducedNumber {
  enum Verdict: String {
    case same, better, off, quoted
  }

  let folder: String
  let path: String
  let expected: Figures
  let obtained: Figures?
  let difference: Double?
  let verdict: Verdict

  static func compare(_ expected: Figures, _ obtained: Figures, _ reproduction: Reproduction)
    -> [ReproducedNumber]
  {
    let found = Dictionary(
      obtained.leaves.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
    let tolerance = reproduction.tolerance(for: obtained)
    let wantedByPath = Dictionary(
      expected.leaves.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
    return expected.leaves.map { path, wanted in
      let isQuoted = reproduction.quotation(at: path) != nil
      let given = found[path]
      var difference: Double?
      let isSame: Bool
      if case .number(let a) = wanted, case .number(let b)? = given {
        difference = b - a
        isSame = abs(b - a) <= tolerance.limit(at: path, expected: a)
      } else {
        isSame = given == wanted
      }
      var verdict: Verdict = isQuoted ? .quoted : isSame ? .same : .off
      if verdict == .off, let best = reproduction.raised(by: path),
        let before = wantedByPath[best]?.number, let after = found[best]?.number,
        after > before + reproduction.tolerance.limit(at: best, expected: before), given != nil
      {
        // A better find has other details.
        verdict = .better
      }
      return ReproducedNumber(
        folder: reproduction.folder, path: path, expected: wanted, obtained: given, difference: difference,
        verdict: verdict)
    }
  }

  static func table(_ numbers: [ReproducedNumber]) -> Table {
    Table(
      columns: [
        .init("data set"), .init("number"), .init("expected", isNumeric: true),
        .init("obtained", isNumeric: true),
        .init("difference", isNumeric: true), .init("verdict"),
      ],
      rows: numbers.map { number in
        [
          .text(number.folder), .text(number.path), number.expected.cell, number.obtained?.cell ?? .missing,
          number.difference.map { Table.Cell($0 == 0 ? "0" : String(format: "%.1e", $0), .number($0)) }
            ?? .missing,
          .text(number.verdict.rawValue),
        ]
      })
  }

  static func summary(_ numbers: [ReproducedNumber], missing: [String]) -> Table {
    let folders = numbers.map(\.folder).reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
    let rows: [[Table.Cell]] = folders.map { folder in
      let mine = numbers.filter { $0.folder == folder }
      let largest = mine.filter { $0.verdict == .same || $0.verdict == .off }.compactMap {
        $0.difference.map(abs)
      }.max()
      return [
        .text(folder), .integer(mine.count { $0.verdict == .same }),
        .integer(mine.count { $0.verdict == .better }),
        .integer(mine.count { $0.verdict == .off }),
        .integer(mine.count { $0.verdict == .quoted }),
        largest.map { Table.Cell($0 == 0 ? "0" : String(format: "%.1e", $0), .number($0)) } ?? .missing,
      ]
    }
    let notes = missing.isEmpty ? [] : ["Not there, so not computed: \(missing.joined(separator: ", "))."]
    return Table(
      columns: [
        .init("data set"), .init("same", isNumeric: true), .init("better found", isNumeric: true),
        .init("off", isNumeric: true),
        .init("quoted", isNumeric: true), .init("largest difference", isNumeric: true),
      ], rows: rows, notes: notes)
  }
}

extension Figures {
  /// The figure as a cell with all its digits.
  var cell: Table.Cell {
    switch self {
    case .number(let value):
      value == value.rounded() && abs(value) < 1e15
        ? Table.Cell("\(Int(value))", .number(value)) : Table.Cell("\(value)", .number(value))
    case .text(let text): .text(text)
    case .flag(let flag): .text("\(flag)")
    case .missing: .missing
    case .list: .text("[]")
    case .object: .text("{}")
    }
  }
}
