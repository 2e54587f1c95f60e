import Support

/// A picture of netpbm's that cannot be read.
public struct NetpbmError: UserError, Equatable {
  public enum Problem: Equatable, Sendable {
    case kind(String)
    case noNumber(String, byte: Int)
    case empty
    case tooLarge(width: Int, height: Int)
    case largestValue(Int)
    case value(Int, pixel: Int, most: Int)
    case length(promised: Int, found: Int)
    case surplus(byte: Int)
  }

  public let path: String
  public let problem: Problem

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch problem {
    case .kind(let kind):
      "\(path): is a netpbm picture of kind \(kind), expected P1 to P6; convert it to PNG"
    case .noNumber(let name, let byte):
      "\(path): has no number at byte \(byte), expected the \(name); save it anew"
    case .empty: "\(path): has a width or height of 0; save it anew"
    case .tooLarge(let width, let height):
      "\(path): has \(width) x \(height) pixels, more than the \(GrayPicture.mostPixels) that are "
        + "read; make it smaller"
    case .largestValue(let value):
      "\(path): its largest value is \(value), expected 1 to 65535; save it anew"
    case .value(let value, let pixel, let most):
      "\(path): pixel \(pixel) is \(value), above the largest value \(most); save it anew"
    case .length(let promised, let found):
      "\(path): header promises \(promised) bytes of pixels, the file has \(found); copy it again"
    case .surplus(let byte):
      "\(path): goes on behind its last pixel at byte \(byte); keep one picture in a file"
    }
  }
}
