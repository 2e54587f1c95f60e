// The row tiles, instantiated like the rest of the kernels. Their shapes suit every instruction set:
// four panels are eight chains.

import KernelBodies

@inline(never) @Sendable
public func rowTileKernel(_ arguments: UnsafePointer<RowArguments>) {
  switch arguments.pointee.panelCount {
  case 4: rowTile4(arguments)
  case 2: rowTile2(arguments)
  default: rowTile1(arguments)
  }
}

@inline(never)
public func rowTile4(_ arguments: UnsafePointer<RowArguments>) {
  rowTile(TargetSet.self, TileShape<4, 2, 8>.self, arguments.pointee)
}

@inline(never)
public func rowTile2(_ arguments: UnsafePointer<RowArguments>) {
  rowTile(TargetSet.self, TileShape<2, 2, 4>.self, arguments.pointee)
}

@inline(never)
public func rowTile1(_ arguments: UnsafePointer<RowArguments>) {
  rowTile(TargetSet.self, TileShape<1, 2, 2>.self, arguments.pointee)
}
