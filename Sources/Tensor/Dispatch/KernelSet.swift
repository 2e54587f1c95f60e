import KernelBodies
import KernelsPortable

#if arch(x86_64)
  import KernelsAVX2
  import KernelsAVX512
#endif

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
