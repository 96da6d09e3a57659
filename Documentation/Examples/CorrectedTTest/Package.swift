// swift-tools-version: 6.2
import PackageDescription

// BENCH_URL: where bench is cloned from; CI gives a local clone with a tag.
let url = Context.environment["BENCH_URL"] ?? "https://github.com/example/bench"

let package = Package(
  name: "CorrectedTTest",
  platforms: [.macOS(.v15)],
  dependencies: [.package(url: url, from: "0.1.0")],
  targets: [
    .executableTarget(
      name: "CorrectedTTest", dependencies: [.product(name: "BenchStatistics", package: "bench")])
  ]
)
