// Tiles of four-float vectors, for every processor. The baseline of x86-64 has 16 registers and no
// fused multiply-add; AArch64 has 32 and fuses, so its tile is as tall as that of AVX-512.

import KernelBodies

#if arch(arm64)
  typealias TargetSet = Fused<SIMD4<Float>>
  let tileRows = 12
#else
  typealias TargetSet = Separate<SIMD4<Float>>
  let tileRows = 6
#endif

@inline(never) @Sendable
public func tileKernel(_ arguments: UnsafePointer<TileArguments>) {
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
public func tile6x2(_ arguments: UnsafePointer<TileArguments>) {
  KernelBodies.tile(TargetSet.self, TileShape<6, 2, 12>.self, arguments.pointee)
}

@inline(never)
public func tile3x2(_ arguments: UnsafePointer<TileArguments>) {
  KernelBodies.tile(TargetSet.self, TileShape<3, 2, 6>.self, arguments.pointee)
}

@inline(never)
public func tile6x1(_ arguments: UnsafePointer<TileArguments>) {
  KernelBodies.tile(TargetSet.self, TileShape<6, 1, 6>.self, arguments.pointee)
}

#if arch(arm64)
  @inline(never)
  public func tile12x2(_ arguments: UnsafePointer<TileArguments>) {
    KernelBodies.tile(TargetSet.self, TileShape<12, 2, 24>.self, arguments.pointee)
  }

  @inline(never)
  public func tile12x1(_ arguments: UnsafePointer<TileArguments>) {
    KernelBodies.tile(TargetSet.self, TileShape<12, 1, 12>.self, arguments.pointee)
  }
#endif
