import Datasets
import Formats
import Foundation
import Tensor
import Testing

@testable import Analysis
@testable import Support

@Suite struct PreparedPictureTests {
  /// A ring of ink, as an O, around the middle of a sheet; a number from 0 to 1 a pixel.
  private func ring(_ side: Int, at center: (Double, Double), radius: Double) -> [Double] {
    (0..<side * side).map { place in
      let (x, y) = (Double(place % side) + 0.5 - center.0, Double(place / side) + 0.5 - center.1)
      return min(max(0.5 + radius / 6 - abs((x * x + y * y).squareRoot() - radius), 0), 1)
    }
  }

  private func picture(_ ink: [Double], _ shade: (Double, Int) -> Double) -> GrayPicture {
    let side = Int(Double(ink.count).squareRoot())
    return GrayPicture(
      width: side, height: side,
      pixels: ink.enumerated().map { UInt8(min(max(shade($0.element, $0.offset), 0), 255)) })
  }

  private func prepared(
    _ picture: GrayPicture, form: CharacterForm = .emnist, inverted: Bool? = nil
  ) throws -> PreparedPicture {
    try #require(
      PreparedPicture(picture, form: form, height: 28, width: 28, inverted: inverted))
  }

  /// The mean distance of two images' pixels.
  private func distance(_ a: [UInt8], _ b: [UInt8]) -> Double {
    zip(a, b).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(a.count)
  }

  /// First and last row and column with ink.
  private func bounds(_ pixels: [UInt8]) -> [Int] {
    let places = pixels.indices.filter { pixels[$0] > 100 }
    let (rows, columns) = (places.map { $0 / 28 }, places.map { $0 % 28 })
    return [rows.min() ?? 0, rows.max() ?? 0, columns.min() ?? 0, columns.max() ?? 0]
  }

  @Test func inkFillsTheImageButForItsBorder() throws {
    let paper = picture(ring(100, at: (30, 60), radius: 20)) { ink, _ in 240 - 200 * ink }
    let emnist = try prepared(paper)
    #expect(emnist.isInverted && emnist.form == .emnist && emnist.pixels.max() == 255)
    #expect(bounds(emnist.pixels) == [2, 25, 2, 25])
    let mnist = try prepared(paper, form: .mnist)
    #expect(bounds(mnist.pixels) == [4, 23, 4, 23] && mnist.form == .mnist)
  }

  @Test func neitherLightNorPolarityNorDirtNorSizeChangesMuch() throws {
    let ink = ring(100, at: (40, 55), radius: 25)
    let plain = try prepared(picture(ink) { ink, _ in 240 - 200 * ink }).pixels
    var stream = RandomStream(seed: 1, purpose: .testing)
    let others = [
      picture(ink) { ink, _ in 20 + 200 * ink },
      picture(ink) { ink, place in 230 - 80 * ink - 1.2 * Double(place % 100) },
      picture(ink) { ink, _ in 200 - 120 * ink + 4 * Double(stream.normal()) },
      picture(ink) { ink, place in place / 2 == 102 ? 0 : 240 - 200 * ink },
      picture(ring(50, at: (25, 20), radius: 12.5)) { ink, _ in 240 - 200 * ink },
      picture(ring(1200, at: (600, 500), radius: 300)) { ink, _ in 240 - 200 * ink },
    ]
    for (number, other) in others.enumerated() {
      let distance = distance(try prepared(other).pixels, plain)
      // With half the pixels the edge of the ink's box is less certain.
      #expect(distance < (number == 4 ? 16 : 6), "picture \(number): \(distance)")
    }
  }

  @Test func anImageOfTheRightFormStaysAsItIs() throws {
    let image = picture(ring(28, at: (15, 13), radius: 8)) { ink, _ in 255 * ink }
    let plain = try prepared(image)
    #expect(plain.pixels == image.pixels && plain.form == .none && !plain.isInverted)
    let turned = GrayPicture(width: 28, height: 28, pixels: image.pixels.map { 255 - $0 })
    let swapped = try prepared(turned)
    #expect(swapped.pixels == image.pixels && swapped.form == .none && swapped.isInverted)
  }

  @Test func theBordersVerdictCanBeOverruled() throws {
    let image = picture(ring(60, at: (30, 30), radius: 20)) { ink, _ in 20 + 200 * ink }
    #expect(try !prepared(image).isInverted)
    // Nothing is darker than this border.
    let forced = PreparedPicture(image, form: .emnist, height: 28, width: 28, inverted: true)
    #expect(forced == nil)
    let full = picture(ring(28, at: (14, 14), radius: 8)) { ink, _ in 255 * ink }
    #expect(try prepared(full, inverted: false).form == .none)
  }

  @Test func theBoxIsCenteredForEMNISTAndTheMassForMNIST() throws {
    // A heavy foot: the box is centred for EMNIST, the mass for MNIST.
    let ink = (0..<900).map { place -> Double in
      let (x, y) = (place % 30, place / 30)
      return (5..<25).contains(y) && (14..<16).contains(x)
        || (21..<25).contains(y) && (8..<22).contains(x) ? 1 : 0
    }
    let paper = picture(ink) { ink, _ in 250 - 240 * ink }
    let (emnist, mnist) = (try prepared(paper).pixels, try prepared(paper, form: .mnist).pixels)
    #expect(bounds(emnist)[..<2] == [2, 25])
    let rows = mnist.enumerated().reduce((mass: 0.0, sum: 0.0)) {
      ($0.mass + Double($1.element), $0.sum + Double($1.element) * Double($1.offset / 28))
    }
    #expect(abs(rows.sum / rows.mass - 13.5) < 0.3)
  }

  @Test func aPictureOfManyCharactersStillHasInk() throws {
    let dots = (0..<200 * 200).map { $0 % 10 < 5 && $0 / 200 % 10 < 5 ? 1.0 : 0 }
    #expect(try prepared(picture(dots) { ink, _ in 200 * ink }).form == .emnist)
  }

  @Test(arguments: [(1, 1), (1, 2), (2, 1), (1, 5000), (3000, 2), (5, 5), (70, 3)])
  func oddSizesDoNotTrap(width: Int, height: Int) {
    var stream = RandomStream(seed: 2, purpose: .testing)
    for contrast in [1, 2, 256] {
      let noise = GrayPicture(
        width: width, height: height,
        pixels: (0..<width * height).map { _ in UInt8(stream.below(contrast)) })
      for form in [CharacterForm.emnist, .mnist] {
        for inverted in [nil, true, false] {
          let image = PreparedPicture(
            noise, form: form, height: 28, width: 28, inverted: inverted)
          #expect((image?.pixels.count ?? 784) == 784)
        }
      }
    }
  }

  @Test func theFormIsThatOfTheDataSet() {
    #expect(CharacterForm(ofDataset: "mnist") == .mnist)
    for name in ["balanced", "47-balanced-subset", "emnist-mnist", "synthetic", "mine"] {
      #expect(CharacterForm(ofDataset: name) == .emnist)
    }
  }
}

