import Support

/// Gzip (RFC 1952) through zlib.
public enum Gzip {
  /// The most that a file may decompress to, in bytes: ten million images of 28 × 28 and a header.
  public static let largestOutput = 16 + 784 * 10_000_000

  /// Whether `bytes` start like gzip data. A file's name says nothing: browsers decompress `.gz`
  /// files and leave their names alone.
  public static func isCompressed(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.prefix(2).elementsEqual([0x1F, 0x8B])
  }

  /// Decompresses all members of `bytes` and joins them.
  ///
  /// - Parameter path: the file's name in messages.
  /// - Throws: ``GzipError``, also if the result is longer than `limit` bytes.
  public static func inflate(
    _ bytes: [UInt8], path: String, limit: Int = largestOutput
  ) throws -> [UInt8] {
    let stream = try GunzipStream(bytes, path: path)
    var output: [UInt8] = []
    var pieceSize = max(1 << 16, bytes.count * 4)
    while true {
      let piece = try stream.array(upTo: pieceSize)
      guard stream.produced <= limit else { throw GzipError.tooLarge(path: path, limit: limit) }
      // The usual case is a single piece, which is then not copied.
      if output.isEmpty { output = piece } else { output += piece }
      if piece.count < pieceSize { return output }
      pieceSize = output.count
    }
  }

  /// Reads a whole file, decompressed if it is gzip data, from the disk or out of an archive.
  ///
  /// - Throws: ``FileError``, ``ZipError`` or ``GzipError``.
  public static func contents(of path: String) throws -> [UInt8] {
    try SourceFile(path).contents()
  }
}
