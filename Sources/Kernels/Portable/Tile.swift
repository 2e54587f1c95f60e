// Tiles of four-float vectors, for every processor. The baseline of x86-64 has 16 registers and no
// fused multiply-add; AArch64 has 32 and fuses, so its tile is as tall as that of AVX-512.

import CDotProducts
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
      TargetSet.self, PlaneGradientShape<TargetVector, 3, 1, 4, 12>.self, t.pointee)
  }

  @inline(never)
  static func planeGradient2(_ t: UnsafePointer<PlaneGradientArguments>) {
    KernelBodies.planeGradient(
      TargetSet.self, PlaneGradientShape<TargetVector, 2, 1, 4, 8>.self, t.pointee)
  }

  @inline(never)
  static func planeGradient1(_ t: UnsafePointer<PlaneGradientArguments>) {
    KernelBodies.planeGradient(
      TargetSet.self, PlaneGradientShape<TargetVector, 1, 1, 4, 4>.self, t.pointee)
  }
}

// Tiles of 4 x 8 sums, for every processor: pmaddwd is in the baseline of x86-64; elsewhere the halves of
// a word are multiplied one after the other.
// They stand here for the same reason.

typealias TargetIntegers = SIMD4<Int32>

/// Two numbers of 16 bits a word.
enum TargetDots: DotProducts {
  @inline(__always)
  static func add<V: SIMD>(_ sums: V, _ x: V, _ w: V) -> V where V.Scalar == Int32 {
    #if arch(x86_64)
      let result = dot_pairs_4(
        unsafeBitCast(sums, to: TargetIntegers.self), unsafeBitCast(x, to: TargetIntegers.self),
        unsafeBitCast(w, to: TargetIntegers.self))
      return unsafeBitCast(result, to: V.self)
    #else
      let half = V(repeating: 16)
      return sums &+ ((x &<< half) &>> half) &* ((w &<< half) &>> half)
        &+ (x &>> half) &* (w &>> half)
    #endif
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
    KernelBodies.byteTile(TargetDots.self, ByteTileShape<TargetIntegers, 4, 2, 8>.self, t.pointee)
  }

  @inline(never)
  static func byteTile4x1(_ t: UnsafePointer<ByteTileArguments>) {
    KernelBodies.byteTile(TargetDots.self, ByteTileShape<TargetIntegers, 4, 1, 4>.self, t.pointee)
  }
}
