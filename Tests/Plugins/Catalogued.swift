import Catalog
import Hustings

/// Entries of the catalog by name.
enum Catalogued {
  static func model(_ scheme: String) -> ModelPlugin? { Catalog.models.first { $0.scheme == scheme } }
}
