// Tiles of 12 x 32 sums for AVX-512 with VNNI: vpdpbusd multiplies four bytes in each lane and adds them
// to a sum of 32 bits, without saturation.

import CDotProducts
import KernelBodies

typealias TargetIntegers = SIMD16<Int32>

/// Four bytes a word.
enum TargetDots: DotProducts {
  @inline(__always)
  static func add<V: SIMD>(_ sums: V, _ x: V, _ w: V) -> V where V.Scalar == Int32 {
    let result = dot_bytes_16(
      unsafeBitCast(sums, to: TargetIntegers.self), unsafeBitCast(x, to: TargetIntegers.self),
      unsafeBitCast(w, to: TargetIntegers.self))
    return unsafeBitCast(result, to: V.self)
  }
}

extension TargetByteKernels {
  static var factorBytes: Int { 1 }
  static var tileRows: Int { 12 }

  static func tile(_ t: UnsafePointer<ByteTileArguments>) {
    if t.pointee.vectorCount == 2 { byteTile12x2(t) } else { byteTile12x1(t) }
  }

  @inline(never)
  static func byteTile12x2(_ t: UnsafePointer<ByteTileArguments>) {
    KernelBodies.byteTile(
      TargetDots.self, ByteTileShape<TargetIntegers, 12, 2, 24>.self, t.pointee)
  }

  @inline(never)
  static func byteTile12x1(_ t: UnsafePointer<ByteTileArguments>) {
    KernelBodies.byteTile(
      TargetDots.self, ByteTileShape<TargetIntegers, 12, 1, 12>.self, t.pointee)
  }
}
