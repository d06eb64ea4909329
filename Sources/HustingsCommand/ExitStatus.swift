import ArgumentParser
import BenchmarkPlugins
import Catalog
import EncoderPlugins
import Foundation
import HustingsData
import HustingsEndpoints
import HustingsHTTP
import HustingsReports
import HustingsRunner
import HustingsStore
import HustingsTraining
import JudgePlugins
import ModelPlugins
import Populations
import Recipes

/// What the process ends with. Scripts rely on these numbers.
enum ExitStatus: Int32 {
  /// Everything asked for was done, and no gate objects.
  case passed = 0
  /// A gate or a check found a regression.
  case regressed = 1
  /// A gate could not decide.
  case inconclusive = 2
  /// The input is invalid, or nothing was measured.
  case invalid = 3
  /// The command line is wrong.
  case usage = 64
  /// A fault of the program or of a plugin.
  case failure = 70
  /// Stopped by Ctrl-C; what was done is kept.
  case interrupted = 130

  /// Ends the process, with the error's one sentence on standard error.
  static func exit(with error: any Error) -> Never {
    if let status = error as? ExitStatus { Foundation.exit(status.rawValue) }
    let isUsage =
      error is UsageError || error is UnknownBenchmark || error is UnknownNullModel
      || isMistakeInSettings(error)
      || (error as? GeneratedError)?.isUsage == true || (error as? EndpointFault)?.isUsage == true
    if isUsage {
      Terminal.complain("\(error)")
      Foundation.exit(usage.rawValue)
    }
    if case .setting? = error as? BenchmarkError {
      Terminal.complain("\(error)")
      Foundation.exit(usage.rawValue)
    }
    let code = HustingsCommand.exitCode(for: error)
    if code == .success || code == .validationFailure || error is ArgumentParser.ExitCode {
      HustingsCommand.exit(withError: error)
    }
    Terminal.complain("\(error)")
    Foundation.exit(isFaultOfInput(error) ? invalid.rawValue : failure.rawValue)
  }

  /// Settings that cannot be, which only what they are meant for can notice.
  private static func isMistakeInSettings(_ error: any Error) -> Bool {
    switch error {
    case TrainingFault.badSetting, TrainingFault.oddDimension, TrainingFault.notConvex,
      TrainingFault.tooWide, TrainingFault.noPromptFeatures, RecipeError.badSpecification,
      VoteFault.badSetting:
      true
    case let error as EncoderError: error.isMistakeInSettings
    default: false
    }
  }

  /// Files, stores, recordings and servers that are not as they must be; anything else is a fault of the program.
  private static func isFaultOfInput(_ error: any Error) -> Bool {
    switch error {
    case is VoteFault, is VotesFault, is PolicyFault: true
    case is ContractError, is GeneratedError: true
    case is RunError, is DataError, is StoreError, is RecordingError, is BenchmarkError, is UnknownBoard,
      is InvalidRequest, is RowPagesFault, is HTTPFailure, is DownloadFailure, is RecipeError,
      is TrainingFault, is EncoderError, is SynthesisError, is ExecBenchmarkFault, is EndpointFault,
      is RubricFault:
      true
    default: false
    }
  }
}

extension ExitStatus: Error {}

/// A mistake on the command line that only the command itself can notice.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
