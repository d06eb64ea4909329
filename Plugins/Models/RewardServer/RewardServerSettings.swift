import Foundation
import Hustings
import HustingsData
import HustingsEndpoints

/// The forms in which a prompt and a response are sent to a server.
enum ConversationForm: String, Sendable, Hashable {
  /// Messages, which the server puts into its model's own chat template.
  case chat
  /// The prompt and the response as two texts.
  case pair
  /// One text: the prompt, a blank line, the response; or a template of the user's.
  case text
  /// One text in ChatML, as Qwen and others are trained on.
  case chatml
  /// One text in the template of Llama 3.
  case llama3

  static func messages(_ prompt: Prompt, _ response: Response) -> JSONValue {
    .array(
      turns(prompt, response).map { ["role": .string($0.role.name), "content": .string($0.content)] })
  }

  static func turns(_ prompt: Prompt, _ response: Response) -> [Message] {
    prompt.messages + response.turns + [Message(.assistant, response.text)]
  }

  func text(_ prompt: Prompt, _ response: Response) -> String {
    let turns = Self.turns(prompt, response)
    switch self {
    case .chatml:
      return turns.map { "<|im_start|>\($0.role.name)\n\($0.content)<|im_end|>\n" }.joined()
    case .llama3:
      return "<|begin_of_text|>"
        + turns.map { "<|start_header_id|>\($0.role.name)<|end_header_id|>\n\n\($0.content)<|eot_id|>" }
        .joined()
    case .chat, .pair, .text:
      return turns.map(\.content).joined(separator: "\n\n")
    }
  }
}

/// How a reward server is asked, and which of its numbers is the reward.
struct RewardServerSettings: Sendable {
  /// Which of several numbers along a text is the reward.
  enum Take: String, Sendable, CaseIterable {
    case last, first, mean, min, max, sum
  }

  /// The settings that only a reward server has.
  static let names = [
    "api", "model", "format", "template", "batch", "take", "label", "scales", "truncate", "max-length",
    "body.",
  ]

  let interface: RewardInterface
  let form: ConversationForm
  let template: String?
  let batch: Int
  let take: Take?
  let label: String?
  let scales: [Double]?
  let cut: Cut?
  let longest: Int?
  let extra: JSONObject

