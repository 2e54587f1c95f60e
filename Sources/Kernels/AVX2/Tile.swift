// Tiles of 6 x 16 for AVX2: 12 of the 16 registers accumulate, two hold a row of B, one an element
// of A. 12 chains are what two units of five cycles need, and two more.

import KernelBodies

typealias TargetVector = SIMD8<Float>
typealias TargetSet = Fused
typealias TargetChains = ChainCount<TargetVector, 12>

extension TargetKernels {
  static var tileRows: Int { 6 }

  static func tile(_ arguments: UnsafePointer<TileArguments>) {
    switch (arguments.pointee.rowCount, arguments.pointee.vectorCount) {
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
}
