import Support
import Tensor

/// The mask that dropout should use, block by block with the scalar generator: byte
/// `64 g + 16 w + 8 h + l` is 1 where half `h` of word `w` of block `8 g + l` is at least
/// `65536 · rate`.
public func dropoutMaskReference(
  count: Int, rate: Double, seed: UInt64, step: Int, layer: Int
) -> [UInt8] {
  let philox = Philox(key: seed)
  let threshold = UInt32((rate * 65536).rounded())
  return (0..<count).map { element in
    let block = philox.block(
      SIMD4(
        UInt32(element / 64 * 8 + element % 8), UInt32(layer), UInt32(step),
        RandomPurpose.dropout.rawValue))
    let word = block[element % 64 / 16]
    let half = element % 16 < 8 ? word & 0xFFFF : word >> 16
    return half >= threshold ? 1 : 0
  }
}
