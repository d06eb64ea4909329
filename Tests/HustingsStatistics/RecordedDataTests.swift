import Foundation
import HustingsFixtures
import HustingsNumerics
import HustingsStatistics
import Testing

/// The statistics on recorded scores and ratings, against the numbers that came with them.
@Suite struct RecordedDataTests {
  /// A comma-separated table without quoted fields: header and rows.
  static func table(_ path: String) throws -> (header: [String], rows: [[String]]) {
    let url = try #require(DataRoot.url).appendingPathComponent(path)
    let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return (try #require(lines.first), Array(lines.dropFirst()))
  }

  /// The number at a path of keys in a file of expected values.
  static func expected(_ path: String, _ keys: String...) throws -> Double {
    let url = try #require(DataRoot.url).appendingPathComponent(path)
    var value: Any = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    for key in keys {
      if let index = Int(key), let list = value as? [Any] {
        value = list[index]
      } else {
        value = try #require((value as? [String: Any])?[key], "no \(key)")
      }
    }
    return try #require((value as? NSNumber)?.doubleValue)
  }

  @Test(.enabled(if: DataRoot.has("judgebench"), Comment(rawValue: DataRoot.reason)))
  func recordedRewardsGiveTheirScores() throws {
    let (header, rows) = try Self.table("judgebench/rm_scores.csv")
    let label = try #require(header.firstIndex(of: "label"))
    for (column, name) in header.enumerated() where name.hasSuffix(":score_A") {
      let model = String(name.dropLast(":score_A".count))
      let scores = try rows.map { row -> (chosen: Double, rejected: Double) in
        let (a, b) = (try #require(Double(row[column])), try #require(Double(row[column + 1])))
        return row[label] == "A>B" ? (a, b) : (b, a)
      }
      let margins = scores.map { $0.chosen - $0.rejected }
      func value(_ key: String) throws -> Double {
        try Self.expected("judgebench/expected.json", "models", model, "Overall", key)
      }
      let wins = margins.count { $0 > 0 }
      let wilson = try #require(Proportion(successes: Double(wins), trials: margins.count)).wilson(
        level: 0.95)
      #expect(
        close(
          wilson.low,
          try Self.expected(
            "judgebench/expected.json", "models", model, "Overall", "wilson95_strict", "0")))
      #expect(
        close(
          wilson.high,
          try Self.expected(
            "judgebench/expected.json", "models", model, "Overall", "wilson95_strict", "1")))
      #expect(close(MarginScores.logLoss(margins), try value("bt_log_loss")))
      #expect(close(MarginScores.brier(margins), try value("brier")))
      let folded = MarginScores.folded(margins, temperature: 1)
      #expect(close(CalibrationBins.equalWidth(folded, bins: 10).expectedError, try value("ece10")))
      #expect(
        close(
          areaUnderROC(positive: scores.map(\.chosen), negative: scores.map(\.rejected)),
          try value("auroc_response_level")))
      let sign = SignTest(wins: wins, losses: margins.count { $0 < 0 })
      #expect(close(sign.pValue, try value("sign_test_p_two_sided")))
      #expect(close(Descriptive.median(margins), try value("median_margin")))
      #expect(close(Descriptive.standardDeviation(margins, divisor: .sample), try value("std_margin_sample")))
      #expect(
        close(Descriptive.standardDeviation(margins, divisor: .population), try value("std_margin_pop")))
    }
  }

  @Test(.enabled(if: DataRoot.has("dices350"), Comment(rawValue: DataRoot.reason)))
  func safetyRatingsGiveTheirAgreement() throws {
    let (_, rows) = try Self.table("dices350/ratings.csv")
    let ratings = rows.map { Array($0.dropFirst(2)) }
    let file = "dices350/expected.json"
    #expect(close(KrippendorffAlpha.nominal(ratings), try Self.expected(file, "krippendorff_nominal_3cat")))
    let fleiss = try #require(FleissKappa(labels: ratings))
    #expect(close(fleiss.value, try Self.expected(file, "fleiss_3cat", "kappa")))
    #expect(close(fleiss.observed, try Self.expected(file, "fleiss_3cat", "mean_pairwise_agreement")))
  }

  @Test(.enabled(if: DataRoot.has("wmt23_sxs_ende"), Comment(rawValue: DataRoot.reason)))
  func translationPenaltiesGiveTheirAlpha() throws {
    let (header, rows) = try Self.table("wmt23_sxs_ende/mqm.csv")
    let penalty = try #require(header.firstIndex(of: "mqm_penalty"))
    let segment = try #require(header.firstIndex(of: "segment"))
    let system = try #require(header.firstIndex(of: "system"))
    let units = try Dictionary(grouping: rows) { $0[segment] + "," + $0[system] }
      .mapValues { try $0.map { try #require(Double($0[penalty])) } }
    let alpha = KrippendorffAlpha.interval.value(Array(units.values))
    #expect(close(alpha, try Self.expected("wmt23_sxs_ende/expected.json", "krippendorff_interval")))
  }

  @Test(.enabled(if: DataRoot.has("squality"), Comment(rawValue: DataRoot.reason)))
  func summaryRatingsGiveTheirCorrelations() throws {
    let (header, rows) = try Self.table("squality/ratings.csv")
    let worker = try #require(header.firstIndex(of: "worker_id"))
    let rating = try #require(header.firstIndex(of: "overall_rating"))
    let units = try Dictionary(grouping: rows) { $0[0] + "," + $0[1] + "," + $0[2] }.mapValues { rows in
      Dictionary(uniqueKeysWithValues: try rows.map { ($0[worker], try #require(Double($0[rating]))) })
    }
    let file = "squality/expected.json"
    let alpha = KrippendorffAlpha.interval.value(units.values.map { Array($0.values) })
    #expect(close(alpha, try Self.expected(file, "krippendorff_interval_overall_rating")))
    for pair in ["2-3", "2-6", "2-8", "3-6", "3-8", "6-8"] {
      let both = units.values.compactMap { unit in
        unit[String(pair.prefix(1))].flatMap { one in unit[String(pair.suffix(1))].map { (one, $0) } }
      }
      for (kind, key) in [
        (Correlation.pearson, "pearson"), (.spearman, "spearman"), (.kendall, "kendall_tau_b"),
      ] {
        let value = kind.value(both.map(\.0), both.map(\.1))
        #expect(close(value, try Self.expected(file, "inter_rater_overall_rating", pair, key)))
      }
    }
  }

  @Test(.enabled(if: DataRoot.has("pandalm"), Comment(rawValue: DataRoot.reason)))
  func annotatorsGiveTheirKappas() throws {
    let url = try #require(DataRoot.url).appendingPathComponent("pandalm/testset-v1.json")
    let items = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [[String: Any]])
    let votes = try (1...3).map { annotator in
      try items.map { try #require($0["annotator\(annotator)"] as? NSNumber).intValue }
    }
    let file = "pandalm/expected.json"
    for (first, second) in [(1, 2), (1, 3), (2, 3)] {
      let kappa = try #require(CohenKappa(votes[first - 1], votes[second - 1]))
      #expect(close(kappa.value, try Self.expected(file, "cohen_kappa", "\(first)-\(second)", "kappa")))
    }
    let units = items.indices.map { item in votes.map { $0[item] } }
    #expect(close(KrippendorffAlpha.nominal(units), try Self.expected(file, "krippendorff_nominal")))
    #expect(close(try #require(FleissKappa(labels: units)).value, try Self.expected(file, "fleiss", "kappa")))
  }

  @Test(.enabled(if: DataRoot.has("bon_alpaca_tulu"), Comment(rawValue: DataRoot.reason)))
  func recordedPreferencesGiveTheirBestOfKCurves() throws {
    let (header, rows) = try Self.table("bon_alpaca_tulu/preferences.csv")
    let file = "bon_alpaca_tulu/expected.json"
    func columns(_ prefix: String) -> [Int] {
      (0..<11).compactMap { header.firstIndex(of: "\(prefix)_\($0)") }
    }
    let preferences = try rows.map { row in
      try columns("pref").map { (try #require(Double(row[$0])) - 1) * 100 }
    }
    let lengths = try rows.map { row in try columns("len").map { try #require(Double(row[$0])) } }
    for (scores, key) in [(preferences, "select_by_judge_preference"), (lengths, "select_by_length")] {
      let curves = zip(scores, preferences).map { BestOfK.curve(scores: $0, values: $1, ties: .lowerIndex) }
      for k in 1...11 {
        let value = Descriptive.mean(curves.map { $0[k - 1] })
        #expect(close(value, try Self.expected(file, "best_of_k_expected_value", key, "\(k)")))
      }
    }
    let averaged = zip(lengths, preferences).map {
      BestOfK.expectedValue(scores: $0, values: $1, k: 11, ties: .averaged)
    }
    #expect(
      close(Descriptive.mean(averaged), try Self.expected(file, "best_of_11", "longest_ties_averaged")))
  }

  @Test(.enabled(if: DataRoot.has("pandalm"), Comment(rawValue: DataRoot.reason)))
  func recordedWinsGiveTheirStrengths() throws {
    let url = try #require(DataRoot.url).appendingPathComponent("pandalm/expected.json")
    let all = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    let tables = try #require(all["win_lose_tie"] as? [String: [String: [Int]]])
    for (judge, table) in tables {
      let names = Set(table.keys.flatMap { $0.split(separator: "_").map(String.init) }).sorted()
      var meetings: [BradleyTerry.Meeting] = []
      for (pair, counts) in table {
        let sides = pair.split(separator: "_").compactMap { names.firstIndex(of: String($0)) }
        for (outcome, count) in zip([1, 0, 0.5], counts) {
          meetings.append(
            .init(first: sides[0], second: sides[1], outcome: outcome, weight: Double(count)))
        }
      }
      let fit = try #require(
        BradleyTerry(
          models: names.count, meetings: meetings, clusters: .singletons(meetings.count), position: false,
          disconnected: .refuse))
      for (model, name) in names.enumerated() {
        let expected = try Self.expected(
          "pandalm/expected.json", "bradley_terry_log_strength_zero_mean", judge, name)
        #expect(close(fit.strengths[model], expected, 1e-8))
      }
    }
  }
}
