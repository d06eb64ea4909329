import Hustings
import HustingsData

/// One turn of a conversation with a judge.
struct JudgeTurn: Sendable {
  let role: Role
  let text: String
}

/// The body of a judge's requests, canonical JSON. What is the same in all of them is written once.
struct JudgeRequest: Sendable {
  private let usesCompletions: Bool
  /// What stands before and after the turns.
  private let head: [UInt8]
  private let tail: [UInt8]
  /// Whether a parameter stands in the place of the turns.
  private let isFixed: Bool

  /// - Throws: `DataError` when a parameter is a number that JSON cannot write.
  init(model: String, parameters: JSONObject, usesCompletions: Bool) throws {
    self.usesCompletions = usesCompletions
    let turns = usesCompletions ? "prompt" : "messages"
    var object = JSONObject([("model", .string(model))])
    for member in parameters.members { object[member.key] = member.value }
    if usesCompletions, object["logprobs"] == true {
      // The older interface takes the number of likeliest tokens itself.
      object["logprobs"] = object["top_logprobs"] ?? 5
      object["top_logprobs"] = nil
    }
    isFixed = object[turns] != nil
    if !isFixed { object.append(turns, .null) }
    var parts: (head: [UInt8], tail: [UInt8]) = (Array("{".utf8), [])
    var isBehind = false
    let members = object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for (place, member) in members.enumerated() {
      var text: [UInt8] = place > 0 ? Array(",".utf8) : []
      text.appendJSON(member.key)
      text.append(UInt8(ascii: ":"))
      let isHere = member.key == turns && !isFixed
      if !isHere { text += try member.value.encoded(.canonical) }
      if isBehind { parts.tail += text } else { parts.head += text }
      if isHere { isBehind = true }
    }
    parts.tail += Array("}".utf8)
    (head, tail) = parts
  }

  /// The body with these turns.
  func body(_ turns: [JudgeTurn]) -> [UInt8] {
    guard !isFixed else { return head + tail }
    var body: [UInt8] = []
    // Escapes take more, and seldom much.
    body.reserveCapacity(
      head.count + tail.count + turns.reduce(128) { $0 + $1.text.utf8.count * 17 / 16 + 32 })
    body += head
    if usesCompletions {
      body.appendJSON(turns.map(\.text).joined(separator: "\n\n"))
    } else {
      body.append(UInt8(ascii: "["))
      for (place, turn) in turns.enumerated() {
        if place > 0 { body.append(UInt8(ascii: ",")) }
        body += "{\"content\":".utf8
        body.appendJSON(turn.text)
        body += ",\"role\":".utf8
        body.appendJSON(turn.role.name)
        body.append(UInt8(ascii: "}"))
      }
      body.append(UInt8(ascii: "]"))
    }
    body += tail
    return body
  }
}
