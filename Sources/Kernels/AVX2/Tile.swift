// Tiles of 6 x 16 for AVX2: 12 of the 16 registers accumulate, two hold a row of B, one an element
// of A. 12 chains are what two units of five cycles need, and two more.

import KernelBodies

typealias TargetSet = Fused<SIMD8<Float>>

let tileRows = 6

@inline(never) @Sendable
public func tileKernel(_ arguments: UnsafePointer<TileArguments>) {
  switch (arguments.pointee.rowCount, arguments.pointee.vectorCount) {
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
