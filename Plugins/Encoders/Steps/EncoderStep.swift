import Hustings

/// Something fitted that turns rows into other rows.
protocol EncoderStep: Sendable {
  /// What it is, for the state of an encoder.
  var part: EncoderState.Part { get }
  /// How it is written behind an encoder, such as `pca:256`.
  var name: String { get }
  /// The shape of its rows: sparse columns, then the names of the dense ones.
  var shape: (sparseWidth: Int, denseColumns: [String]) { get }
  /// The rows, one for one. A row depends on the same row alone.
  func apply(to rows: FeatureMatrix) -> FeatureMatrix
}

/// A kind of step, by name.
struct StepKind: Sendable {
  let kind: String
  let fit:
    @Sendable (EncoderSpecification, EncoderCard, FeatureMatrix, EncoderContext) throws -> any EncoderStep
  let restore: @Sendable (EncoderState.Part) throws -> any EncoderStep

  static let all = [StandardiseStep.kind, PrincipalComponents.kind]
}
