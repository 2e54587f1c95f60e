import Support

/// A safetensors file that breaks the format's rules or lacks what was asked of it.
public struct SafetensorsError: UserError, Equatable {
  /// What can be wrong with a file. Sizes are bytes.
  public enum Problem: Equatable, Sendable {
    case tooShort(bytes: Int)
    case headerTooLong(promised: UInt64)
    case headerCutShort(promised: Int, found: Int)
    case noObject(found: String)
    case badMetadata(found: String)
    case badMetadataValue(key: String, found: String)
    case damagedHeader
    case tensor(String, TensorProblem)
    case dataCutShort(promised: Int, found: Int)
    case trailingBytes(promised: Int, found: Int)
    case noTensor(name: String, nearest: String?)
  }

  /// What can be wrong with one tensor. Sizes and offsets are bytes.
  public enum TensorProblem: Equatable, Sendable {
    case noObject(found: String)
    case missingField(String)
    case unknownDType(found: String)
    case badShape(found: String)
    case badOffsets(found: String)
    case tooLarge(shape: [Int])
    case partialByte(dtype: SafetensorsDType, shape: [Int])
    case wrongSize(dtype: SafetensorsDType, shape: [Int], needed: Int, found: Int)
    case hole(begin: Int, previousEnd: Int)
    case overlap(begin: Int, previousEnd: Int)
    case wrongDType(found: SafetensorsDType, expected: SafetensorsDType)
    case damaged
  }

  public let path: String
  public let problem: Problem
  public var exitCode: ExitCode { .dataError }
  public var description: String { "\(path): \(problem.text)" }
}

extension SafetensorsError.Problem {
  fileprivate var text: String {
    switch self {
    case .tooShort(let bytes):
      "file has \(bytes) bytes, a safetensors file has at least 8; download or save it again"
    case .headerTooLong(let promised):
      "header promises \(promised) bytes, at most \(SafetensorsHeader.maximumCount) are allowed; "
        + "this is no safetensors file"
    case .headerCutShort(let promised, let found):
      "header promises \(promised) bytes, file has \(found) after the first 8; download it again"
    case .noObject(let found): "header is \(found), expected an object of tensors"
    case .badMetadata(let found): "__metadata__ is \(found), expected an object of strings"
    case .badMetadataValue(let key, let found):
      "__metadata__ has \(found) for '\(key)', expected a string"
    case .damagedHeader:
      "the header does not fit its checksum; the file is damaged or was edited, take it from a copy"
    case .tensor(let name, let problem): "tensor '\(name)' \(problem.text)"
    case .dataCutShort(let promised, let found):
      "tensors need \(promised) bytes, file has \(found) after the header; download it again"
    case .trailingBytes(let promised, let found):
      "tensors need \(promised) bytes, file has \(found) after the header; "
        + "the surplus belongs to no tensor"
    case .noTensor(let name, let nearest):
      "no tensor is named '\(name)'" + (nearest.map { ", the nearest is '\($0)'" } ?? "")
        + "; use the file of the same model"
    }
  }
}

extension SafetensorsError.TensorProblem {
  fileprivate var text: String {
    switch self {
    case .noObject(let found): "is \(found), expected an object"
    case .missingField(let field): "lacks '\(field)'"
    case .unknownDType(let found):
      "has dtype \(found), expected one of "
        + SafetensorsDType.allCases.map(\.rawValue).asChoices
    case .badShape(let found): "has shape \(found), expected an array of whole numbers from 0"
    case .badOffsets(let found):
      "has data_offsets \(found), expected [begin, end] with 0 ≤ begin ≤ end"
    case .tooLarge(let shape): "has shape \(shape), more bytes than can be counted"
    case .partialByte(let dtype, let shape):
      "of \(dtype.rawValue) \(shape) does not end at a whole byte"
    case .wrongSize(let dtype, let shape, let needed, let found):
      "of \(dtype.rawValue) \(shape) needs \(needed) bytes, its data_offsets span \(found)"
    case .hole(let begin, let previousEnd):
      "begins at byte \(begin) of the data, the one before it ends at \(previousEnd); "
        + "no hole is allowed"
    case .overlap(let begin, let previousEnd):
      "begins at byte \(begin) of the data, the one before it ends at \(previousEnd); they overlap"
    case .wrongDType(let found, let expected):
      "holds \(found.rawValue), expected \(expected.rawValue)"
    case .damaged:
      "does not fit its checksum; the file is damaged or was edited, take it from a copy"
    }
  }
}
