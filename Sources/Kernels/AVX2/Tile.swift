// Tiles of 6 x 16 for AVX2: 12 of the 16 registers accumulate, two hold a row of B, one an element
// of A. 12 chains are what two units of five cycles need, and two more.

import CDotProducts
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

// Strips have a function for each number of rows, so that none computes rows to throw them away. They
// stand in this file because what tiles and strips share, the arrays of their accumulators, is inlined
// into one file alone.

extension TargetKernels {
  static var stripRows: Int { 6 }

  static func strip(_ t: UnsafePointer<StripArguments>) {
    switch (t.pointee.tileRows, t.pointee.vectorCount) {
    case (6, 2): strip6x2(t)
    case (5, 2): strip5x2(t)
    case (4, 2): strip4x2(t)
    case (3, 2): strip3x2(t)
    case (2, 2): strip2x2(t)
    case (1, 2): strip1x2(t)
    case (6, 1): strip6x1(t)
    case (5, 1): strip5x1(t)
    case (4, 1): strip4x1(t)
    case (3, 1): strip3x1(t)
    case (2, 1): strip2x1(t)
    case (1, 1): strip1x1(t)
    default: preconditionFailure("a strip of \(t.pointee.tileRows) rows")
    }
  }

  @inline(never)
  static func strip6x2(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 6, 2, 12>.self, t.pointee)
  }

  @inline(never)
  static func strip5x2(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 5, 2, 10>.self, t.pointee)
  }

  @inline(never)
  static func strip4x2(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 4, 2, 8>.self, t.pointee)
  }

  @inline(never)
  static func strip3x2(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 3, 2, 6>.self, t.pointee)
  }

  @inline(never)
  static func strip2x2(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 2, 2, 4>.self, t.pointee)
  }

  @inline(never)
  static func strip1x2(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 1, 2, 2>.self, t.pointee)
  }

  @inline(never)
  static func strip6x1(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 6, 1, 6>.self, t.pointee)
  }

  @inline(never)
  static func strip5x1(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 5, 1, 5>.self, t.pointee)
  }

  @inline(never)
  static func strip4x1(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 4, 1, 4>.self, t.pointee)
  }

  @inline(never)
  static func strip3x1(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 3, 1, 3>.self, t.pointee)
  }

  @inline(never)
  static func strip2x1(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 2, 1, 2>.self, t.pointee)
  }

  @inline(never)
  static func strip1x1(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 1, 1, 1>.self, t.pointee)
  }
}

// Planes stand here for the same reason.

extension TargetKernels {
  @inline(never)
  static func planes6(_ t: UnsafePointer<PlaneArguments>) {
    KernelBodies.planes(TargetSet.self, TileShape<TargetVector, 6, 2, 12>.self, t.pointee)
  }

  @inline(never)
  static func planes5(_ t: UnsafePointer<PlaneArguments>) {
    KernelBodies.planes(TargetSet.self, TileShape<TargetVector, 5, 2, 10>.self, t.pointee)
  }

  @inline(never)
  static func planes4(_ t: UnsafePointer<PlaneArguments>) {
    KernelBodies.planes(TargetSet.self, TileShape<TargetVector, 4, 2, 8>.self, t.pointee)
  }

  @inline(never)
  static func planes3(_ t: UnsafePointer<PlaneArguments>) {
    KernelBodies.planes(TargetSet.self, TileShape<TargetVector, 3, 2, 6>.self, t.pointee)
  }

  @inline(never)
  static func planes2(_ t: UnsafePointer<PlaneArguments>) {
    KernelBodies.planes(TargetSet.self, TileShape<TargetVector, 2, 2, 4>.self, t.pointee)
  }

  @inline(never)
  static func planes1(_ t: UnsafePointer<PlaneArguments>) {
    KernelBodies.planes(TargetSet.self, TileShape<TargetVector, 1, 2, 2>.self, t.pointee)
  }

  @inline(never)
  static func planeGradient3(_ t: UnsafePointer<PlaneGradientArguments>) {
    KernelBodies.planeGradient(
      TargetSet.self, PlaneGradientShape<TargetVector, 3, 2, 2, 12>.self, t.pointee)
  }

  @inline(never)
  static func planeGradient2(_ t: UnsafePointer<PlaneGradientArguments>) {
    KernelBodies.planeGradient(
      TargetSet.self, PlaneGradientShape<TargetVector, 2, 2, 2, 8>.self, t.pointee)
  }

  @inline(never)
  static func planeGradient1(_ t: UnsafePointer<PlaneGradientArguments>) {
    KernelBodies.planeGradient(
      TargetSet.self, PlaneGradientShape<TargetVector, 1, 2, 2, 4>.self, t.pointee)
  }
}

// Tiles of 4 x 16 sums for AVX2: vpmaddwd adds two products of 16 bits in each lane, which fit into its
// 32. vpmaddubsw would take bytes, but saturates. Eight of sixteen registers accumulate: products and
// elements of A, which the compiler loads early, need the others.
// They stand here for the same reason.

typealias TargetIntegers = SIMD8<Int32>

/// Two numbers of 16 bits a word.
enum TargetDots: DotProducts {
  @inline(__always)
  static func add<V: SIMD>(_ sums: V, _ x: V, _ w: V) -> V where V.Scalar == Int32 {
    let result = dot_pairs_8(
      unsafeBitCast(sums, to: TargetIntegers.self), unsafeBitCast(x, to: TargetIntegers.self),
      unsafeBitCast(w, to: TargetIntegers.self))
    return unsafeBitCast(result, to: V.self)
  }
}

extension TargetByteKernels {
  static var factorBytes: Int { 2 }
  static var tileRows: Int { 4 }

  static func tile(_ t: UnsafePointer<ByteTileArguments>) {
    if t.pointee.vectorCount == 2 { byteTile4x2(t) } else { byteTile4x1(t) }
  }

  @inline(never)
  static func byteTile4x2(_ t: UnsafePointer<ByteTileArguments>) {
    KernelBodies.byteTile(
      TargetDots.self, ByteTileShape<TargetIntegers, 4, 2, 8>.self, t.pointee)
  }

  @inline(never)
  static func byteTile4x1(_ t: UnsafePointer<ByteTileArguments>) {
    KernelBodies.byteTile(
      TargetDots.self, ByteTileShape<TargetIntegers, 4, 1, 4>.self, t.pointee)
  }
}
