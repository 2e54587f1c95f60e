import Formats
import Support

/// How images lie in a file. Their pixels cannot tell, so known files and names do.
public enum Orientation {
  /// Whether a file holds images on their side: one of EMNIST's, known by its SHA-256 or by EMNIST's
  /// own naming, `emnist-…` as IDX, CSV or MATLAB file.
  ///
  /// A sum is made only of a file as large as one of the known ones, and only where the name says
  /// something else than the size.
  public static func isTransposed(_ path: String) -> Bool {
    let name = Folder.lastComponent(fileName(path))
    let isNamed = name.lowercased().hasPrefix("emnist-") && DataFileName(name) != nil
    if let known = isKnownTestPart(path) { return known }
    guard let known = sums[FileStart.size(of: path)], known.isTransposed != isNamed,
      let bytes = try? readFile(path), SHA256.hexadecimal(bytes) == known.sum
    else { return isNamed }
    return known.isTransposed
  }

  /// The same for the test images of MNIST and of EMNIST's own MNIST split, compressed by whatever
  /// program: the two that are most often taken for each other.
  private static func isKnownTestPart(_ path: String) -> Bool? {
    guard let file = try? SourceFile(path), let start = try? file.startOfContents(1 << 12),
      start.starts(with: [0, 0, 8, 3, 0, 0, 0x27, 0x10, 0, 0, 0, 28, 0, 0, 0, 28]),
      let contents = try? file.contents(), let known = testParts[SHA256.hexadecimal(contents)]
    else { return nil }
    return known
  }

  private static let testParts = [
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7": false,
    "0a5442aeabc1ec6cf0a8335d81debf853b46a7570f5d93805a4d6ef8b7281063": true,
  ]

  /// The path of the file itself, without the variable in it.
  private static func fileName(_ path: String) -> String {
    path.firstRange(of: ".mat/").map { String(path[..<path.index(before: $0.upperBound)]) } ?? path
  }

  /// The gzip files of images that EMNIST and MNIST are distributed as, by their size in bytes.
  private static let sums: [Int: (sum: String, isTransposed: Bool)] = [
    4_714_707: ("117fc12b015e37ea98bfb2cbba3f77c3782c056cdbd219b87abfc8661d7135db", true),
    28_207_740: ("74295e75e4e9fa2c102147460ee7eb763653d5132d883a84fb88932bfb8d2db4", true),
    28_908_322: ("5ec835bd5d5b1a66378a132e727fef20fe994b3cc666899befcca5ac766f50cd", true),
    173_367_313: ("9e21987f03a6eb8b870187e785883ddad96947299587908f1a7ec2ca0f4be5f0", true),
    28_905_295: ("5e5815ec1b522089134435f7c55e75a00960b58413794593ffff23efc0821683", true),
    173_375_281: ("39bf8c68037dad40db35348895f7e4e056e8c0a005ab78869c9fbc2c96e947be", true),
    9_908_519: ("20ebe43509264f7639d37c835a3f0b009e90b29e00a099a03101abe1644a3f63", true),
    59_515_779: ("f7c95004d14d81af89522e67d8f0c781dfb3bd544181c81bfe1eb6b41c35b726", true),
    5_039_157: ("50f0e93d75b99b463e9760b8345866f22587fa2c2fba472730a5ba09c693412d", true),
    30_804_864: ("6288f418a917e007bf5fddb823a2dc7a5c6a35031401b93292a539cb12bd881f", true),
    2_484_884: ("b25640fa9e356c618132f5df347c95ef5bae6d9c2596be1de40f7e0ae1c3eac6", true),
    14_873_795: ("5f9942f441031c0f1f2e4d162059fd6e19ea808b34c328b6d16cab0ed24c78f2", true),
    9_912_422: ("440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", false),
    1_648_877: ("8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", false),
  ]
}

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