@Suite struct PictureFileTests {
  private func read(
    _ bytes: [UInt8], named name: String = "a", transposed: Bool? = nil
  ) throws -> [GrayPicture] {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    return try PictureFile.read("\(path)/\(name)", transposed: transposed)
  }

  private let pixels: [UInt8] = [1, 2, 3, 4, 5, 6]

  @Test func theFirstBytesSayWhatAFileIs() throws {
    let expected = [GrayPicture(width: 3, height: 2, pixels: pixels)]
    let png = PNG.encode(gray: pixels, width: 3, height: 2)
    let idx = IDXFile(elementType: .unsignedByte, dimensions: [1, 2, 3], payload: pixels)
    #expect(try read(png, named: "a.pgm") == expected)
    #expect(try read(Array("P5 3 2 255 ".utf8) + pixels, named: "a.png") == expected)
    #expect(try read(idx.encoded()) == expected)
    #expect(try read(Gzip.compress(idx.encoded())) == expected)
    #expect(try read(Gzip.compress(png)) == expected)
  }

  @Test func imagesOfEMNISTAreTurnedUpright() throws {
    let file = IDXFile(elementType: .unsignedByte, dimensions: [2, 1, 3], payload: pixels).encoded()
    let lying = [[1, 2, 3], [4, 5, 6]].map { GrayPicture(width: 3, height: 1, pixels: $0) }
    let upright = lying.map { GrayPicture(width: 1, height: 3, pixels: $0.pixels) }
    let name = "emnist-letters-test-images-idx3-ubyte"
    #expect(try read(file, named: name) == upright)
    #expect(try read(file, named: "balanced-test-images-idx3-ubyte") == lying)
    #expect(try read(file, named: "t10k-images-idx3-ubyte") == lying)
    #expect(try read(file, named: name, transposed: false) == lying)
    #expect(try read(file, transposed: true) == upright)
    let square = IDXFile(elementType: .unsignedByte, dimensions: [2, 3], payload: pixels)
    #expect(try read(square.encoded(), transposed: true)[0].pixels == [1, 4, 2, 5, 3, 6])
  }

  @Test(
    arguments: [
      ([], "is empty, expected a picture; copy it again"),
      (
        Array("....ftypisom".utf8),
        "is a film, which is not read; convert it with 'ffmpeg -i "
      ),
      (
        [7, 0xAB],
        "starts with the bytes 07 AB, expected a picture (PNG, PGM, PPM or PBM, BMP, JPEG, WebP or "
          + "HEIC or AVIF); save it as PNG"
      ),
    ] as [([UInt8], String)])
  func otherFilesAreNamed(bytes: [UInt8], message: String) {
    let error = #expect(throws: PictureKindError.self) { try read(bytes) }
    #expect(error?.description.contains("/a: " + message) == true)
    #expect(error?.exitCode == .dataError)
  }

  @Test func labelsAreNoPictures() {
    let labels = IDXFile(elementType: .unsignedByte, dimensions: [6], payload: pixels)
    #expect(throws: DatasetError.self) { try read(labels.encoded()) }
  }
}
