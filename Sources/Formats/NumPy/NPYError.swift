import Support

/// A `.npy` file that cannot be read.
public struct NPYError: UserError, Equatable {
  public enum Problem: Equatable, Sendable {
    case notArray
    case version(Int, Int)
    case headerBreaksOff
    case longHeader(Int)
    case header(String)
    case structure
    case type(String)
    case overflow([Int])
    case length(promised: Int, found: Int)
  }

  public let path: String
  public let problem: Problem

  init(path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }

  public var exitCode: ExitCode { .dataError }

  public var description: String { "\(path): \(sentence)" }

  private var sentence: String {
    switch problem {
    case .notArray: "is not a NumPy array; write it with numpy.save"
    case .version(let major, let minor):
      "has version \(major).\(minor) of NumPy's format, 1.0, 2.0 and 3.0 are read; save it again"
    case .headerBreaksOff: "breaks off within the header of a NumPy array; copy it again"
    case .longHeader(let length):
      "its header says that it is \(length) bytes long, at most \(NPYHeader.largestSize) are read;"
        + " copy it again"
    case .header(let text):
      "its header is not that of a NumPy array ('\(text.utf8.excerpt)'); write it with numpy.save"
    case .structure:
      "holds structures, expected plain numbers; save each field as an array of its own"
    case .type(let type) where type.hasSuffix("O"):
      "holds Python objects (pickle), which only Python can read; save it as plain numbers with"
        + " array.astype('uint8')"
    case .type(let type):
      "holds elements of type '\(type.utf8.excerpt)', whole numbers and floats of 8 to 64 bits are read; convert"
        + " it with array.astype('float32')"
    case .overflow(let shape):
      "\(NumberArray.text(of: shape)) elements are more than a file can hold; copy it again"
    case .length(let promised, let found):
      "its header promises \(promised) bytes of numbers, the file has \(found); copy it again"
    }
  }
}
