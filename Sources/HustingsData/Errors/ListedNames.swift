/// The first names of a list, with commas between them, and how many more there are.
public func listed(_ names: [String], most: Int) -> String {
  let shown = names.prefix(most).joined(separator: ", ")
  return names.count > most ? "\(shown) and \(names.count - most) more" : shown
}
