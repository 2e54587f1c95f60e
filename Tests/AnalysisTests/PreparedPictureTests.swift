import Datasets
import Formats
import Foundation
import Tensor
import Testing

@testable import Analysis
@testable import Support

@Suite struct PreparedPictureTests {
  private let emnist = CharacterForm.known(ofDataset: "balanced", height: 28)
  private let mnist = CharacterForm.known(ofDataset: "mnist", height: 28)

  /// A ring of ink, as an O, around the middle of a sheet; a number from 0 to 1 a pixel.
  private func ring(
    _ side: Int, at center: (Double, Double), radius: Double, pen: Double? = nil
  ) -> [Double] {
    (0..<side * side).map { place in
      let (x, y) = (Double(place % side) + 0.5 - center.0, Double(place / side) + 0.5 - center.1)
      let depth = (pen ?? radius / 3) / 2 - abs((x * x + y * y).squareRoot() - radius)
      return min(max(0.5 + depth, 0), 1)
    }
  }

  private func picture(_ ink: [Double], _ shade: (Double, Int) -> Double) -> GrayPicture {
    let side = Int(Double(ink.count).squareRoot())
    return GrayPicture(
      width: side, height: side,
      pixels: ink.enumerated().map { UInt8(min(max(shade($0.element, $0.offset), 0), 255)) })
  }

