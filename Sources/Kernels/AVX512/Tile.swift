// Tiles of 12 x 32 for AVX-512: 24 of the 32 registers accumulate, two hold a row of B, and an
// element of A is broadcast by the multiply-add itself. 24 chains are three times what two units of
// four cycles need.

import CDotProducts
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

// Strips have a function for each number of rows, so that none computes rows to throw them away. They
// stand in this file because what tiles and strips share, the arrays of their accumulators, is inlined
// into one file alone.

extension TargetKernels {
  static var stripRows: Int { 12 }

  static func strip(_ t: UnsafePointer<StripArguments>) {
    switch (t.pointee.tileRows, t.pointee.vectorCount) {
    case (12, 2): strip12x2(t)
    case (11, 2): strip11x2(t)
    case (10, 2): strip10x2(t)
    case (9, 2): strip9x2(t)
    case (8, 2): strip8x2(t)
    case (7, 2): strip7x2(t)
    case (6, 2): strip6x2(t)
    case (5, 2): strip5x2(t)
    case (4, 2): strip4x2(t)
    case (3, 2): strip3x2(t)
    case (2, 2): strip2x2(t)
    case (1, 2): strip1x2(t)
    case (12, 1): strip12x1(t)
    case (11, 1): strip11x1(t)
    case (10, 1): strip10x1(t)
    case (9, 1): strip9x1(t)
    case (8, 1): strip8x1(t)
    case (7, 1): strip7x1(t)
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
  static func strip12x2(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 12, 2, 24>.self, t.pointee)
  }

  @inline(never)
  static func strip11x2(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 11, 2, 22>.self, t.pointee)
  }

  @inline(never)
  static func strip10x2(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 10, 2, 20>.self, t.pointee)
  }

  @inline(never)
  static func strip9x2(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 9, 2, 18>.self, t.pointee)
  }

  @inline(never)
  static func strip8x2(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 8, 2, 16>.self, t.pointee)
  }

  @inline(never)
  static func strip7x2(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 7, 2, 14>.self, t.pointee)
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
  static func strip12x1(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 12, 1, 12>.self, t.pointee)
  }

  @inline(never)
  static func strip11x1(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 11, 1, 11>.self, t.pointee)
  }

  @inline(never)
  static func strip10x1(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 10, 1, 10>.self, t.pointee)
  }

  @inline(never)
  static func strip9x1(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 9, 1, 9>.self, t.pointee)
  }

  @inline(never)
  static func strip8x1(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 8, 1, 8>.self, t.pointee)
  }

  @inline(never)
  static func strip7x1(_ t: UnsafePointer<StripArguments>) {
    KernelBodies.strip(TargetSet.self, TileShape<TargetVector, 7, 1, 7>.self, t.pointee)
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
      TargetSet.self, PlaneGradientShape<TargetVector, 3, 4, 1, 12>.self, t.pointee)
  }

  @inline(never)
  static func planeGradient2(_ t: UnsafePointer<PlaneGradientArguments>) {
    KernelBodies.planeGradient(
      TargetSet.self, PlaneGradientShape<TargetVector, 2, 4, 1, 8>.self, t.pointee)
  }

  @inline(never)
  static func planeGradient1(_ t: UnsafePointer<PlaneGradientArguments>) {
    KernelBodies.planeGradient(
      TargetSet.self, PlaneGradientShape<TargetVector, 1, 4, 1, 4>.self, t.pointee)
  }
}

// Tiles of 8 x 32 sums for AVX-512 without VNNI: vpmaddwd adds two products of 16 bits in each lane,
// which fit into its 32. Two instructions a step are more than a loop over twelve rows is unrolled for.
// They stand here for the same reason.

typealias TargetIntegers = SIMD16<Int32>

/// Two numbers of 16 bits a word.
enum TargetDots: DotProducts {
  @inline(__always)
  static func add<V: SIMD>(_ sums: V, _ x: V, _ w: V) -> V where V.Scalar == Int32 {
    let result = dot_pairs_16(
      unsafeBitCast(sums, to: TargetIntegers.self), unsafeBitCast(x, to: TargetIntegers.self),
      unsafeBitCast(w, to: TargetIntegers.self))
    return unsafeBitCast(result, to: V.self)
  }
}

extension TargetByteKernels {
  static var factorBytes: Int { 2 }
  static var tileRows: Int { 8 }

  static func tile(_ t: UnsafePointer<ByteTileArguments>) {
    if t.pointee.vectorCount == 2 { byteTile8x2(t) } else { byteTile8x1(t) }
  }

  @inline(never)
  static func byteTile8x2(_ t: UnsafePointer<ByteTileArguments>) {
    KernelBodies.byteTile(
      TargetDots.self, ByteTileShape<TargetIntegers, 8, 2, 16>.self, t.pointee)
  }

  @inline(never)
  static func byteTile8x1(_ t: UnsafePointer<ByteTileArguments>) {
    KernelBodies.byteTile(
      TargetDots.self, ByteTileShape<TargetIntegers, 8, 1, 8>.self, t.pointee)
  }
}
