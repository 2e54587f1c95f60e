import Testing

@testable import Reports

@Suite struct CaptionedSheetTests {
  @Test func everyLabelOfEMNISTHasItsOwnLetter() {
    let characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz→-/.'()&+_"
    let pictures = characters.map(PixelFont.pixels)
    #expect(pictures.allSatisfy { $0.count == 35 && $0.contains(true) })
    #expect(Set(pictures).count == characters.count)
    #expect(PixelFont.pixels(of: "漢") == PixelFont.pixels(of: "?"))
    #expect(!PixelFont.pixels(of: " ").contains(true))
  }

  @Test func letterEightIsThis() {
    let lines = stride(from: 0, to: 35, by: 5).map { start in
      PixelFont.pixels(of: "8")[start..<start + 5].map { $0 ? "#" : "." }.joined()
    }
    #expect(lines == [".###.", "#...#", "#...#", ".###.", "#...#", "#...#", ".###."])
  }

  @Test func aCaptionThatIsTooLongIsCut() {
    let sheet = CaptionedSheet(columns: 2, height: 4, width: 5)
    let image = [UInt8](repeating: 255, count: 20)
    for caption in ["", "8→9", "T-shirt/top→Ankle boot"] {
      let png = sheet.png([CaptionedSheet.Cell(image: image, caption: caption)])
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }
  }
}
