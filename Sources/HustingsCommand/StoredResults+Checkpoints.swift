import Foundation
import Hustings
import HustingsStore
import Recipes

extension StoredResults {
  /// The stored model that a folder of `hustings train` holds now, by its fingerprint; nil where the text names no such folder.
  ///
  /// - Parameter text: `checkpoint:FOLDER`, or the folder alone.
  func checkpoint(_ text: String, among cards: [ModelCard]) throws -> ModelCard? {
    let scheme = "checkpoint:"
    let isNamed = text.hasPrefix(scheme)
    let folder = isNamed ? String(text.dropFirst(scheme.count)) : text
    let model: CheckpointModel
    do {
      model = try CheckpointModel(folder: folder, environment: ProcessInfo.processInfo.environment)
    } catch {
      if isNamed { throw error }
      return nil
    }
    if let card = cards.first(where: { $0.fingerprint == model.card.fingerprint }) { return card }
    let others = cards.filter { $0.name == model.card.name }
    let older = others.isEmpty ? "" : ", only of another model called \(model.card.name)"
    throw InvalidRequest(
      "\(store.path) has no results of \(scheme)\(folder) (\(model.card.fingerprint.short))\(older). Run it first, as with "
        + "`hustings run --benchmark NAME --model \(scheme)\(folder)`.")
  }
}
