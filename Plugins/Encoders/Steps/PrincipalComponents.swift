import Foundation
import Hustings
import HustingsNumerics

/// `pca:256`: the principal components of the sparse block, or of the dense block where there is no sparse one.
///
/// Row x becomes V·(x − m), m the mean of the training rows and V the leading eigenvectors of their covariance, one a row.
/// The dense block that stands beside a sparse one stays, behind the components. Before, sparse columns are folded to
/// 2^fold of them by adding up those that agree in their last bits, which keeps V small; their signs are random, so what
/// meets cancels on average.
///
/// Up to 512 columns the covariance is decomposed exactly. Beyond, V is found by subspace iteration from random directions
/// (Halko, Martinsson, Tropp 2011, algorithm 4.4), which depend on the seed and on nothing else.
struct PrincipalComponents: EncoderStep {
  let settings: Settings
  /// The columns that are decomposed.
  let width: Int
  let mean: [Float]
  /// V, one component a row: [components × width].
  let components: [Float]
  /// mean · Vᵀ, subtracted at the end so that sparse rows stay sparse.
  private let shift: [Float]
  /// The names of the dense columns that stay.
  let kept: [String]

  struct Settings: Sendable, Hashable {
    let components: Int
    let fold: Int
    /// Rounds of subspace iteration.
    let rounds: Int
    let seed: UInt64
    /// Sparse columns before folding; 0 when the dense block is decomposed.
    let sparseWidth: Int
  }

  /// As many directions more than components are carried along, which makes the last components sharper.
  static let surplus = 10
  /// The widest rows whose covariance is decomposed exactly.
  static let exactWidth = 512

  init(_ settings: Settings, width: Int, mean: [Float], components: [Float], kept: [String]) {
    self.settings = settings
    self.width = width
    self.mean = mean
    self.components = components
    self.kept = kept
    shift = (0..<(width == 0 ? 0 : components.count / width)).map { row in
      var sum = 0.0
      for column in 0..<width { sum += Double(mean[column]) * Double(components[row * width + column]) }
      return Float(sum)
    }
  }

  var name: String { "pca:\(settings.components)" }

  var shape: (sparseWidth: Int, denseColumns: [String]) {
    (0, (1...max(1, shift.count)).prefix(shift.count).map { "pca.\($0)" } + kept)
  }

  func apply(to rows: FeatureMatrix) -> FeatureMatrix {
    let block = ComponentBlock(rows, settings)
    let found = block.times(transposedComponents, columns: shift.count, workers: nil)
    let keptWidth = settings.sparseWidth > 0 ? rows.denseWidth : 0
    let outWidth = shift.count + keptWidth
    var dense = [Float](repeating: 0, count: rows.count * outWidth)
    for row in 0..<rows.count {
      for column in 0..<shift.count {
        dense[row * outWidth + column] = found[row * shift.count + column] - shift[column]
      }
      for column in 0..<keptWidth {
        dense[row * outWidth + shift.count + column] = rows.dense[row * rows.denseWidth + column]
      }
    }
    return FeatureMatrix(count: rows.count, denseWidth: outWidth, dense: dense)
  }

  /// Vᵀ: [width × components].
  private var transposedComponents: [Float] {
    var result = [Float](repeating: 0, count: components.count)
    for row in 0..<shift.count {
      for column in 0..<width { result[column * shift.count + row] = components[row * width + column] }
    }
    return result
  }

  var part: EncoderState.Part {
    EncoderState.Part(
      kind: "pca",
      settings: [
        "components": String(settings.components), "fold": String(settings.fold),
        "rounds": String(settings.rounds), "seed": String(settings.seed),
        "sparse-width": String(settings.sparseWidth), "kept": kept.joined(separator: "\n"),
      ],
      tensors: [
        NamedTensor("mean", shape: [width], values: mean),
        NamedTensor("components", shape: [shift.count, width], values: components),
      ])
  }

  static let kind = StepKind(
    kind: "pca",
    fit: { specification, card, rows, context in
      guard let count = Int(specification.argument), (1...4096).contains(count) else {
        throw EncoderError.missingArgument(
          kind: "pca", usage: "pca:256, with a number of components up to 4096")
      }
      var reader = SettingReader(kind: "pca", specification.options)
      let fold = try reader.integer("fold", in: 6...24) ?? 13
      let rounds = try reader.integer("rounds", in: 1...100) ?? 4
      try reader.finish()
      return try PrincipalComponents(
        fitting: Settings(
          components: count, fold: fold, rounds: rounds, seed: context.seed, sparseWidth: card.sparseWidth),
        on: rows, kept: card.sparseWidth > 0 ? card.denseColumns : [])
    },
    restore: { part in
      func number(_ name: String) throws -> Int {
        guard let value = part.settings[name].flatMap({ Int($0) }) else {
          throw EncoderError.badState(kind: "pca", reason: "its setting '\(name)' is missing")
        }
        return value
      }
      guard let mean = part.tensor("mean"), let components = part.tensor("components"),
        components.shape.count == 2, components.shape[1] == mean.values.count,
        let seed = part.settings["seed"].flatMap({ UInt64($0) }), let kept = part.settings["kept"]
      else {
        throw EncoderError.badState(kind: "pca", reason: "its mean, components or settings are missing")
      }
      return PrincipalComponents(
        Settings(
          components: try number("components"), fold: try number("fold"), rounds: try number("rounds"),
          seed: seed, sparseWidth: try number("sparse-width")),
        width: mean.values.count, mean: mean.values, components: components.values,
        kept: kept.isEmpty
          ? [] : kept.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    })
}
