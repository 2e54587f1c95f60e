import Support
import Tensor
import Testing

@testable import Datasets

@Suite struct NonCharactersTests {
  private func characters(isInkDark: Bool = false) -> Selection {
    var pixels = [UInt8](repeating: 0, count: 10 * 784)
    var labels = [UInt16](repeating: 0, count: 10)
    GlyphSet.digits10.fill(
      0..<10, using: GlyphGenerator(seed: 1), pixels: &pixels, labels: &labels)
    if isInkDark { pixels = pixels.map { 255 - $0 } }
    return Selection(ImageSet(height: 28, width: 28, pixels: pixels, labels: labels))
  }

  private func pictures(_ count: Int, seed: UInt64 = 1, isInkDark: Bool = false) throws -> ImageSet
  {
    let characters = characters(isInkDark: isInkDark)
    let form = try #require(CharacterForm(of: characters))
    return NonCharacters(unlike: characters, form: form, seed: seed).images(count)
  }

  @Test func picturesDependOnSeedAndPlaceAlone() throws {
    let some = try pictures(20)
    #expect(try pictures(70).pixels.prefix(20 * 784).elementsEqual(some.pixels))
    #expect(try pictures(20, seed: 2) != some)
  }

  @Test func noTwoAreAlikeAndSheetsAreAmongThem() throws {
    let images = try pictures(64)
    let all = (0..<64).map { Array(images.pixels[$0 * 784..<($0 + 1) * 784]) }
    #expect(Set(all).count == 64)
    // The clean sheet has no ink, or the faintest.
    #expect(all.contains { $0.allSatisfy { $0 < 16 } })
  }

  @Test func scribblesAreAsLargeAsCharacters() throws {
    let form = try #require(CharacterForm(of: characters()))
    let images = try pictures(64)
    for number in stride(from: 0, to: 64, by: 2) where number % 20 < 10 {
      let pixels = Array(images.pixels[number * 784..<(number + 1) * 784])
      let measures = try #require(CharacterForm.measures(pixels, width: 28))
      #expect(abs(measures.longerSide - form.longerSide.median) < 3, "picture \(number)")
    }
  }

  @Test func scrapsLieWhereCharactersDo() throws {
    let form = try #require(CharacterForm(of: characters()))
    let images = try pictures(40)
    let margin = (28 - Int(form.longerSide.median.rounded())) / 2
    for number in [16, 17, 18, 36, 37, 38] {
      let pixels = Array(images.pixels[number * 784..<(number + 1) * 784])
      let ink = pixels.indices.filter { pixels[$0] > 0 }
      #expect(ink.count > 10, "picture \(number)")
      #expect(ink.allSatisfy { (margin..<28 - margin).contains($0 / 28) }, "picture \(number)")
    }
  }

  @Test func darkInkIsDark() throws {
    let bright = try pictures(16), dark = try pictures(16, isInkDark: true)
    #expect(Set(zip(bright.pixels, dark.pixels).map { Int($0) + Int($1) }).isSubset(of: 254...256))
  }
}
