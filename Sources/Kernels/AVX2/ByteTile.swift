// Tiles of 4 x 16 sums for AVX2: vpmaddwd adds two products of 16 bits in each lane, which fit into its
// 32. vpmaddubsw would take bytes, but saturates. Eight of sixteen registers accumulate: products and
// elements of A, which the compiler loads early, need the others.

import CDotProducts
import KernelBodies

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
