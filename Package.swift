// swift-tools-version: 6.2
import PackageDescription

/// For whoever imports a module that is compiled with these flags.
let wholeImports = ["-Xfrontend", "-disable-incremental-imports"]

/// What every kernel target is compiled with: full optimization in debug builds too, so that
/// `swift test` runs the kernels people get. Without the pass that changes signatures, because the
/// functions it makes are shared symbols, which kernels must not have (`Scripts/check_symbols.sh`).
/// Without the records of incremental builds, because they leave out the bodies of functions, and
/// after a change in `Kernels/Bodies` the kernels of the build before would be linked. And without
/// `errno`, for which a square root would be a branch for every lane.
let kernelFlags =
  [
    "-Ounchecked", "-Xllvm", "-sil-disable-pass=function-signature-opts", "-Xcc", "-fno-math-errno",
  ] + wholeImports

/// A target that instantiates `Kernels/Bodies` for one instruction set. `-Xcc -march` decides
/// which instructions Swift's own code generator may use.
func kernels(_ name: String, march: [String] = []) -> Target {
  .target(
    name: "Kernels\(name)",
    dependencies: ["KernelBodies"],
    path: "Sources/Kernels/\(name)",
    swiftSettings: [.unsafeFlags(kernelFlags + march.flatMap { ["-Xcc", $0] })])
}

#if arch(x86_64)
  let instructionSets: [Target] = [
    kernels("AVX512", march: ["-march=x86-64-v4", "-mprefer-vector-width=512"]),
    kernels("AVX2", march: ["-march=x86-64-v3"]),
    kernels("Portable"),
  ]
#else
  let instructionSets: [Target] = [kernels("Portable")]
#endif

let package = Package(
  name: "emnist",
  platforms: [.macOS(.v26)],
  products: [.executable(name: "emnist", targets: ["emnist"])],
  targets: [
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CPUFeatures"),
    .target(name: "CClosure"),
    .target(
      name: "KernelBodies", path: "Sources/Kernels/Bodies",
      swiftSettings: [.unsafeFlags(kernelFlags)]),
  ] + instructionSets + [
    .target(name: "Support"),
    .target(name: "Formats", dependencies: ["Support", "CZlib"]),
    .target(
      name: "Tensor",
      dependencies: ["CPUFeatures", "CClosure", "Support"]
        + instructionSets.map { .target(name: $0.name) },
      swiftSettings: [.unsafeFlags(wholeImports)]),
    .target(name: "NN", dependencies: ["Tensor", "Support"]),
    .target(name: "Datasets", dependencies: ["Formats", "Tensor", "Support"]),
    .target(name: "Interchange", dependencies: ["NN", "Tensor", "Support"]),
    .target(
      name: "Experiments",
      dependencies: ["NN", "Datasets", "Interchange", "Formats", "Tensor", "Support", "CZlib"]),
    .target(
      name: "Reports",
      dependencies: ["Experiments", "NN", "Datasets", "Formats", "Tensor", "Support"]),
    .executableTarget(
      name: "emnist",
      dependencies: [
        "Reports", "Experiments", "NN", "Datasets", "Formats", "Tensor", "Support",
      ]),

    .target(name: "TestSupport", dependencies: ["Tensor"], path: "Tests/TestSupport"),
    .testTarget(name: "SupportTests", dependencies: ["Support"], exclude: ["Golden"]),
    .testTarget(
      name: "FormatsTests", dependencies: ["Formats", "TestSupport", "CZlib"], exclude: ["Golden"]),
    .testTarget(name: "TensorTests", dependencies: ["Tensor", "TestSupport"]),
    .target(name: "AllocationCount", path: "Tests/AllocationCount"),
    .testTarget(
      name: "NNTests", dependencies: ["NN", "TestSupport", "AllocationCount"],
      exclude: ["Golden"]),
    .testTarget(
      name: "DatasetsTests",
      dependencies: ["Datasets", "TestSupport", "AllocationCount"]),
    .testTarget(name: "InterchangeTests", dependencies: ["Interchange", "TestSupport"]),
    .executableTarget(
      name: "StudyWorker", dependencies: ["Experiments", "Support"], path: "Tests/StudyWorker"),
    .testTarget(
      name: "ExperimentsTests", dependencies: ["Experiments", "TestSupport", "StudyWorker"],
      exclude: ["Golden"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "TestSupport"]),
    .testTarget(
      name: "CommandTests", dependencies: ["emnist", "Experiments", "Datasets", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
