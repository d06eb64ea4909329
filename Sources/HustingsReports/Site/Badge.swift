import Hustings
import HustingsStore

/// How far a model's number may be trusted, as far as the store can tell.
enum Badge: Sendable {
  /// A rule that every board carries as a floor.
  case rule
  /// Its answers come from a file that somebody wrote.
  case claimed
  /// Its answers come from a file, and the model itself was asked about some of the items.
  case spotChecked(SpotCheck)
  /// It was asked here.
  case rerun

  init(_ card: ModelCard, check: SpotCheck?) {
    self = card.isNull ? .rule : card.readsTexts ? .rerun : check.map(Badge.spotChecked) ?? .claimed
  }

  var html: HTML {
    switch self {
    case .rule: .span("badge rule", [.text("null rule")])
    case .claimed: .span("badge claimed", [.text("claimed")])
    case .spotChecked(let check):
      .span(
        check.alike == check.items ? "badge rerun" : "badge failed",
        [
          .text(
            "spot-checked \(Format.grouped(check.alike)) of \(Format.grouped(check.items)) "
              + (check.alike == check.items ? "✓" : "✗"))
        ])
    case .rerun: .span("badge rerun", [.text("re-run")])
    }
  }

  /// Whether the checks of a model's adapter passed; nothing for a model without a certificate.
  static func html(_ certificate: Certificate?) -> HTML {
    guard let certificate else { return .empty }
    return certificate.hasPassed
      ? .span("badge rerun", [.text("certified ✓")]) : .span("badge failed", [.text("failed certificate ✗")])
  }

  /// What the badges mean.
  static let legend: HTML = .element(
    "p", [.style("note")],
    [
      Badge.rerun.html, .text(" its answers were asked for when the run was made. "), Badge.claimed.html,
      .text(" its answers were read from a recording and nobody asked again. "),
      .span("badge", [.text("spot-checked")]),
      .text(
        " read from a recording, and a model of the same name was asked about some of the items: as many of them earned the same. "
      ), Badge.rule.html,
      .text(" a trivial rule, the floor under every board. "), .span("badge rerun", [.text("certified ✓")]),
      .text(" its adapter answers alike in every batch, order and repetition."),
    ])
}

/// What the checks of a model's adapter found.
enum CertificatePart {
  static func html(_ certificate: Certificate) -> HTML {
    let rows = certificate.checks.map { check in
      Grid.Row(
        [
          .text(check.name), .text(check.decides ? check.hasPassed ? "passed" : "failed" : "for information"),
          .text(Format.grouped(check.tried)), .text(Format.decimal(check.drift, 6)),
          .text(Format.grouped(check.flips)), .text(Format.grouped(check.faults)), .text(check.note),
        ], emphasis: check.hasPassed ? .usual : .strong)
    }
    return .section(
      "Certificate",
      [
        .p([
          .text(
            certificate.hasPassed
              ? "Every check of the adapter passed on \(Format.grouped(certificate.items)) items."
              : "A check of the adapter failed: its numbers depend on how it is asked."),
          .text(
            " Asked again, margins move by at most \(Format.decimal(certificate.noiseFloor, 6)); smaller ones are ties."
          ),
        ]),
        Grid(
          caption: "Checks of the adapter",
          columns: [
            .init("check"), .init("result"), .init("tried", isNumeric: true), .init("drift", isNumeric: true),
            .init("flips", isNumeric: true), .init("faults", isNumeric: true), .init("note"),
          ], rows: rows
        ).html,
      ])
  }
}
