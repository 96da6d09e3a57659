// swift-tools-version: 6.2
import Foundation
import PackageDescription

// `swift run` builds debug. Optimising our own targets there makes it about as fast as release and keeps
// `@testable` working (Documentation/Architecture.md, "Build flags"). A package that depends on this one may not be given
// flags; in release it needs none. The checkouts of packages lie beside their `repositories`, so that a clone that only
// happens to lie in a folder of that name is none.
let isDependency =
  Context.packageDirectory.contains("/checkouts/")
  && FileManager.default.fileExists(atPath: Context.packageDirectory + "/../../repositories")
let strict: [SwiftSetting] = Context.environment["BENCH_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]
let swift: [SwiftSetting] = (isDependency ? [] : [.unsafeFlags(["-O"], .when(configuration: .debug))]) + strict
/// Everything above Compute and Autograd: no pointer without the word `unsafe`.
let safe = swift + [.strictMemorySafety()]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

func library(_ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = safe) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies, swiftSettings: strict)
}

let package = Package(
  name: "bench",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "bench", targets: ["bench"]),
    .library(name: "BenchTensors", targets: ["Layers", "Autograd", "Compute"]),
    .library(name: "BenchText", targets: ["Text"]),
    .library(name: "BenchModels", targets: ["Training", "Models"]),
    .library(name: "BenchStatistics", targets: ["Statistics", "Tasks"]),
    .library(name: "BenchCorpora", targets: ["Corpora"]),
    .library(name: "BenchHarness", targets: ["Reports", "Execution", "Evidence", "Analysis", "Manifests"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CLAPACKE", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CKernels",
      cSettings: isDependency ? [] : [.unsafeFlags(["-O2"], .when(configuration: .debug))],
      linkerSettings: [.linkedLibrary("m")]),
    library("Compute", ["CKernels", "COpenBLAS", "CLAPACKE"], settings: swift),
    library("Autograd", ["Compute"], settings: swift),
    library("Hashing", ["COpenSSL"], settings: swift),
    library("Layers", ["Autograd", "Compute"]),
    library("Text"),
    library("Models", ["Layers", "Autograd", "Compute", "Text", "Tasks"]),
    library("Corpora", ["Text", "Compute", "Tasks", "Hashing"]),
    library("Statistics"),
    library("Search", ["Statistics", "Compute"]),
    library("Tasks"),
    library("Deflate", ["CZlib"]),
    library("Training", ["Models", "Layers", "Autograd", "Compute", "Tasks"]),
    library("Settings", ["Text"]),
    library("Families", ["Settings", "Training", "Models", "Compute", "Tasks", "Text", "Statistics", "Hashing"]),
    library(
      "Manifests", ["Families", "Settings", "Corpora", "Models", "Training", "Tasks", "Text", yams]),
    library("Files", ["Corpora", "Compute", "Hashing"]),
    library(
      "Records", ["Manifests", "Families", "Settings", "Corpora", "Models", "Training", "Tasks", "Statistics"]),
    library(
      "Planning",
      ["Records", "Files", "Manifests", "Families", "Corpora", "Models", "Training", "Text", "Compute", "Hashing"]),
    library(
      "Storage",
      [
        "Planning", "Records", "Files", "Manifests", "Families", "Corpora", "Models", "Training", "Tasks", "Text",
        "Hashing",
      ]),
    library(
      "Measurement",
      ["Records", "Manifests", "Families", "Corpora", "Models", "Tasks", "Statistics", "Text", "Compute"]),
    library(
      "Analysis",
      [
        "Planning", "Records", "Files", "Manifests", "Families", "Settings", "Corpora", "Models", "Training", "Tasks",
        "Statistics", "Compute", "Hashing",
      ]),
    library(
      "Evidence",
      ["Analysis", "Records", "Manifests", "Corpora", "Tasks", "Statistics", "Text", "Compute"]),
    library(
      "Claims",
      ["Analysis", "Records", "Manifests", "Settings", "Corpora", "Files", "Tasks", "Statistics", "Text"]),
    library(
      "Execution",
      [
        "Analysis", "Measurement", "Storage", "Planning", "Records", "Files", "Manifests", "Families", "Settings",
        "Corpora", "Models", "Training", "Tasks", "Text", "Search", "Compute",
      ]),
    library(
      "Reports",
      [
        "Analysis", "Claims", "Evidence", "Execution", "Storage", "Planning", "Records", "Files", "Manifests",
        "Families", "Settings", "Models", "Tasks", "Statistics", "Text", "Deflate",
      ]),
    library(
      "History",
      [
        "Reports", "Analysis", "Records", "Files", "Manifests", "Families", "Settings", "Corpora", "Tasks",
        "Statistics", "Compute", "Text", grdb,
      ]),
    library("Fetching", ["Analysis", "Files", "Settings", "Text", "Deflate"]),
    library("Speed", ["Manifests", "Training", "Models", "Layers", "Autograd", "Compute", "Text", "Corpora"]),
    library("Doctor", ["History", "Measurement", "Records", "Files", "Compute", "Text"]),
    .executableTarget(
      name: "bench",
      dependencies: [
        "History", "Reports", "Execution", "Claims", "Evidence", "Analysis", "Measurement", "Storage", "Planning",
        "Records",
        "Files", "Fetching", "Speed", "Doctor", "Manifests", "Families", "Settings",
        "Corpora", "Models", "Tasks", "Statistics", "Search",
        "Text", "Compute", argumentParser,
      ],
      swiftSettings: safe),

    .target(
      name: "TestSupport", dependencies: ["Compute", "Models", "Text"], path: "Tests/TestSupport", swiftSettings: swift),
    // The kernels of each instruction set, which the resolver would hide.
    .target(name: "KernelVariants", dependencies: ["CKernels"], path: "Tests/KernelVariants"),
    tests("Compute", ["KernelVariants"]),
    tests("Autograd", ["Compute"]),
    tests("Layers", ["Autograd", "Compute"]),
    tests("Hashing"),
    tests("Text"),
    tests("Models", ["Layers", "Autograd", "Compute", "Text", "Tasks"]),
    tests("Corpora", ["Text", "Compute", "Tasks"]),
    tests("Statistics"),
    tests("Search", ["Compute"]),
    tests("Tasks"),
    tests("Deflate"),
    tests("Training", ["Models", "Layers", "Autograd", "Compute", "Text", "Tasks"]),
    tests("Families", ["Settings", "Models", "Tasks", "Compute", "Text"]),
    tests("Manifests", ["Families", "Settings", "Corpora", "Models", "Training", "Text"]),
    tests("Evidence", ["Statistics", "Tasks", "Corpora", "Manifests", "Compute", "Text"]),
    tests("Claims", ["Analysis", "Records", "Manifests", "Families", "Corpora", "Statistics", "Tasks", "Text"]),
    tests(
      "Execution",
      [
        "Evidence", "Analysis", "Measurement", "Storage", "Planning", "Records", "Files", "Manifests", "Families",
        "Settings",
        "Corpora", "Models", "Training", "Tasks", "Statistics", "Compute", "Text",
      ]),
    tests(
      "Reports",
      ["Analysis", "Execution", "Storage", "Planning", "Records", "Files", "Families", "Settings", "Text", "Deflate"]),
    tests("History", ["Analysis", "Execution", "Records", "Files", "Statistics"]),
    tests("Fetching", ["Manifests", "Deflate", "Hashing"]),
    tests("Speed", ["Models", "Compute"]),
    tests("Doctor", ["History", grdb]),
    .testTarget(
      name: "BenchTests", dependencies: ["bench", "Manifests", "Deflate", "TestSupport", grdb], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// Only for Scripts/fuzz: it links libFuzzer, which has its own main.
if Context.environment["BENCH_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "History", "Execution", "Storage", "Records", "Files", "Fetching", "Manifests", "Corpora", "Models", "Training",
        "Text", "Compute",
      ],
      path: "Tests/Fuzz", swiftSettings: swift))
}
