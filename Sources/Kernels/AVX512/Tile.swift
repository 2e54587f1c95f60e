// Tiles of 12 x 32 for AVX-512: 24 of the 32 registers accumulate, two hold a row of B, and an
// element of A is broadcast by the multiply-add itself. 24 chains are three times what two units of
// four cycles need.

import KernelBodies

typealias TargetVector = SIMD16<Float>
typealias TargetSet = Fused
typealias TargetChains = ChainCount<TargetVector, 24>

extension TargetKernels {
  static var tileRows: Int { 12 }

  static func tile(_ arguments: UnsafePointer<TileArguments>) {
    switch (arguments.pointee.rowCount, arguments.pointee.vectorCount) {
    case (9..., 2): tile12x2(arguments)
    case (5..., 2): tile8x2(arguments)
    case (_, 2): tile4x2(arguments)
    case (5..., _): tile12x1(arguments)
    case (_, _): tile4x1(arguments)
    }
  }

  @inline(never)
  static func tile12x2(_ arguments: UnsafePointer<TileArguments>) {
    KernelBodies.tile(TargetSet.self, TileShape<TargetVector, 12, 2, 24>.self, arguments.pointee)
  }

  @inline(never)
  static func tile8x2(_ arguments: UnsafePointer<TileArguments>) {
    KernelBodies.tile(TargetSet.self, TileShape<TargetVector, 8, 2, 16>.self, arguments.pointee)
  }

  @inline(never)
  static func tile4x2(_ arguments: UnsafePointer<TileArguments>) {
    KernelBodies.tile(TargetSet.self, TileShape<TargetVector, 4, 2, 8>.self, arguments.pointee)
  }

  @inline(never)
  static func tile12x1(_ arguments: UnsafePointer<TileArguments>) {
    KernelBodies.tile(TargetSet.self, TileShape<TargetVector, 12, 1, 12>.self, arguments.pointee)
  }

  @inline(never)
  static func tile4x1(_ arguments: UnsafePointer<TileArguments>) {
    KernelBodies.tile(TargetSet.self, TileShape<TargetVector, 4, 1, 4>.self, arguments.pointee)
  }
}
