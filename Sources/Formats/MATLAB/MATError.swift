import Support

/// A MATLAB file that cannot be read.
public struct MATError: UserError, Equatable {
  public enum Problem: Equatable, Sendable {
    case version73
    case notLevel5
    case unexpected(String)
    case tooDeep
    case breaksOff(promised: Int, found: Int)
    case length(shape: [Int], bytes: Int, type: String)
    case damaged(String)
    case surplus
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
    case .version73:
      "is a MATLAB file of version 7.3, which is HDF5; save it in MATLAB with"
        + " save(file, '-v7') or in Python with numpy.savez"
    case .notLevel5:
      "is not a MATLAB file of level 5; save it in MATLAB with save(file, '-v7')"
    case .unexpected(let found):
      "the MATLAB file is damaged: \(found) stands where it may not;"
        + " copy it again"
    case .tooDeep: "the MATLAB file has structures nested too deeply; save the arrays themselves"
    case .breaksOff(let promised, let found):
      "the MATLAB file promises \(promised) bytes where \(found) are left; copy it again"
    case .length(let shape, let bytes, let type):
      "the MATLAB file has \(bytes) bytes for \(NumberArray.text(of: shape)) numbers of type \(type);"
        + " copy it again"
    case .damaged(let reason):
      "the MATLAB file's compressed data are damaged (\(reason)); copy it again"
    case .surplus: "the MATLAB file's compressed data go on behind their end; copy it again"
    }
  }
}
