import CPUFeatures
import KernelBodies
import KernelsPortable
import Support

#if arch(x86_64)
  import KernelsAVX2
  import KernelsAVX512
#endif

/// An instruction set that there are kernels for, from the widest to the one that runs everywhere.
public enum SIMDLevel: String, CaseIterable, Sendable {
  case avx512
  case avx2
  case portable

  /// Whether this processor has it and this operating system saves its registers.
  public var isUsable: Bool {
    switch self {
    case .avx512: cpu_supports_avx512()
    case .avx2: cpu_supports_avx2()
    case .portable: true
    }
  }

  /// The widest usable level.
  public static var widest: SIMDLevel { allCases.first(where: \.isUsable) ?? .portable }

  /// The levels that can be used here.
  public static var usable: [SIMDLevel] { allCases.filter(\.isUsable) }

  /// The level that `EMNIST_SIMD` forces, or the widest one where the variable is not set.
  ///
  /// - Throws: ``SIMDError`` if the variable names no level or one that cannot be used here.
  public static func chosen(environment: [String: String]) throws -> SIMDLevel {
    guard let name = environment["EMNIST_SIMD"], !name.isEmpty else { return widest }
    guard let level = SIMDLevel(rawValue: name) else { throw SIMDError.unknown(name: name) }
    guard level.isUsable else { throw SIMDError.notUsable(name: name) }
    return level
  }
}

extension SIMDLevel {
  /// The kernels compiled for this level. Called once per device, outside all loops.
  var kernels: any Kernels.Type {
    switch self {
    #if arch(x86_64)
      case .avx512: KernelsAVX512.targetKernels()
      case .avx2: KernelsAVX2.targetKernels()
    #else
      case .avx512, .avx2: preconditionFailure("no kernels for \(rawValue) on this architecture")
    #endif
    case .portable: KernelsPortable.targetKernels()
    }
  }
}

/// A value of `EMNIST_SIMD` that cannot be obeyed.
public enum SIMDError: UserError, Equatable {
  case unknown(name: String)
  case notUsable(name: String)

  public var exitCode: ExitCode {
    switch self {
    case .unknown: .usage
    case .notUsable: .unavailable
    }
  }

  public var description: String {
    let choices = SIMDLevel.usable.map(\.rawValue).asChoices
    return switch self {
    case .unknown(let name):
      "EMNIST_SIMD: unknown instruction set '\(name)'; choose \(SIMDLevel.allCases.map(\.rawValue).asChoices)"
    case .notUsable(let name):
      "EMNIST_SIMD: this processor has no '\(name)'; choose \(choices), or unset it"
    }
  }
}
