// EMNIST stores columns where others store rows. Every image is turned within its own bytes, so
// that half a gigabyte of pixels needs no second half.
//
// Four bytes are taken at a time where they lie: all places are within one image of `height` ×
// `width` bytes, and no address is kept.

/// Swaps the rows and columns of every image of `height` × `width` bytes, in place.
func transposeImages(_ pixels: inout [UInt8], height: Int, width: Int) {
  let size = height * width
  unsafe withUnsafeTemporaryAllocation(byteCount: size, alignment: 16) { scratch in
    unsafe pixels.withUnsafeMutableBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: size) {
        let image = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start..<(start + size)])
        unsafe scratch.copyMemory(from: UnsafeRawBufferPointer(image))
        unsafe transpose(
          scratch.baseAddress!, into: image.baseAddress!, height: height, width: width)
      }
    }
  }
}

/// Transposes blocks of 4 × 4 bytes, and byte by byte what is left at the right and the bottom.
private func transpose(
  _ source: UnsafeRawPointer, into target: UnsafeMutableRawPointer, height: Int, width: Int
) {
  let (blockRows, blockColumns) = (height & ~3, width & ~3)
  for r in stride(from: 0, to: blockRows, by: 4) {
    for c in stride(from: 0, to: blockColumns, by: 4) {
      unsafe transposeBlock(source + r * width + c, width, into: target + c * height + r, height)
    }
  }
  func copy(rows: Range<Int>, columns: Range<Int>) {
    for r in rows {
      for c in columns {
        let byte = unsafe source.load(fromByteOffset: r * width + c, as: UInt8.self)
        unsafe target.storeBytes(of: byte, toByteOffset: c * height + r, as: UInt8.self)
      }
    }
  }
  copy(rows: 0..<blockRows, columns: blockColumns..<width)
  copy(rows: blockRows..<height, columns: 0..<width)
}

/// Four words of four bytes: bytes are swapped across pairs of rows, then halves across pairs of
/// pairs. Byte 0 of a word is its least significant one.
private func transposeBlock(
  _ source: UnsafeRawPointer, _ sourceStride: Int, into target: UnsafeMutableRawPointer,
  _ targetStride: Int
) {
  func row(_ r: Int) -> UInt32 {
    unsafe UInt32(
      littleEndian: source.loadUnaligned(fromByteOffset: r * sourceStride, as: UInt32.self))
  }
  let (a, b, c, d) = (row(0), row(1), row(2), row(3))
  let even: UInt32 = 0x00FF_00FF
  let ab = (a & even | (b & even) << 8, a >> 8 & even | b & ~even)
  let cd = (c & even | (d & even) << 8, c >> 8 & even | d & ~even)
  func store(_ word: UInt32, _ r: Int) {
    unsafe target.storeBytes(of: word.littleEndian, toByteOffset: r * targetStride, as: UInt32.self)
  }
  store(ab.0 & 0xFFFF | cd.0 << 16, 0)
  store(ab.1 & 0xFFFF | cd.1 << 16, 1)
  store(ab.0 >> 16 | cd.0 & 0xFFFF_0000, 2)
  store(ab.1 >> 16 | cd.1 & 0xFFFF_0000, 3)
}
