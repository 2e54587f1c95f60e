import Datasets
import Testing

@Suite struct ContactSheetTests {
  @Test func threePicturesInTwoColumns() {
    let sheet = ContactSheet(columns: 2, scale: 1, gap: 1, background: 9)
    let (pixels, width, height) = sheet.render(
      images: [[1, 2], [3, 4], [5, 6]], height: 1, width: 2)
    #expect((width, height) == (7, 5))
    #expect(
      pixels == [
        9, 9, 9, 9, 9, 9, 9,
        9, 1, 2, 9, 3, 4, 9,
        9, 9, 9, 9, 9, 9, 9,
        9, 5, 6, 9, 9, 9, 9,
        9, 9, 9, 9, 9, 9, 9,
      ])
  }

  @Test func scaleRepeatsPixelsAndAShortRowIsNotFilledUp() {
    let sheet = ContactSheet(columns: 5, scale: 2, gap: 0)
    let (pixels, width, height) = sheet.render(count: 2, height: 1, width: 1) { [UInt8($0 + 1)] }
    #expect((width, height) == (4, 2))
    #expect(pixels == [1, 1, 2, 2, 1, 1, 2, 2])
  }
}
