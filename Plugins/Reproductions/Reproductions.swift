/// Every reproduction, one line each.
public enum Reproductions {
  /// In the order `hustings reproduce` prints them.
  public static let all: [Reproduction] = []
}
