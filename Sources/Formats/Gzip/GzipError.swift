import Support

/// Gzip data that cannot be decompressed.
public enum GzipError: UserError, Equatable {
  case notGzip(path: String)
  case truncated(path: String, inflated: Int)
  case corrupt(path: String, byte: Int, reason: String)
  case checksum(path: String, byte: Int)
  case length(path: String, byte: Int)
  case trailingGarbage(path: String, byte: Int, count: Int)
  case tooLarge(path: String, limit: Int)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .notGzip(let path):
      "\(path): does not start with the gzip bytes 1F 8B; decompress it another way"
    case .truncated(let path, let inflated):
      "\(path): the gzip data breaks off after \(inflated) decompressed bytes; download it again"
    case .corrupt(let path, let byte, let reason):
      "\(path): the gzip data is damaged before byte \(byte) (\(reason)); download it again"
    case .checksum(let path, let byte):
      "\(path): the CRC-32 before byte \(byte) is not that of the decompressed bytes;"
        + " download it again"
    case .length(let path, let byte):
      "\(path): the length before byte \(byte) is not that of the decompressed bytes;"
        + " download it again"
    case .trailingGarbage(let path, let byte, let count):
      "\(path): the gzip data ends at byte \(byte), but \(count) more bytes follow that are no gzip"
        + " data; download it again"
    case .tooLarge(let path, let limit):
      "\(path): decompresses to more than \(limit) bytes, the most that is read; use a smaller file"
    }
  }
}
