/// Which items belong together: items of one cluster, usually a prompt, are not independent of each other.
///
/// ```swift
/// Clustering(labels: ["p1", "p1", "p2"]).index   // [0, 0, 1]
/// Clustering.singletons(3).index                 // [0, 1, 2]
/// ```
public struct Clustering: Sendable, Hashable {
  /// The cluster of each item, counted from 0 in order of first appearance.
  public let index: [Int]
  /// How many clusters there are.
  public let count: Int

  /// Clusters of items with equal labels.
  public init<Label: Hashable>(labels: some Sequence<Label>) {
    var number: [Label: Int] = [:]
    index = labels.map { label in
      let next = number.count
      if let known = number[label] { return known }
      number[label] = next
      return next
    }
    count = number.count
  }

  /// Clusters that are numbered already, from 0 in order of first appearance.
  public init(numbered index: [Int], count: Int) {
    precondition(index.allSatisfy { (0..<count).contains($0) }, "a cluster number outside 0 to \(count - 1)")
    self.index = index
    self.count = count
  }

  private init(singletons items: Int) {
    index = Array(0..<items)
    count = items
  }

  /// Every item a cluster of its own: independent items.
  public static func singletons(_ items: Int) -> Clustering {
    Clustering(singletons: items)
  }

  /// How many items there are.
  public var itemCount: Int { index.count }

  /// How many items each cluster has.
  public var sizes: [Int] {
    var sizes = [Int](repeating: 0, count: count)
    for cluster in index { sizes[cluster] += 1 }
    return sizes
  }

  /// The clusters of some of the items, numbered anew in order of first appearance.
  public func restricted(to items: [Int]) -> Clustering {
    var number = [Int](repeating: -1, count: count)
    var next = 0
    let index = items.map { item in
      let cluster = self.index[item]
      if number[cluster] < 0 {
        number[cluster] = next
        next += 1
      }
      return number[cluster]
    }
    return Clustering(numbered: index, count: next)
  }

  /// The sum of an item value over each cluster.
  public func totals(of values: [Double]) -> [Double] {
    precondition(values.count == index.count, "\(values.count) values for \(index.count) items")
    var totals = [Double](repeating: 0, count: count)
    for (cluster, value) in zip(index, values) { totals[cluster] += value }
    return totals
  }
}
