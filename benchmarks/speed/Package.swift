// swift-tools-version: 6.2
import PackageDescription

// Speed benchmarks, apart from the main package so that nobody builds them without meaning to.

let package = Package(
  name: "speed",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "hustings", path: "../..")],
  targets: [
    .executableTarget(
      name: "alpaca-board-speed",
      dependencies: [
        .product(name: "HustingsStatistics", package: "hustings"),
        .product(name: "BenchmarkPlugins", package: "hustings"),
      ]),
    .executableTarget(
      name: "bootstrap-speed",
      dependencies: [.product(name: "HustingsStatistics", package: "hustings")]),
    .executableTarget(
      name: "http-speed", dependencies: [.product(name: "HustingsHTTP", package: "hustings")],
      path: "Sources/HTTPSpeed"),
    .executableTarget(
      name: "judge-speed",
      dependencies: [
        .product(name: "Hustings", package: "hustings"), .product(name: "JudgePlugins", package: "hustings"),
        .product(name: "HustingsStore", package: "hustings"),
      ]),
    .executableTarget(
      name: "queue-memory", dependencies: [.product(name: "HustingsHTTP", package: "hustings")]),
    .executableTarget(
      name: "json-speed", dependencies: [.product(name: "HustingsData", package: "hustings")]),
    .executableTarget(
      name: "encode-speed",
      dependencies: [
        .product(name: "Hustings", package: "hustings"),
        .product(name: "EncoderPlugins", package: "hustings"),
      ]),
    .executableTarget(
      name: "train-speed",
      dependencies: [
        .product(name: "Hustings", package: "hustings"),
        .product(name: "HustingsNumerics", package: "hustings"),
        .product(name: "HustingsTraining", package: "hustings"),
      ]),
    .executableTarget(
      name: "types-speed",
      dependencies: [
        .product(name: "Hustings", package: "hustings"),
        .product(name: "HustingsTraining", package: "hustings"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
