import Configuration
import Support
import Tensor

/// `emnist --version`, and `emnist version`.
struct VersionCommand: Command {
  static let name = "version"
  static let abstract = "print the version, the SIMD set and the number of threads"
  static let examples = [Example("emnist --version", "as a script would ask")]
  static let isListed = false
  static let options = [ConfigurationOption].named("threads").commandOptions()

  let level: SIMDLevel
  let threads: Int

  init(_ arguments: Arguments) throws {
    level = try .chosen(environment: arguments.environment)
    let layers = try arguments.configuration(.named("threads"))
    threads = layers.configuration.threads ?? Device.processorCount
  }

  func run() throws -> ExitCode {
    try StandardStream.output.put(
      "emnist \(programVersion) (SIMD: \(level.rawValue), threads: \(threads))\n")
    return .success
  }
}

let programVersion = "0.1.0"
