public import Hustings
import HustingsData

extension RecordedModel {
  /// `recorded:FILE` on the command line.
  public static let plugin = ModelPlugin(
    scheme: "recorded", usage: "recorded:FILE#MODEL",
    summary: "rewards, verdicts or picks written to a file before; #* for every model in it"
  ) { specification, context in try models(specification, context) }

  /// The recordings that a specification names.
  public static func models(
    _ specification: ModelSpecification, _ context: ModelContext
  ) throws -> [any PreferenceModel] {
    let path = context.path(specification.argument)
    let file = try RecordedReader.read(path)
    let digest = SHA256.digest(of: try FileBytes(binary: path).bytes)
    let source = file.withoutRows
    return try selected(specification.selection, of: file).map {
      RecordedModel($0, of: source, digest: digest)
    }
  }

  /// The models that a selection names: one by name, the other way round with a minus in front, or all.
  private static func selected(_ selection: String?, of file: RecordedFile) throws -> [RecordedRows] {
    let names = file.models.map(\.name)
    guard let selection else {
      guard file.models.count == 1 else { throw RecordingError.severalModels(file: file.file, known: names) }
      return file.models
    }
    if selection == "*" { return file.models }
    if let model = file.models.first(where: { $0.name == selection }) { return [model] }
    if selection.hasPrefix("-"), let model = file.models.first(where: { $0.name == selection.dropFirst() }),
      case .rewards(let rows) = model.kind
    {
      return [RecordedRows(name: selection, kind: .rewards(rows.map(\.negated)))]
    }
    throw RecordingError.unknownModel(
      file: file.file, selection: selection, known: names, nearest: nearestName(to: selection, among: names))
  }
}

extension RewardRow {
  fileprivate var negated: RewardRow {
    RewardRow(item: item, response: response, line: line, reward: reward.map { 0 - $0 })
  }
}

extension SHA256 {
  fileprivate static func digest(of bytes: [UInt8]) -> Digest {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.finalize()
  }
}
