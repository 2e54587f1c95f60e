import Experiments
import Support

/// `emnist --version`, and `emnist version`.
struct VersionCommand: Command {
  static let name = "version"
  static let abstract = "print the version, the SIMD set and the number of threads"
  static let examples = [Example("emnist --version", "as a script would ask")]
  static let isListed = false
  static let options = [ConfigurationOption].named("threads").commandOptions()

  let threads: Int

  init(_ arguments: Arguments) throws {
    let layers = try arguments.configuration(.named("threads"))
    threads = layers.configuration.threads ?? ProcessInfo.processInfo.activeProcessorCount
  }

  func run() throws -> ExitCode {
    try StandardStream.output.put(
      "emnist \(programVersion) (SIMD: \(simdDescription()), threads: \(threads))\n")
    return .success
  }
}

let programVersion = "0.1.0"

/// The name of the instruction set whose kernels run.
func simdDescription() -> String { "unknown" }
