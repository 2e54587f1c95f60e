// swift-tools-version: 6.3
import PackageDescription

/// For whoever imports a module that is compiled with these flags.
let wholeImports = ["-Xfrontend", "-disable-incremental-imports"]

/// What every kernel target is compiled with: full optimization in debug builds too, so that
/// `swift test` runs the kernels people get. Without the pass that changes signatures, because the
/// functions it makes are shared symbols, which kernels must not have (`Scripts/check_symbols.sh`).
/// Without the records of incremental builds, because they leave out the bodies of functions, and
/// after a change in `Kernels/Bodies` the kernels of the build before would be linked. And without
/// `errno`, for which a square root would be a branch for every lane.
///
/// With `EMNIST_CHECKED=1` in the environment they are compiled with the checks of bounds and of
/// overflow that they otherwise do without; `Scripts/sanitize.sh` runs the tests so.
let kernelFlags =
  [
    Context.environment["EMNIST_CHECKED"] == "1" ? "-O" : "-Ounchecked", "-Xllvm",
    "-sil-disable-pass=function-signature-opts", "-Xcc", "-fno-math-errno",
  ] + wholeImports

/// A target that instantiates `Kernels/Bodies` for one instruction set. `-Xcc -march` decides
/// which instructions Swift's own code generator may use.
func kernels(_ name: String, march: [String] = []) -> Target {
  .target(
    name: "Kernels\(name)",
    dependencies: ["KernelBodies", "CDotProducts"],
    path: "Sources/Kernels/\(name)",
    swiftSettings: [.unsafeFlags(kernelFlags + march.flatMap { ["-Xcc", $0] })])
}

#if arch(x86_64)
  let instructionSets: [Target] = [
    kernels("VNNI", march: ["-march=x86-64-v4", "-mavx512vnni", "-mprefer-vector-width=512"]),
    kernels("AVX512", march: ["-march=x86-64-v4", "-mprefer-vector-width=512"]),
    kernels("AVX2", march: ["-march=x86-64-v3"]),
    kernels("Portable"),
  ]
#else
  let instructionSets: [Target] = [kernels("Portable")]
#endif

/// A release program carries no names of its functions: more than half of its bytes would be those
/// and what a debugger reads. `KEEP_SYMBOLS=1 swift build …` leaves them in, for a profile or for the
/// functions in the report of a crash.
let programLinkerSettings: [LinkerSetting] =
  Context.environment["KEEP_SYMBOLS"] == nil
  ? [.unsafeFlags(["-Xlinker", "-s"], .when(platforms: [.linux], configuration: .release))] : []

/// A member of a type is seen only in files that import its module.
let visibility = SwiftSetting.enableUpcomingFeature("MemberImportVisibility")

let targets: [Target] =
  [
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CPUFeatures"),
    .target(name: "CDotProducts"),
    .target(name: "CClosure"),
    .target(name: "CPictures"),
    // Optimized in debug builds too: data are hashed before every training.
    .target(name: "CDigest", cSettings: [.unsafeFlags(["-O2"])]),
    .target(
      name: "KernelBodies", path: "Sources/Kernels/Bodies",
      swiftSettings: [.unsafeFlags(kernelFlags)]),
  ] + instructionSets + [
    .target(name: "Platform"),
    .target(name: "Support", dependencies: ["CDigest", "Platform"]),
    .target(name: "Formats", dependencies: ["Support", "Platform", "CZlib", "CPictures"]),
    .target(
      name: "Tensor",
      dependencies: ["KernelBodies", "CPUFeatures", "CClosure", "Support", "Platform"]
        + instructionSets.map { .target(name: $0.name) },
      swiftSettings: [.unsafeFlags(wholeImports)]),
    .target(name: "NN", dependencies: ["Tensor", "Support", "Platform"]),
    .target(name: "Datasets", dependencies: ["Formats", "Tensor", "Support", "Platform"]),
    .target(
      name: "Interchange", dependencies: ["NN", "Tensor", "Support", "Platform", "CZlib"]),
    .target(name: "Metrics", dependencies: ["Support", "Platform"]),
    .target(name: "Search", dependencies: ["Support", "Platform"]),
    .target(
      name: "Configuration", dependencies: ["NN", "Datasets", "Tensor", "Support"]),
    .target(
      name: "Training",
      dependencies: [
        "Configuration", "Metrics", "Interchange", "NN", "Datasets", "Formats", "Tensor", "Support",
        "Platform", "CZlib",
      ]),
    .target(
      name: "Studies",
      dependencies: [
        "Training", "Search", "Configuration", "Metrics", "Interchange", "NN", "Datasets", "Tensor",
        "Support", "Platform",
      ]),
    .target(
      name: "Analysis",
      dependencies: [
        "Training", "Configuration", "Metrics", "Interchange", "NN", "Datasets", "Formats",
        "Tensor", "Support", "Platform",
      ]),
    .target(
      name: "Serving",
      dependencies: [
        "Analysis", "Training", "Configuration", "Metrics", "Interchange", "Datasets", "Formats",
        "Tensor", "Support", "Platform",
      ]),
    .target(
      name: "Reports",
      dependencies: [
        "Studies", "Analysis", "Training", "Search", "Configuration", "Metrics", "Interchange",
        "NN", "Datasets", "Formats", "Tensor", "Support", "Platform",
      ]),
    .executableTarget(
      name: "emnist",
      dependencies: [
        "Reports", "Serving", "Studies", "Analysis", "Training", "Configuration", "Metrics",
        "Interchange", "NN", "Datasets", "Formats", "Tensor", "Support", "Platform",
      ], linkerSettings: programLinkerSettings, plugins: ["Commit"]),
    .plugin(name: "Commit", capability: .buildTool(), path: "Sources/Plugins/Commit"),
  ]

