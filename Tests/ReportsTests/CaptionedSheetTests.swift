import Formats
import Testing

@testable import Reports

@Suite struct CaptionedSheetTests {
  @Test func everyLabelOfEMNISTHasItsOwnLetter() {
    let characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz→-/.'()&+_,%"
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

  @Test func aLabelIsCutWhereThePicturesAreLowerThanLetters() throws {
    let rows = LabelledRows(columns: 2, height: 2, width: 3).png([("8→9", [[0, 255, 0, 9, 9, 9]])])
    let picture = try PNG.decode(rows.bytes, path: "rows")
    #expect((picture.width, picture.height) == (rows.width, rows.height))
  }

  @Test func aCaptionThatIsTooLongIsCut() throws {
    let sheet = CaptionedSheet(columns: 2, height: 4, width: 5)
    let image = [UInt8](repeating: 255, count: 20)
    func picture(_ caption: some StringProtocol) throws -> GrayPicture {
      let cell = CaptionedSheet.Cell(image: image, caption: String(caption))
      return try PNG.decode(sheet.png([cell]), path: "sheet")
    }
    let long = "T-shirt/top→Ankle boot"
    let pictures = try ["", "8→9", long].map(picture)
    #expect(Set(pictures.map(\.width)).count == 1 && Set(pictures.map(\.height)).count == 1)
    #expect(pictures[0] != pictures[1] && pictures[1] != pictures[2])
    // 13 letters of 6 pixels fit under a picture of 16 times 5.
    #expect(try picture(long.prefix(13)) == pictures[2])
    #expect(try picture(long.prefix(12)) != pictures[2])
  }
}
