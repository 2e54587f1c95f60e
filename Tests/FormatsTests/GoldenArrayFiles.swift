import Foundation
import Testing

@testable import Formats

/// Files and what is in them, made by `Scripts/golden/array_files.py` with NumPy, SciPy and
/// Python's own zip.
struct GoldenArrayFiles: Decodable, Sendable {
  let npy: [GoldenArrayFile]
  let npz: [GoldenArrayFile]
  let mat: [GoldenArrayFile]
  let zip: [GoldenArrayFile]

  static let all: GoldenArrayFiles = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/array_files.json")
    let files = try? JSONDecoder().decode(GoldenArrayFiles.self, from: Data(contentsOf: path))
    return files ?? GoldenArrayFiles(npy: [], npz: [], mat: [], zip: [])
  }()
}

/// A file with the arrays, texts or members that it holds.
struct GoldenArrayFile: Decodable, CustomTestStringConvertible, Sendable {
  let name: String
  let file: Data
  let arrays: [GoldenArray]?
  let texts: [String]?
  let members: [String: String]?

  var testDescription: String { name }
  var bytes: [UInt8] { Array(file) }
}

/// An array as its own program reads it.
struct GoldenArray: Decodable, Sendable {
  let name: String
  let element: String
  let shape: [Int]
  let values: [Double]

  func expectEqual(_ array: NumberArray?, _ comment: Comment? = nil) {
    #expect(array?.element.rawValue == element, comment)
    #expect(array?.shape == shape, comment)
    #expect(array?.doubles() == values, comment)
  }
}