/// The tests of a module, which see what it sees.
@MainActor func tests(
  _ name: String, called test: String? = nil, with more: [Target.Dependency] = [],
  exclude: [String] = []
) -> Target {
  let seen = targets.first { $0.name == name }?.dependencies ?? []
  return .testTarget(
    name: "\(test ?? name)Tests",
    dependencies: [.target(name: name)] + seen + ["TestSupport"] + more,
    exclude: exclude)
}

let testTargets: [Target] = [
  .target(name: "TestSupport", dependencies: ["Tensor", "Support"], path: "Tests/TestSupport"),
  .target(name: "AllocationCount", path: "Tests/AllocationCount"),
  .target(
    name: "TrainingFixtures",
    dependencies: [
      "Training", "Configuration", "NN", "Datasets", "Tensor", "Support", "TestSupport",
    ], path: "Tests/TrainingFixtures"),
  .executableTarget(
    name: "StudyWorker", dependencies: ["Studies", "Search", "Support", "Platform"],
    path: "Tests/StudyWorker"),
  .executableTarget(
    name: "Fuzz",
    dependencies: [
      "Serving", "Studies", "Analysis", "Training", "Configuration", "Interchange", "Metrics", "NN",
      "Tensor", "Datasets", "Formats", "Support",
    ], path: "Tests/Fuzz"),
  tests("Support", exclude: ["Golden"]),
  tests("Formats", with: ["Tensor"], exclude: ["Golden"]),
  tests("Tensor"),
  tests("NN", with: ["AllocationCount"], exclude: ["Golden"]),
  tests("Datasets", with: ["AllocationCount"], exclude: ["Golden"]),
  tests("Interchange"),
  tests("Metrics"),
  tests("Search", exclude: ["Golden"]),
  tests("Configuration"),
  tests("Training", with: ["TrainingFixtures"]),
  tests("Studies", with: ["TrainingFixtures", "StudyWorker"]),
  tests("Analysis", with: ["TrainingFixtures"]),
  tests("Serving", with: ["TrainingFixtures"]),
  tests("Reports"),
  tests("emnist", called: "Command"),
]

/// With `EMNIST_TESTS=NN,Search` in the environment the package is the tests of these modules and what
/// they need: so much less to build where a check is about a few of them.
let named = Context.environment["EMNIST_TESTS"].map {
  Set($0.split(separator: ",").map { "\($0)Tests" })
}

/// The targets that these need, themselves among them.
@MainActor func needed(_ names: Set<String>) -> Set<String> {
  let direct = (targets + testTargets).filter { names.contains($0.name) }.flatMap {
    $0.dependencies.compactMap { dependency -> String? in
      switch dependency {
      case .targetItem(let name, _), .byNameItem(let name, _): name
      default: nil
      }
    }
  }
  let all = names.union(direct)
  return all == names ? names : needed(all)
}

/// A name that has no tests would leave a check with nothing to do, and passed.
let unknown = (named ?? []).subtracting(testTargets.map(\.name)).sorted()
precondition(unknown.isEmpty, "EMNIST_TESTS: there are no \(unknown.joined(separator: ", "))")

let present = named.map(needed) ?? Set((targets + testTargets).map(\.name))

let package = Package(
  name: "emnist",
  platforms: [.macOS(.v26)],
  products: present.contains("emnist") ? [.executable(name: "emnist", targets: ["emnist"])] : [],
  targets: (targets + testTargets).filter { present.contains($0.name) },
  swiftLanguageModes: [.v6]
)

/// The modules whose code names every place where the compiler cannot vouch for memory: all above
/// `Tensor`, whose pointers stay within it, and what they stand on.
let memorySafe: Set = [
  "Platform", "Support", "Formats", "NN", "Datasets", "Interchange", "Metrics", "Search",
  "Configuration", "Training", "Studies", "Analysis", "Serving", "Reports", "emnist",
]

/// Modules with loops over pixels, numbers and texts, in which tests spend most of their time where
/// nothing is specialized or inlined: optimized in debug builds too, without the records of incremental
/// builds, for what is inlined from another module.
let computing: Set = [
  "Support", "Formats", "NN", "Datasets", "Interchange", "Metrics", "Search", "Training",
  "Analysis", "Reports",
]

for target in package.targets where target.type != .system && target.type != .plugin {
  target.swiftSettings = (target.swiftSettings ?? []) + [visibility]
  if memorySafe.contains(target.name) { target.swiftSettings?.append(.strictMemorySafety()) }
  if computing.contains(target.name) {
    target.swiftSettings?.append(.unsafeFlags(["-O"] + wholeImports, .when(configuration: .debug)))
  }
}
