import ArgumentParser
import Foundation
import Hustings
import HustingsReports
import HustingsRunner
import HustingsStore

/// `hustings certify`
struct CertifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certify",
    abstract: "Check that a model's answers depend on the texts alone, and store the certificate.",
    discussion: """
      Asks about the same items again, one at a time, in other company, order and names, and with responses handed over
      backwards; tries empty, huge and unusual texts. A preference that turns round, or an answer that goes missing, fails it. A
      contract can require a certificate.

        hustings certify checkpoint:models/gpm
        hustings certify 'exec:./model.py' --benchmark llmbar
      """)

  @Argument(help: "The model, as one string.")
  var model: String

  @Option(name: .long, help: "Take the items from this benchmark. Default: made-up ones.")
  var benchmark: String?

  @Option(name: .long, help: "How many items to ask about.")
  var items = 64

  @Option(name: .long, help: "What every random choice is a function of.")
  var seed: UInt64 = 0

  @OptionGroup var data: DataOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard items >= 1 else { throw ValidationError("--items takes a number from 1 on.") }
  }

  func run() async throws {
    let workplace = try Workplace(data: data, seed: seed)
    let models = try await workplace.models(model)
    guard models.count == 1, let model = models.first else {
      throw UsageError("'\(self.model)' names \(models.count) models. Certify one at a time.")
    }
    guard !(model is any Recording) else {
      throw InvalidRequest(
        "\(model.card.name) is a recording, which says the same whatever is asked. Certify the model it was made with."
      )
    }
    let slates = try slates(workplace)
    let certificate = try await Certification(of: model, on: slates).certificate()
    let store = try Store(at: URL(fileURLWithPath: self.store.store), mode: .create)
    try store.register(model.card)
    try store.keep(certificate, now: Date())
    Terminal.write(certificate.table.rendered(as: format.format))
    guard certificate.hasPassed else { throw ExitStatus.regressed }
  }

  /// Slates spread over the benchmark, or made-up ones.
  private func slates(_ workplace: Workplace) throws -> [Slate] {
    guard let benchmark else { return CertifyCommand.made(items) }
    let made = try workplace.benchmark(benchmark)
    guard made.card.content != .names else {
      throw InvalidRequest("\(made.card.name) has names in place of texts. Choose a benchmark with texts.")
    }
    var slates: [Slate] = []
    let isMixed = made.card.content == .mixed
    try made.examples { if !isMixed || !$0.slate.prompt.messages.isEmpty { slates.append($0.slate) } }
    guard !slates.isEmpty else { throw RunError.noItems(benchmark: made.card.name) }
    let step = max(1, slates.count / items)
    return stride(from: 0, to: slates.count, by: step).prefix(items).map { slates[$0] }
  }

  /// Slates of two to four responses of many lengths.
  static func made(_ count: Int) -> [Slate] {
    let subjects = [
      "tides", "sourdough", "prime numbers", "bicycle chains", "migrating birds", "glass", "maps", "sleep",
    ]
    return (0..<count).map { number in
      let subject = subjects[number % subjects.count]
      let responses = (0..<2 + number % 3).map { place in
        let sentence = "Point \(place + 1) on \(subject): look at case \(number) closely. "
        let opening = place == 1 ? "# \(subject)\n\n* " : ""
        return Response(opening + String(repeating: sentence, count: 1 + (number * (place + 3)) % 17))
      }
      return Slate(
        id: "made \(number)", prompt: Prompt("Explain \(subject), case \(number)."), responses: responses)
    }
  }
}

extension Certificate {
  /// The checks as a table.
  var table: Table {
    Table(
      title: "certificate \(hasPassed ? "PASS" : "FAIL") · \(model) · \(items) items",
      columns: [
        .init("check"), .init("result"), .init("tried", isNumeric: true), .init("flips", isNumeric: true),
        .init("faults", isNumeric: true), .init("drift", isNumeric: true), .init("note"),
      ],
      rows: checks.map { check in
        [
          .text(check.name), .text(!check.decides ? "note" : check.hasPassed ? "pass" : "FAIL"),
          .integer(check.tried),
          .integer(check.flips), .integer(check.faults),
          Table.Cell(check.drift == 0 ? "0" : String(format: "%.1e", check.drift), .number(check.drift)),
          .text(check.note),
        ]
      },
      notes: [
        "Drift is the largest change of a margin, in log-odds: margins below \(String(format: "%.1e", noiseFloor)) are ties for "
          + "this model."
      ])
  }
}
