import EncoderPlugins
import Hustings
import HustingsTraining

extension Recipe {
  /// The encoder of the recipe, fitted on training pairs alone.
  func fittedEncoder(
    on training: [PreferencePair], context: EncoderContext, workers: Int
  ) async throws -> any Encoder {
    let passages = PairEncoding(training, labels: .hard, encodesPrompts: false).passages
    return try await Encoders.fit(encoder, on: passages, context: context)
  }
}
