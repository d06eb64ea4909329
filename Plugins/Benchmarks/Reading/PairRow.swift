import Hustings
import HustingsData

/// A row of the shape most preference data has: prompt, chosen, rejected, and perhaps id, subset and cluster.
struct PairRow {
  let id: String
  let subset: String
  let cluster: String?
  let conversation: Conversation

  /// - Parameters:
  ///   - index: the row's position, which names it when it has no id.
  ///   - subset: the subset of rows that name none.
  init(_ row: JSONNode, index: Int, subset: String) throws {
    self.subset = try row.optionalString("subset") ?? subset
    id = try row.optionalNode("id")?.identifier() ?? String(index)
    cluster = try row.optionalNode("cluster")?.identifier()
    conversation = try Conversation(
      prompt: row.optionalNode("prompt"), responses: [row.node("chosen"), row.node("rejected")])
  }

  /// The row of a table, where prompt and responses are texts.
  init(_ row: CSVRow, of table: CSVTable, index: Int, subset: String) throws {
    func optional(_ column: String) throws -> String? {
      table.has(column) ? try row.optionalString(column) : nil
    }
    self.subset = try optional("subset") ?? subset
    id = try optional("id") ?? String(index)
    cluster = try optional("cluster")
    conversation = Conversation(
      prompt: Prompt(try row.string("prompt")),
      responses: [Response(try row.string("chosen")), Response(try row.string("rejected"))])
  }

  /// The pair as an example; its item is the id unless another name is given.
  func example(named name: String? = nil) -> Example {
    let names = ["chosen", "rejected"]
    return Example(
      id: name ?? id, subset: subset, prompt: conversation.prompt, cluster: cluster,
      candidates: zip(names, conversation.responses).map { Candidate($0, $1) }, gold: .prefers(0, over: 1))
  }
}
