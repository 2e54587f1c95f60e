// Random bytes of 0 and 1 for dropout, from Philox 4x32-10 (see `Random.swift` of `Tensor`), eight
// blocks at a time.
//
// A block's four words give eight 16-bit numbers; a mask byte is 1 where its number is at least
// the threshold. Mask byte `64 g + 16 w + 8 h + l` comes from block `8 g + l`, word `w`, half `h`.

extension Kernels {
  /// Fills `count` bytes (rounded up to a multiple of 64) with 1 with probability
  /// `1 - threshold / 65536`, else 0. The first block's counter is `(firstBlock, counter.y, z, w)`.
  @inlinable @inline(__always)
  public static func randomMask(
    key: SIMD2<UInt32>, counter: SIMD4<UInt32>, threshold: UInt32, count: Int,
    to mask: UnsafeMutablePointer<UInt8>
  ) {
    typealias Words = SIMD8<UInt64>
    let low = Words(repeating: 0xFFFF_FFFF)
    var first = UInt64(counter.x)
    let lanes = Words(0, 1, 2, 3, 4, 5, 6, 7)
    for group in 0..<(count + 63) / 64 {
      var x = (Words(repeating: first) &+ lanes) & low
      var y = Words(repeating: UInt64(counter.y))
      var z = Words(repeating: UInt64(counter.z))
      var w = Words(repeating: UInt64(counter.w))
      var k0 = UInt64(key.x)
      var k1 = UInt64(key.y)
      for _ in 0..<10 {
        let p0 = x &* Words(repeating: 0xD251_1F53)
        let p1 = z &* Words(repeating: 0xCD9E_8D57)
        x = (p1 &>> 32) ^ y ^ Words(repeating: k0)
        z = (p0 &>> 32) ^ w ^ Words(repeating: k1)
        y = p1 & low
        w = p0 & low
        k0 = (k0 &+ 0x9E37_79B9) & 0xFFFF_FFFF
        k1 = (k1 &+ 0xBB67_AE85) & 0xFFFF_FFFF
      }
      let to = UnsafeMutableRawPointer(mask + group * 64)
      storeMask(x, threshold, to)
      storeMask(y, threshold, to + 16)
      storeMask(z, threshold, to + 32)
      storeMask(w, threshold, to + 48)
      first &+= 8
    }
  }
}

@inlinable @inline(__always)
func storeMask(_ words: SIMD8<UInt64>, _ threshold: UInt32, _ to: UnsafeMutableRawPointer) {
  let bits = unsafeBitCast(words, to: SIMD16<UInt32>.self).evenHalf
  let limit = SIMD8<UInt32>(repeating: threshold)
  let (zero, one) = (SIMD8<UInt32>(), SIMD8<UInt32>(repeating: 1))
  let low = zero.replacing(with: one, where: (bits & 0xFFFF) .>= limit)
  let high = zero.replacing(with: one, where: (bits &>> 16) .>= limit)
  to.storeBytes(of: lowBytes(low), as: SIMD8<UInt8>.self)
  (to + 8).storeBytes(of: lowBytes(high), as: SIMD8<UInt8>.self)
}

/// The low byte of each word. The library's conversion is a function that is not inlined.
@inlinable @inline(__always)
func lowBytes(_ words: SIMD8<UInt32>) -> SIMD8<UInt8> {
  SIMD8(
    UInt8(truncatingIfNeeded: words[0]), UInt8(truncatingIfNeeded: words[1]),
    UInt8(truncatingIfNeeded: words[2]), UInt8(truncatingIfNeeded: words[3]),
    UInt8(truncatingIfNeeded: words[4]), UInt8(truncatingIfNeeded: words[5]),
    UInt8(truncatingIfNeeded: words[6]), UInt8(truncatingIfNeeded: words[7]))
}
