import Hustings

/// `standardise`: dense columns to mean 0 and standard deviation 1 over the training passages.
///
/// Columns that were constant become 0. With `standardise?limit=8`, values are cut at 8 standard deviations. Sparse columns
/// stay as they are: subtracting a mean would fill them.
struct StandardiseStep: EncoderStep {
  let limit: Double?
  let scaling: Standardisation
  let shape: (sparseWidth: Int, denseColumns: [String])

  var name: String { limit.map { "standardise?limit=\($0)" } ?? "standardise" }

  var part: EncoderState.Part {
    var settings = ["sparse-width": String(shape.sparseWidth)]
    settings["limit"] = limit.map { String($0) }
    settings["columns"] = shape.denseColumns.joined(separator: "\n")
    return EncoderState.Part(kind: "standardise", settings: settings, tensors: scaling.tensors)
  }

  func apply(to rows: FeatureMatrix) -> FeatureMatrix {
    var dense = rows.dense
    scaling.apply(to: &dense)
    return FeatureMatrix(
      count: rows.count, sparse: rows.sparse, denseWidth: rows.denseWidth, dense: dense)
  }

  static let kind = StepKind(
    kind: "standardise",
    fit: { specification, card, rows, _ in
      guard specification.argument.isEmpty else {
        throw EncoderError.surplusArgument(kind: "standardise", argument: specification.argument)
      }
      var reader = SettingReader(kind: "standardise", specification.options)
      let limit = try reader.number("limit", in: 0.1...1_000)
      try reader.finish()
      return StandardiseStep(
        limit: limit,
        scaling: Standardisation(
          fittedOn: rows.dense, width: rows.denseWidth, scale: 1, limit: limit.map { Float($0) }),
        shape: (card.sparseWidth, card.denseColumns))
    },
    restore: { part in
      guard let width = part.settings["sparse-width"].flatMap({ Int($0) }),
        let names = part.settings["columns"]
      else {
        throw EncoderError.badState(kind: "standardise", reason: "the names of its columns are missing")
      }
      let columns = names.isEmpty ? [] : names.split(separator: "\n", omittingEmptySubsequences: false)
      return StandardiseStep(
        limit: part.settings["limit"].flatMap { Double($0) },
        scaling: try Standardisation(restoring: part, width: columns.count),
        shape: (width, columns.map(String.init)))
    })
}
