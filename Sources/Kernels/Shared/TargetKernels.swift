// The kernels of this module: the bodies, instantiated for its instruction set. This folder is linked
// into the folder of every instruction set; each module compiles it with its own flags, its own
// `TargetSet` and its own tiles. Tiles and activations name that set and not `TargetKernels`: what
// another file defines is not inlined where each file is compiled for itself, as in debug builds.

import KernelBodies

/// Not public, so that the functions that the bodies are inlined into are this module's own.
enum TargetKernels: Kernels {
  @inline(__always)
  static func multiplyAdd<V: SIMD>(_ a: V, _ b: V, _ c: V) -> V where V.Scalar == Float {
    TargetSet.multiplyAdd(a, b, c)
  }

  static var tileLanes: Int { TargetVector.scalarCount }

  static func multiplyAddChains(steps: Int, a: Float, b: Float, _ x: Target) {
    KernelBodies.multiplyAddChains(TargetSet.self, TargetChains.self, steps: steps, a: a, b: b, x)
  }

  // The functions of planes stand beside the tiles.

  static func planes(_ t: UnsafePointer<PlaneArguments>, rows: Int) {
    switch rows {
    case 6: planes6(t)
    case 5: planes5(t)
    case 4: planes4(t)
    case 3: planes3(t)
    case 2: planes2(t)
    case 1: planes1(t)
    default: preconditionFailure("planes of \(rows) filters")
    }
  }

  static func planeGradient(_ t: UnsafePointer<PlaneGradientArguments>, rows: Int) {
    switch rows {
    case 3: planeGradient3(t)
    case 2: planeGradient2(t)
    case 1: planeGradient1(t)
    default: preconditionFailure("planes of \(rows) filters")
    }
  }

  /// The shapes suit every instruction set: four panels are eight chains. A function each, because
  /// accumulators stay in registers only where every index is a constant.
  static func rowTile(_ t: UnsafePointer<RowArguments>) {
    switch t.pointee.panelCount {
    case 4: rowTile4(t)
    case 2: rowTile2(t)
    default: rowTile1(t)
    }
  }

  @inline(never)
  static func rowTile4(_ t: UnsafePointer<RowArguments>) {
    KernelBodies.rowTile(TargetSet.self, TileShape<TargetVector, 4, 2, 8>.self, t.pointee)
  }

  @inline(never)
  static func rowTile2(_ t: UnsafePointer<RowArguments>) {
    KernelBodies.rowTile(TargetSet.self, TileShape<TargetVector, 2, 2, 4>.self, t.pointee)
  }

  @inline(never)
  static func rowTile1(_ t: UnsafePointer<RowArguments>) {
    KernelBodies.rowTile(TargetSet.self, TileShape<TargetVector, 1, 2, 2>.self, t.pointee)
  }
}

/// This module's kernels.
public func targetKernels() -> any Kernels.Type { TargetKernels.self }