  private func prepared(
    _ picture: GrayPicture, _ form: CharacterForm? = nil, inkIsDark: Bool? = nil
  ) throws -> PreparedPicture {
    try #require(
      PreparedPicture(
        picture, form: form ?? emnist, height: 28, width: 28, inkIsDark: inkIsDark))
  }

  private func measures(_ picture: PreparedPicture) throws -> CharacterMeasures {
    try #require(CharacterForm.measures(picture.pixels, width: 28))
  }

  /// The mean distance of two images' pixels.
  private func distance(_ a: [UInt8], _ b: [UInt8]) -> Double {
    zip(a, b).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(a.count)
  }

  @Test func aPictureComesOutWithTheFormsMeasures() throws {
    let paper = picture(ring(100, at: (30, 60), radius: 20)) { ink, _ in 240 - 200 * ink }
    for form in [emnist, mnist] {
      let image = try prepared(paper, form)
      #expect(image.isInkDark && image.isFitted && image.pixels.max() == 255)
      let found = try measures(image)
      #expect(abs(found.longerSide - form.longerSide.median) < 0.3)
      #expect(abs(found.boxX - form.x.median) < 0.2 && abs(found.boxY - form.y.median) < 0.2)
      #expect(abs(found.softness - form.softness.median) < 0.1)
      #expect(found.stroke > form.stroke.low - 0.1 && found.stroke < form.stroke.high + 0.1)
    }
  }

  @Test(arguments: [1.0, 2, 8]) func anyPenComesOutUsual(pen: Double) throws {
    let drawn = picture(ring(60, at: (30, 30), radius: 20, pen: pen)) { ink, _ in 255 - 255 * ink }
    let found = try measures(prepared(drawn))
    #expect(found.stroke > emnist.stroke.low - 0.1 && found.stroke < emnist.stroke.high + 0.1)
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
      #expect(distance < 6, "picture \(number): \(distance)")
    }
  }

  @Test func anImageOfTheFormStaysAsItIs() throws {
    let image = picture(ring(28, at: (14, 14), radius: 10, pen: 2.5)) { ink, _ in 255 * ink }
    let plain = try prepared(image)
    #expect(plain.pixels == image.pixels && !plain.isFitted && !plain.isInkDark)
    let turned = GrayPicture(width: 28, height: 28, pixels: image.pixels.map { 255 - $0 })
    let swapped = try prepared(turned)
    #expect(swapped.pixels == image.pixels && !swapped.isFitted && swapped.isInkDark)
  }

  @Test func anImageOfTheSizeAloneIsBroughtIntoForm() throws {
    let others = [
      ring(28, at: (11, 14), radius: 10, pen: 2.5), ring(28, at: (14, 14), radius: 6, pen: 2.5),
      ring(28, at: (14, 14), radius: 10, pen: 1).map { $0 > 0.5 ? 1 : 0 },
    ]
    for (number, ink) in others.enumerated() {
      let image = picture(ink) { ink, _ in 255 * ink }
      #expect(try prepared(image).isFitted, "picture \(number)")
    }
  }

  @Test func theImagesOfAFileStayTogether() throws {
    let usual = picture(ring(28, at: (14, 14), radius: 10, pen: 2.5)) { ink, _ in 255 * ink }
    let small = picture(ring(28, at: (14, 14), radius: 5, pen: 2.5)) { ink, _ in 255 * ink }
    func fitted(_ pictures: [GrayPicture]) -> [Bool?] {
      PreparedPicture.prepare(pictures, form: emnist, height: 28, width: 28).map { $0?.isFitted }
    }
    #expect(fitted([usual, small, usual]) == [false, false, false])
    #expect(fitted([small, usual, small]) == [true, true, true])
    let blank = GrayPicture(width: 28, height: 28, pixels: [UInt8](repeating: 9, count: 784))
    #expect(fitted([usual, blank]) == [false, nil])
  }

  @Test func theBordersVerdictCanBeOverruled() throws {
    let image = picture(ring(60, at: (30, 30), radius: 20)) { ink, _ in 20 + 200 * ink }
    #expect(try !prepared(image).isInkDark)
    // Nothing is darker than this border.
    #expect(
      PreparedPicture(image, form: emnist, height: 28, width: 28, inkIsDark: true) == nil)
  }

  @Test func inkIsAsDarkAsWhereItWasLearned() throws {
    let light = ring(28, at: (14, 14), radius: 10).flatMap { [UInt8(255 - 255 * $0)] }
    let images = ImageSet(height: 28, width: 28, pixels: light, labels: [0])
    let form = try #require(CharacterForm(of: Selection(images)))
    #expect(form.isInkDark)
    let paper = picture(ring(60, at: (30, 30), radius: 20)) { ink, _ in 20 + 200 * ink }
    let image = try prepared(paper, form)
    #expect(image.pixels[0] == 255 && image.pixels.min() == 0)
  }

  @Test func whatIsNotTheCharactersIsLeftOutAndSaid() throws {
    let ink = ring(100, at: (50, 50), radius: 25)
    let plain = try prepared(picture(ink) { ink, _ in 240 - 200 * ink })
    #expect(plain.remarks.isEmpty)
    // A neighbour's stroke, and a stripe of a watermark.
    let stroke = picture(ink) { ink, place in
      place % 100 < 6 && (30..<60).contains(place / 100) ? 40 : 240 - 200 * ink
    }
    let faint = picture(ink) { ink, place in
      (82..<94).contains(place / 100) && (5..<95).contains(place % 100) ? 150 : 240 - 200 * ink
    }
    for (picture, remark) in [(stroke, PictureRemark.strokesAtBorder), (faint, .faintMarks)] {
      let image = try prepared(picture)
      #expect(image.remarks == [remark])
      #expect(distance(image.pixels, plain.pixels) < 6)
    }
    let cut = picture(ring(100, at: (20, 50), radius: 25)) { ink, _ in 240 - 200 * ink }
    #expect(try prepared(cut).remarks == [.touchesBorder])
  }

  @Test func aPictureOfManyCharactersStillHasInk() throws {
    let dots = (0..<200 * 200).map { $0 % 10 < 5 && $0 / 200 % 10 < 5 ? 1.0 : 0 }
    #expect(try prepared(picture(dots) { ink, _ in 200 * ink }).isFitted)
  }

  @Test(arguments: [(1, 1), (1, 2), (2, 1), (1, 5000), (3000, 2), (5, 5), (70, 3)])
  func oddSizesDoNotTrap(width: Int, height: Int) {
    var stream = RandomStream(seed: 2, purpose: .testing)
    for contrast in [1, 2, 256] {
      let noise = GrayPicture(
        width: width, height: height,
        pixels: (0..<width * height).map { _ in UInt8(stream.below(contrast)) })
      for inkIsDark in [nil, true, false] {
        let image = PreparedPicture(
          noise, form: mnist, height: 28, width: 28, inkIsDark: inkIsDark)
        #expect((image?.pixels.count ?? 784) == 784)
      }
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
    let request = DataRequest(transposed: transposed)
    return try PictureFile.read("\(path)/\(name)", request).pictures
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
