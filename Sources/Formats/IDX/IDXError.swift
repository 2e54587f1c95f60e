import Support

/// A file that is not the IDX file it should be.
public enum IDXError: UserError, Equatable {
  case tooShort(path: String, actual: Int, needed: Int)
  case gzip(path: String)
  case zip(path: String)
  case html(path: String)
  case text(path: String)
  case magic(path: String, bytes: [UInt8])
  case littleEndian(path: String)
  case elementType(path: String, code: UInt8)
  case dimensionCount(path: String, count: Int)
  case emptyDimension(path: String, index: Int)
  case overflow(path: String, dimensions: [Int])
  case length(path: String, promised: Int, actual: Int, isCompressed: Bool)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .tooShort(let path, let actual, let needed):
      "\(path): \(actual) bytes are too few for an IDX header of \(needed); download it again"
    case .gzip(let path):
      "\(path): holds gzip data inside gzip data; decompress it once"
    case .zip(let path):
      "\(path): is a zip archive, not an IDX file; unpack it first"
    case .html(let path):
      "\(path): is a web page, not an IDX file; the server sent an error page, download it again"
    case .text(let path):
      "\(path): is text, not an IDX file; check the name"
    case .magic(let path, let bytes):
      "\(path): starts with the bytes \(Self.hexadecimal(bytes)), an IDX file with 00 00;"
        + " check the name"
    case .littleEndian(let path):
      "\(path): is little-endian, IDX files are big-endian; write its header and elements"
        + " with the most significant byte first"
    case .elementType(let path, let code):
      "\(path): element type \(Self.hexadecimal([code])) is unknown; IDX has \(Self.typeCodes)"
    case .dimensionCount(let path, let count):
      "\(path): header says \(count) dimensions, expected 1 to \(IDXHeader.mostDimensions);"
        + " download it again"
    case .emptyDimension(let path, let index):
      "\(path): dimension \(index + 1) is 0, so the file holds nothing; download it again"
    case .overflow(let path, let dimensions):
      "\(path): \(Self.product(dimensions)) elements are more than a file can hold;"
        + " download it again"
    case .length(let path, let promised, let actual, let isCompressed):
      "\(path): header promises \(promised) bytes, file \(isCompressed ? "inflates to" : "has")"
        + " \(actual); download it again"
    }
  }

  private static let typeCodes = IDXElementType.allCases
    .map { "\(hexadecimal([$0.rawValue])) (\($0.name))" }.asChoices

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
      .joined(separator: " ")
  }

  private static func product(_ dimensions: [Int]) -> String {
    dimensions.map(String.init).joined(separator: " × ")
  }
}
