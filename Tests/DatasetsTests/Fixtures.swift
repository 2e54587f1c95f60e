import Datasets
import Formats
import Foundation
import TestSupport

extension TemporaryFolder {
  /// Writes a file of images `[N, H, W]` and one of labels, one each, compressed if their names
  /// end in `.gz`; `{}` in `pattern` stands for `images-idx3` and `labels-idx1`.
  func writePart(
    _ pattern: String, labels: [UInt8], height: Int = 2, width: Int = 2
  ) throws {
    let pixels = (0..<(labels.count * height * width)).map { UInt8($0 % 251) }
    let images = IDXFile(
      elementType: .unsignedByte, dimensions: [labels.count, height, width], payload: pixels)
    let classes = IDXFile(
      elementType: .unsignedByte, dimensions: [labels.count], payload: labels)
    for (kind, file) in [("images-idx3", images), ("labels-idx1", classes)] {
      let bytes = file.encoded()
      try write(
        pattern.replacingOccurrences(of: "{}", with: kind),
        pattern.hasSuffix(".gz") ? Gzip.compress(bytes) : bytes)
    }
  }
}
