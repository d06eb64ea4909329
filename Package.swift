// swift-tools-version: 6.2
import PackageDescription

// Rooms and what each may import: docs/architecture.md. Tests/Architecture checks this file against that table.

let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func room(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: path, swiftSettings: house)
}

func tests(_ room: String, path: String? = nil, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(room)Tests", dependencies: [.byName(name: room), "HustingsFixtures"] + dependencies,
    path: path ?? "Tests/\(room)", swiftSettings: house)
}

/// The data sets whose manifests the executable carries: benchmarks/manifests/NAME.json.
let manifests = [
  "judgebench", "llmbar", "pandalm", "rmbench", "rewardbench", "rewardbench2", "squality", "wmt23_sxs_ende",
  "hh_harmless_test", "bon_alpaca_tulu",
]

/// The rubrics that the executable carries: Plugins/Judges/NAME.
let rubrics = [
  "pairwise-verdict", "pairwise-logprobs", "rating", "ranking", "reference-verdict", "reference-rating",
  "alpaca-eval-2", "mt-bench-pair", "mt-bench-single", "arena-hard",
]

let package = Package(
  name: "hustings",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "hustings", targets: ["HustingsCommand"]),
    .library(name: "Hustings", targets: ["Hustings", "HustingsTesting"]),
    .library(name: "HustingsNumerics", targets: ["HustingsNumerics"]),
    .library(name: "HustingsStatistics", targets: ["HustingsStatistics"]),
    .library(name: "HustingsTraining", targets: ["HustingsTraining"]),
    .library(name: "HustingsHTTP", targets: ["HustingsHTTP"]),
    .library(name: "HustingsData", targets: ["HustingsData"]),
    .library(name: "HustingsStore", targets: ["HustingsStore"]),
    .library(name: "EncoderPlugins", targets: ["EncoderPlugins"]),
    .library(name: "BenchmarkPlugins", targets: ["BenchmarkPlugins", "HustingsMetrics"]),
    .library(name: "Recipes", targets: ["Recipes"]),
    .library(name: "JudgePlugins", targets: ["JudgePlugins"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C libraries and kernels.
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(
      name: "CKernels",
      cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),

    // Rooms.
    room("Hustings", ["CKernels"]),
    room("HustingsNumerics", ["CKernels"]),
    room("HustingsStatistics", ["HustingsNumerics"]),
    room("HustingsMetrics", ["Hustings", "HustingsStatistics"]),
    room("HustingsTraining", ["Hustings", "HustingsNumerics"]),
    room("HustingsData", ["Hustings", "CZlib"]),
    room(
      "HustingsStore",
      [
        "Hustings", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    room("HustingsHTTP", ["CCurl"]),
    room("HustingsProcess"),
    room("HustingsEndpoints", ["Hustings", "HustingsData", "HustingsHTTP"]),
    room(
      "HustingsRunner",
      ["Hustings", "HustingsMetrics", "HustingsStatistics", "HustingsData", "HustingsStore"]),
    room(
      "HustingsReports",
      [
        "Hustings", "HustingsMetrics", "HustingsStatistics", "HustingsData", "HustingsStore",
        .product(name: "Yams", package: "Yams"),
      ]),
    room("HustingsTesting", ["Hustings"]),

    // Plugins.
    room(
      "EncoderPlugins", path: "Plugins/Encoders",
      ["Hustings", "HustingsData", "HustingsNumerics", "HustingsEndpoints", "CKernels"]),
    room(
      "ModelPlugins", path: "Plugins/Models",
      ["Hustings", "HustingsData", "HustingsProcess", "HustingsHTTP", "HustingsEndpoints"]),
    .target(
      name: "JudgePlugins",
      dependencies: ["Hustings", "HustingsData", "HustingsMetrics", "HustingsHTTP", "HustingsEndpoints"],
      path: "Plugins/Judges",
      resources: rubrics.flatMap { name in
        ["json", "txt"].map { .embedInCode("\(name)/\(name).\($0)") }
      } + [.embedInCode("arena-hard/arena-hard-0.1.json")],
      swiftSettings: house),
    room(
      "BenchmarkPlugins", path: "Plugins/Benchmarks",
      [
        "Hustings", "HustingsNumerics", "HustingsData", "HustingsMetrics", "HustingsStatistics",
        "HustingsProcess",
      ]),
    room(
      "Reproductions", path: "Plugins/Reproductions",
      [
        "Hustings", "HustingsData", "HustingsNumerics", "HustingsMetrics", "HustingsStatistics",
        "ModelPlugins", "BenchmarkPlugins",
      ]),
    room(
      "Populations", path: "Plugins/Populations",
      ["Hustings", "HustingsNumerics", "HustingsTraining", "HustingsData"]),
    room(
      "Recipes", path: "Plugins/Recipes",
      [
        "Hustings", "HustingsNumerics", "HustingsStatistics", "HustingsTraining", "HustingsData",
        "EncoderPlugins",
      ]),
    room(
      "Studies", path: "Plugins/Studies",
      [
        "Hustings", "HustingsNumerics", "HustingsStatistics", "HustingsMetrics", "HustingsTraining",
        "HustingsReports", "BenchmarkPlugins", "ModelPlugins", "JudgePlugins", "EncoderPlugins", "Recipes",
        "Populations",
      ]),
    room(
      "Catalog", path: "Plugins/Catalog",
      [
        "Hustings", "HustingsMetrics", "ModelPlugins", "JudgePlugins", "BenchmarkPlugins", "EncoderPlugins",
        "Recipes",
      ]),

    .target(
      name: "BuiltInManifests", path: "benchmarks/manifests",
      resources: manifests.map { .embedInCode("\($0).json") },
      swiftSettings: house),

    .executableTarget(
      name: "HustingsCommand",
      dependencies: [
        "Hustings", "HustingsNumerics", "HustingsStatistics", "HustingsMetrics", "HustingsTraining",
        "HustingsData", "HustingsStore", "HustingsHTTP", "HustingsRunner", "HustingsReports", "Catalog",
        "HustingsEndpoints", "HustingsProcess", "Reproductions", "BenchmarkPlugins", "ModelPlugins",
        "JudgePlugins",
        "EncoderPlugins", "Populations", "Recipes", "Studies",
        "BuiltInManifests",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house),

    // Tests: one folder per room.
    .target(name: "HustingsFixtures", path: "Tests/Fixtures", swiftSettings: house),
    tests("Hustings", ["HustingsTesting", "CKernels"]),
    tests("HustingsNumerics", ["CKernels"]),
    tests("HustingsStatistics", ["HustingsNumerics"]),
    tests("HustingsMetrics"),
    tests("HustingsTraining"),
    tests("HustingsData"),
    tests("HustingsStore", [.product(name: "GRDB", package: "GRDB.swift")]),
    tests("HustingsHTTP"),
    tests("HustingsProcess"),
    tests("EncoderPlugins", path: "Tests/Encoders", ["HustingsTesting"]),
    tests("HustingsRunner", ["Catalog"]),
    tests("HustingsReports", ["Catalog", "HustingsData"]),
    tests(
      "Catalog", path: "Tests/Plugins",
      [
        "HustingsTesting", "HustingsData", "HustingsMetrics", "HustingsStatistics", "HustingsHTTP",
        "HustingsEndpoints",
        "ModelPlugins", "JudgePlugins", "BenchmarkPlugins",
      ]),
    tests("Reproductions"),
    tests("Populations", ["Hustings", "HustingsTraining"]),
    tests(
      "Studies",
      [
        "Hustings", "HustingsStatistics", "HustingsReports", "HustingsTraining", "BenchmarkPlugins",
        "Recipes",
      ]),
    tests(
      "Recipes",
      [
        "Hustings", "HustingsTesting", "HustingsTraining", "HustingsData", "HustingsNumerics",
        "EncoderPlugins",
      ]),
    .testTarget(
      name: "CommandTests",
      dependencies: ["HustingsFixtures", "HustingsCommand", "Hustings", "HustingsStore"],
      path: "Tests/HustingsCommand", swiftSettings: house),
    .testTarget(
      name: "ArchitectureTests", dependencies: ["HustingsFixtures"], path: "Tests/Architecture",
      swiftSettings: house),
  ],
  swiftLanguageModes: [.v6]
)
