// Numbers are moved as they lie: their places are within the bytes, of which there are as many as the
// shape says, and nothing keeps an address.

extension NumberArray {
  /// Numbers that a file lists with the first index varying fastest, as Fortran and MATLAB have
  /// them, put into this type's order.
  init(
    _ element: Element, firstIndexFastest shape: [Int], bytes: [UInt8], isBigEndian: Bool = false
  ) {
    let ordered =
      shape.count < 2 || bytes.isEmpty
      ? bytes
      : unsafe [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
        unsafe bytes.withUnsafeBytes { source in
          unsafe reorder(source, into: UnsafeMutableRawBufferPointer(buffer), shape, element.size)
        }
        count = bytes.count
      }
    self.init(element, shape, bytes: ordered, isBigEndian: isBigEndian)
  }
}

/// Copies numbers of `size` bytes from the order in which the first index is the fastest to that in
/// which the last one is.
private func reorder(
  _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, _ shape: [Int],
  _ size: Int
) {
  switch size {
  case 1: unsafe reorder(source, into: target, shape, as: UInt8.self)
  case 2: unsafe reorder(source, into: target, shape, as: UInt16.self)
  case 4: unsafe reorder(source, into: target, shape, as: UInt32.self)
  default: unsafe reorder(source, into: target, shape, as: UInt64.self)
  }
}

/// All but the last index are walked through in the order of the target. The last one is walked
/// through in blocks of 64 rows, whose pieces of the source stay in the cache.
private func reorder<Word: FixedWidthInteger>(
  _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, _ shape: [Int],
  as _: Word.Type
) {
  let wordSize = MemoryLayout<Word>.size
  let rowLength = shape[shape.count - 1]
  let rowCount = source.count / wordSize / rowLength
  let starts = rowStarts(shape.dropLast())
  for block in stride(from: 0, to: rowCount, by: 64) {
    let rows = block..<min(block + 64, rowCount)
    let rowStarts = rows.map(starts)
    for column in 0..<rowLength {
      for row in rows {
        let from = (rowStarts[row - block] + column * rowCount) * wordSize
        unsafe target.storeBytes(
          of: source.loadUnaligned(fromByteOffset: from, as: Word.self),
          toByteOffset: (row * rowLength + column) * wordSize, as: Word.self)
      }
    }
  }
}

/// Where the row of that number, counted with the last index fastest, begins in an order in which
/// the first is.
private func rowStarts(_ shape: ArraySlice<Int>) -> (Int) -> Int {
  if shape.count == 1 { return { $0 } }
  return { row in
    var (rest, start) = (row, 0)
    for (axis, size) in shape.enumerated().reversed() {
      start += rest % size * shape.prefix(axis).reduce(1, *)
      rest /= size
    }
    return start
  }
}
