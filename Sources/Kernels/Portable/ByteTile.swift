// Tiles of 4 x 8 sums, for every processor: pmaddwd is in the baseline of x86-64; elsewhere the halves of
// a word are multiplied one after the other.

import CDotProducts
import KernelBodies

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
