import Configuration
import Platform
import Support
import Tensor

extension Device {
  /// The device of a configuration: `--threads`, and the instruction set that `EMNIST_SIMD` forces.
  ///
  /// - Throws: ``SIMDError``.
  convenience init(_ options: TrainingConfiguration) throws {
    self.init(
      level: try SIMDLevel.chosen(environment: ProcessInfo.processInfo.environment),
      threads: options.threads ?? Device.processorCount)
  }
}