  init(_ specification: ModelSpecification, context: ModelContext) throws {
    let apis = RewardInterface.allCases.map(\.rawValue).joined(separator: ", ")
    func option(_ name: String) -> String? { specification.option(name) }
    guard let api = option("api") else {
      throw EndpointFault.badOption("api", value: "", expected: "one of \(apis)")
    }
    guard let interface = RewardInterface(rawValue: api) else {
      throw EndpointFault.badOption("api", value: api, expected: "one of \(apis)")
    }
    self.interface = interface
    template = try option("template").map { path in
      String(decoding: try FileBytes(text: context.path(path)).bytes, as: UTF8.self)
    }
    form = try Self.form(option("format"), interface, hasTemplate: template != nil)
    let most = interface.batch(form)
    batch = form == .chat ? 1 : try EndpointSettings.count(specification, "batch", upTo: 10_000) ?? most
    take = try option("take").map { text in
      guard let take = Take(rawValue: text) else {
        throw EndpointFault.badOption(
          "take", value: text, expected: "one of \(Take.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return take
    }
    label = option("label")
    scales = try option("scales").map { text in
      try text.split(separator: ",").map { part in
        guard let scale = Double(part), scale.isFinite else {
          throw EndpointFault.badOption("scales", value: text, expected: "numbers with commas between them")
        }
        return scale
      }
    }
    cut = try option("truncate").map { text in
      guard let cut = Cut(rawValue: text) else {
        throw EndpointFault.badOption(
          "truncate", value: text, expected: "left or right, the end that is cut off")
      }
      return cut
    }
    longest = try EndpointSettings.count(specification, "max-length", upTo: .max)
    var extra = JSONObject()
    for (name, text) in specification.options where name.hasPrefix("body.") {
      extra[String(name.dropFirst(5))] = (try? JSONNode.parse(text, name: name).value) ?? .string(text)
    }
    self.extra = extra
  }

  private static func form(
    _ name: String?, _ interface: RewardInterface, hasTemplate: Bool
  ) throws -> ConversationForm {
    let forms = interface.forms
    let possible = forms.possible.map(\.rawValue).joined(separator: ", ")
    if let name {
      guard let form = ConversationForm(rawValue: name), forms.possible.contains(form) else {
        throw EndpointFault.badOption(
          "format", value: name, expected: "one of \(possible) for \(interface.rawValue)")
      }
      return form
    }
    if hasTemplate, forms.possible.contains(.text) { return .text }
    guard let usual = forms.usual else {
      throw EndpointFault.badOption(
        "format", value: "",
        expected: "one of \(possible), or template=FILE: \(interface.rawValue) takes one text "
          + "per response, and only you know which template its model was trained on")
    }
    return usual
  }

  /// One text of a prompt and a response.
  func text(_ prompt: Prompt, _ response: Response) -> String {
    guard form == .text, let template else { return form.text(prompt, response) }
    // Filled from left to right, so that braces in a text are never looked at.
    var output = ""
    var rest = template[...]
    while let brace = rest.firstIndex(of: "{") {
      output += rest[..<brace]
      rest = rest[brace...]
      if rest.hasPrefix("{prompt}") {
        output += prompt.text
        rest = rest.dropFirst(8)
      } else if rest.hasPrefix("{response}") {
        output += response.text
        rest = rest.dropFirst(10)
      } else {
        output.append(rest.removeFirst())
      }
    }
    return output + rest
  }

  /// Everything that decides what is asked and what its numbers mean.
  var identity: Digest {
    var parts = ["reward-server/1", interface.rawValue, form.rawValue, template ?? ""]
    parts += [take?.rawValue ?? "", label ?? "", cut?.rawValue ?? ""]
    parts.append(scales.map { "\($0)" } ?? "")
    parts.append(longest.map { "\($0)" } ?? "")
    parts.append((try? JSONValue.object(extra).text(.canonical)) ?? "")
    var hash = SHA256()
    for part in parts { hash.updateFramed(part) }
    return hash.finalize()
  }

  // MARK: What numbers mean

  /// The reward in what a server gave for one response, or why there is none.
  func reward(_ numbers: ServedNumbers) -> Result<Double, Unclear> {
    switch numbers {
    case .one(let reward): return .success(reward)
    case .vector: return .failure(Unclear("the server gave a vector where a reward was expected"))
    case .sequence(let rows): return along(rows)
    case .probabilities(let shares): return logOdds(shares)
    case .labels(let labels):
      if labels.count == 1 { return .success(labels[0].score) }
      let wanted = label ?? (labels.count == 2 ? labels[1].name : nil)
      guard let wanted, let place = labels.firstIndex(where: { $0.name == wanted }) else {
        return .failure(
          Unclear(
            "the server gave scores for \(labels.map(\.name).joined(separator: ", ")); say which with label=NAME"
          ))
      }
      // Of two raw scores only the difference has a meaning.
      return .success(labels.count == 2 ? labels[place].score - labels[1 - place].score : labels[place].score)
    }
  }

  /// Why numbers are no reward.
  struct Unclear: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private func along(_ rows: [[Double]]) -> Result<Double, Unclear> {
    var values: [Double] = []
    // A flat list comes as rows of one; if a label is given, it is the list of classes of the whole text.
    if let label, rows.count > 1, rows.allSatisfy({ $0.count == 1 }), take == nil {
      guard let index = Int(label), rows.indices.contains(index) else {
        return .failure(
          Unclear("the server gave \(rows.count) numbers, and label=\(label) is none of their places from 0"))
      }
      return .success(rows[index][0])
    }
    for row in rows {
      if row.count == 1 {
        values.append(row[0])
      } else if let index = label.flatMap({ Int($0) }), row.indices.contains(index) {
        values.append(row[index])
      } else {
        return .failure(
          Unclear("the server gave \(row.count) numbers for one text; say which with label=PLACE, from 0"))
      }
    }
    guard let last = values.last, let first = values.first else {
      return .failure(Unclear("the server gave no number"))
    }
    guard values.count > 1 else { return .success(last) }
    switch take {
    case nil:
      return .failure(
        Unclear(
          "the server gave \(values.count) numbers along the text; say which with take=last, mean or min"))
    case .last?: return .success(last)
    case .first?: return .success(first)
    case .mean?: return .success(values.reduce(0, +) / Double(values.count))
    case .sum?: return .success(values.reduce(0, +))
    case .min?: return .success(values.min() ?? last)
    case .max?: return .success(values.max() ?? last)
    }
  }

  /// One class is the reward itself; of several the log-odds of the wanted one against all others.
  private func logOdds(_ shares: [Double]) -> Result<Double, Unclear> {
    if shares.count == 1 { return .success(shares[0]) }
    guard let index = label.flatMap({ Int($0) }) ?? (shares.count == 2 ? 1 : nil),
      shares.indices.contains(index)
    else {
      return .failure(
        Unclear(
          "the server gave probabilities of \(shares.count) classes; say which with label=PLACE, from 0"))
    }
    let others = shares.enumerated().reduce(0) { $0 + ($1.offset == index ? 0 : $1.element) }
    let tiny = 0x1p-53
    return .success(log(max(shares[index], tiny)) - log(max(others, tiny)))
  }
}
