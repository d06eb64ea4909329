public import ArgumentParser
public import HustingsNumerics
public import HustingsTraining
public import Recipes

// Settings of the training rooms that are written on the command line as they are called there.

extension VoteEstimator: ExpressibleByArgument {}
extension PairwiseSettings.Order: ExpressibleByArgument {}
extension Activation: ExpressibleByArgument {}
extension Arithmetic: ExpressibleByArgument {}
extension Schedule.Shape: ExpressibleByArgument {}

extension PlaneStart: ExpressibleByArgument {
  /// `random`, `published`, or `bradley-terry`.
  public init?(argument: String) {
    self.init(rawValue: argument == "bradley-terry" ? "bradleyTerry" : argument)
  }

  /// Its name on the command line.
  public var defaultValueDescription: String { self == .bradleyTerry ? "bradley-terry" : rawValue }

  /// The names on the command line.
  public static var allValueStrings: [String] { ["random", "published", "bradley-terry"] }
}
