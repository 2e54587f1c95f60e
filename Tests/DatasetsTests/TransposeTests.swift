import Testing

@testable import Datasets

@Suite struct TransposeTests {
  @Test(arguments: [
    [1, 1], [3, 3], [4, 4], [5, 5], [28, 28], [4, 8], [3, 7], [9, 6], [1, 12],
  ])
  func everyPixelChangesItsPlace(size: [Int]) {
    let (height, width) = (size[0], size[1])
    let pixels = (0..<(2 * height * width)).map { UInt8(truncatingIfNeeded: $0 &* 97) }
    var transposed = pixels
    transposeImages(&transposed, height: height, width: width)
    for n in 0..<2 {
      for r in 0..<height {
        for c in 0..<width {
          let offset = n * height * width
          #expect(transposed[offset + c * height + r] == pixels[offset + r * width + c])
        }
      }
    }
  }
}
