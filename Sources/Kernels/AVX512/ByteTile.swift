// Tiles of 8 x 32 sums for AVX-512 without VNNI: vpmaddwd adds two products of 16 bits in each lane,
// which fit into its 32. Two instructions a step are more than a loop over twelve rows is unrolled for.

import CDotProducts
import KernelBodies

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
