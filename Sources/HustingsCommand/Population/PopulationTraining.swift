import ArgumentParser

/// The recipes of `hustings train` that are about many annotators and about policies.
enum PopulationTraining {
  static let subcommands: [any ParsableCommand.Type] = [
    TypesTraining.self, PolicyTraining.self, MinMaxTraining.self, RobustTraining.self, SelfPlayTraining.self,
  ]
}
