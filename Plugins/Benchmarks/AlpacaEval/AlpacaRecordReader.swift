import Foundation
import Hustings
import HustingsData
import HustingsMetrics

/// Reads an `annotations.json` as recorded judgments of a contest, one record per annotator and model.
struct AlpacaRecordReader {
  private let baseline: [String: String]
  private let benchmark: String

  init(_ baseline: [AlpacaSet.Item], benchmark: String) {
    self.baseline = Dictionary(
      baseline.map { ($0.item, $0.response) }, uniquingKeysWith: { first, _ in first })
    self.benchmark = benchmark
  }

  /// Whose rows belong together.
  private struct Group: Hashable {
    let annotator: String
    let model: String?
  }

  func records(_ file: String) throws -> [ContestRecord] {
    var order: [Group] = []
    var groups: [Group: [AlpacaAnnotationRow]] = [:]
    for row in try AlpacaAnnotationRow.read(file) {
      let group = Group(annotator: row.annotator ?? "unnamed annotator", model: row.model)
      if groups[group] == nil { order.append(group) }
      groups[group, default: []].append(row)
    }
    return try order.map { try record($0, groups[$0] ?? [], file: file) }
  }

  private func record(_ group: Group, _ rows: [AlpacaAnnotationRow], file: String) throws -> ContestRecord {
    var check = AlpacaReplyCheck()
    let annotator = AlpacaAnnotator.named(group.annotator)
    var entries: [String: ContestRecord.Entry] = [:]
    var strangers = 0
    var otherBaseline = 0
    let read = rows.map { reading($0, by: annotator, check: &check) }
    // A file whose replies mostly contradict its preferences was written by another parser than its annotator's name says.
    let trustsReplies = check.mismatches * 10 <= check.read
    for (row, reading) in zip(rows, read) {
      let item = AlpacaSet.item(of: row.prompt)
      guard let response = baseline[item] else {
        strangers += 1
        continue
      }
      if response != row.baselineResponse { otherBaseline += 1 }
      entries[item] = entry(row, trustsReplies ? reading : reading.stored, annotator)
    }
    guard strangers < rows.count else {
      throw BenchmarkError.noCommonPrompt(file: file, benchmark: benchmark, count: rows.count)
    }
    guard otherBaseline * 20 <= entries.count else {
      throw BenchmarkError.otherBaseline(
        file: file, benchmark: benchmark, baseline: rows.first?.baseline, differing: otherBaseline,
        count: entries.count)
    }
    var warnings: [String] = []
    if strangers > 0 {
      warnings.append("\(strangers) rows about prompts that \(benchmark) does not have are left out.")
    }
    if otherBaseline > 0 {
      warnings.append("\(otherBaseline) rows compare with another response than the baseline's.")
    }
    if check.mismatches > 0 {
      warnings.append(
        "\(check.mismatches) of \(check.read) preferences read from the judge's replies differ from the stored ones; "
          + (trustsReplies ? "those read count." : "the stored ones count."))
    }
    return ContestRecord(
      judge: ModelCard(
        name: group.annotator, kind: .judge, revision: "recorded",
        fingerprint: SHA256.digest("alpaca_eval annotator/1/\(group.annotator)")),
      author: group.model, entries: entries, warnings: warnings)
  }

  /// What a row's reply and its stored preference say; nil where the judge said nothing usable.
  private struct Reading {
    let preference: Double?
    let storedPreference: Double?

    var stored: Reading { Reading(preference: storedPreference, storedPreference: storedPreference) }
  }

  private func reading(
    _ row: AlpacaAnnotationRow, by annotator: AlpacaAnnotator?, check: inout AlpacaReplyCheck
  ) -> Reading {
    let stored = AlpacaPreference.probability(code: row.code)
    if row.isIdentical { return Reading(preference: 0.5, storedPreference: 0.5) }
    guard let annotator else { return Reading(preference: stored, storedPreference: stored) }
    let found = check.preference(stored: stored, row.reply) { reply in
      try? annotator.probability(in: reply, prompt: row.prompt)
    }
    return Reading(preference: found, storedPreference: stored)
  }

  private func entry(
    _ row: AlpacaAnnotationRow, _ reading: Reading, _ annotator: AlpacaAnnotator?
  ) -> ContestRecord.Entry {
    let judgment =
      reading.preference.map { Judgment(logOdds: SeatCredit.logOdds($0)) }
      ?? .absent(Absence(.abstention, "the judge's reply holds no preference"))
    let lengths = [row.baselineResponse, row.modelResponse].map { Optional(Double($0.codePointCount)) }
    var traits: [String: [Double?]] = [Trait.length: lengths, Trait.queries: [0, 0]]
    guard !row.isIdentical else {
      return .init(tournament: Tournament(count: 2, symmetric: [Matchup(1, 0): .margin(0)]), traits: traits)
    }
    let isSeatFirst = annotator?.randomisesOrder == true && AlpacaSeeding.isSwapped(prompt: row.prompt)
    traits[Trait.queries] = isSeatFirst ? [0, 1] : [1, 0]
    if let price = row.price { traits[Trait.cost] = isSeatFirst ? [0, price] : [price, 0] }
    // Where the annotator is unknown, so is the order in which it was shown the two.
    guard annotator != nil else {
      return .init(tournament: Tournament(count: 2, symmetric: [Matchup(1, 0): judgment]), traits: traits)
    }
    let told = isSeatFirst ? [Matchup(1, 0): judgment] : [Matchup(0, 1): judgment.negated]
    return .init(tournament: Tournament(count: 2, ordered: told), traits: traits)
  }
}
