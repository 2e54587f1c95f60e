import CPUFeatures
import KernelBodies
import KernelsPortable

#if arch(x86_64)
  import KernelsAVX2
  import KernelsAVX512
  import KernelsVNNI
#endif

/// How whole numbers of eight bits are multiplied, from the widest way to the one that runs everywhere.
/// All give the same bits.
public enum ByteLevel: CaseIterable, Sendable {
  /// Four bytes in each lane of AVX-512.
  case vnni
  /// Two numbers of 16 bits in each lane of AVX-512, AVX2, or the baseline.
  case avx512
  case avx2
  case portable

  /// The widest usable one that needs no more than an instruction set.
  public init(widestOf level: SIMDLevel) {
    self =
      switch level {
      case .avx512: ByteLevel.vnni.isUsable ? .vnni : .avx512
      case .avx2: .avx2
      case .portable: .portable
      }
  }

  /// Whether this processor has it and this operating system saves its registers.
  public var isUsable: Bool {
    switch self {
    case .vnni: cpu_supports_avx512_vnni()
    case .avx512: SIMDLevel.avx512.isUsable
    case .avx2: SIMDLevel.avx2.isUsable
    case .portable: true
    }
  }

  /// Those that can be used here.
  public static var usable: [ByteLevel] { allCases.filter(\.isUsable) }

  /// The kernels compiled for it. Called once per device, outside all loops.
  var kernels: any ByteKernels.Type {
    switch self {
    #if arch(x86_64)
      case .vnni: KernelsVNNI.targetByteKernels()
      case .avx512: KernelsAVX512.targetByteKernels()
      case .avx2: KernelsAVX2.targetByteKernels()
    #else
      case .vnni, .avx512, .avx2: preconditionFailure("no kernels for \(self) on this architecture")
    #endif
    case .portable: KernelsPortable.targetByteKernels()
    }
  }
}
