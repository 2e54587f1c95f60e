// Tiles of four-float vectors, for every processor. The baseline of x86-64 has 16 registers and no
// fused multiply-add; AArch64 has 32 and fuses, so its tile is as tall as that of AVX-512.

import KernelBodies

typealias TargetVector = SIMD4<Float>
#if arch(arm64)
  typealias TargetSet = Fused
  typealias TargetChains = ChainCount<TargetVector, 24>
#else
  typealias TargetSet = Separate
  typealias TargetChains = ChainCount<TargetVector, 12>
#endif

extension TargetKernels {
  #if arch(arm64)
    static var tileRows: Int { 12 }
  #else
    static var tileRows: Int { 6 }
  #endif

  static func tile(_ arguments: UnsafePointer<TileArguments>) {
    switch (arguments.pointee.rowCount, arguments.pointee.vectorCount) {
    #if arch(arm64)
      case (7..., 2): tile12x2(arguments)
      case (7..., _): tile12x1(arguments)
    #endif
    case (4..., 2): tile6x2(arguments)
    case (_, 2): tile3x2(arguments)
    case (_, _): tile6x1(arguments)
    }
  }

  @inline(never)
  static func tile6x2(_ arguments: UnsafePointer<TileArguments>) {
    KernelBodies.tile(TargetSet.self, TileShape<TargetVector, 6, 2, 12>.self, arguments.pointee)
  }

  @inline(never)
  static func tile3x2(_ arguments: UnsafePointer<TileArguments>) {
    KernelBodies.tile(TargetSet.self, TileShape<TargetVector, 3, 2, 6>.self, arguments.pointee)
  }

  @inline(never)
  static func tile6x1(_ arguments: UnsafePointer<TileArguments>) {
    KernelBodies.tile(TargetSet.self, TileShape<TargetVector, 6, 1, 6>.self, arguments.pointee)
  }

  #if arch(arm64)
    @inline(never)
    static func tile12x2(_ arguments: UnsafePointer<TileArguments>) {
      KernelBodies.tile(TargetSet.self, TileShape<TargetVector, 12, 2, 24>.self, arguments.pointee)
    }

    @inline(never)
    static func tile12x1(_ arguments: UnsafePointer<TileArguments>) {
      KernelBodies.tile(TargetSet.self, TileShape<TargetVector, 12, 1, 12>.self, arguments.pointee)
    }
  #endif
}
