import Datasets
import Formats
import Testing

@testable import Analysis

@Suite struct PageSegmentationTests {
  /// Ink where `rows` have a letter: `a` of one character, `b` of the next; a dot is paper.
  private func page(_ rows: [String], scale: Int = 6) -> [UInt8] {
    rows.flatMap { row in
      let line = row.utf8.flatMap { byte in
        [UInt8](repeating: byte == UInt8(ascii: ".") ? 0 : 255, count: scale)
      }
      return [[UInt8]](repeating: line, count: scale).flatMap(\.self)
    }
  }

  private func segmentation(_ rows: [String], scale: Int = 6) -> PageSegmentation {
    let width = rows[0].utf8.count * scale
    return PageSegmentation(
      InkPiece.pieces(of: page(rows, scale: scale).map { $0 > 0 }, width: width))
  }

  /// The columns in which each character of each line begins and ends.
  private func columns(_ segmentation: PageSegmentation, scale: Int = 6) -> [[[Int]]] {
    segmentation.lines.map { line in
      line.map { [$0.box.columns.lowerBound / scale, $0.box.columns.upperBound / scale] }
    }
  }

  @Test func linesAreReadFromTheTopAndFromTheLeft() {
    // The second character of the upper line stands as low as the slant brings it.
    let rows = [
      "................aaaa....", "........aaaa....a..a....", "aaaa....a..a....a..a....",
      "a..a....a..a....aaaa....", "a..a....aaaa............", "aaaa....................",
      "........................", "........................", "............aaaa........",
      "....aaaa....a..a........", "....a..a....a..a........", "....aaaa....aaaa........",
    ]
    #expect(
      columns(segmentation(rows)) == [[[0, 4], [8, 12], [16, 20]], [[4, 8], [12, 16]]])
  }

  @Test func aDotBelongsToItsStem() {
    let dots = ["....aa............aa....aaaa", "....aa............aa....a..a"]
    let stems = [String](repeating: "..aa............aa......a..a", count: 6)
    let rows =
      dots + ["........................a..a"] + stems + ["..aa............aa......aaaa"]
    // Leaning, a dot stands to the right of its stem.
    #expect(columns(segmentation(rows)) == [[[2, 6], [16, 20], [24, 28]]])
  }

  @Test func aGapInAStrokeParts() {
    // Half a pixel's gap beside gaps of two between characters; scale 2.
    let whole = ["aaaaaaaaaaaa...aaaaaaaaaaaa"]
    let tall = [String](repeating: whole[0], count: 12)
    let gap = tall[..<6] + ["..........................."] + tall[6...]
    #expect(columns(segmentation(Array(gap), scale: 2), scale: 2) == [[[0, 12], [15, 27]]])
  }

  @Test func dirtIsNoCharacter() {
    var rows = [String](repeating: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa....", count: 30)
    rows[10] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..a."
    #expect(segmentation(rows, scale: 1).lines.joined().count == 1)
    #expect(PageSegmentation([]).lines.isEmpty)
  }

  @Test func twoCharactersInAPictureAreNoticed() throws {
    let form = CharacterForm.known(ofDataset: "balanced", height: 28)
    func remarks(_ rows: [String]) throws -> [PictureRemark] {
      let picture = GrayPicture(
        width: rows[0].utf8.count * 6, height: rows.count * 6, pixels: page(rows))
      return try #require(PreparedPicture(picture, form: form, height: 28, width: 28)).remarks
    }
    let frame = "..............."
    let two = [String](repeating: "..aaaa...aaaa..", count: 5)
    #expect(try remarks([frame] + two + [frame]) == [.characters(2)])
    let dotted = ["......aa.......", "...............", "......aa......."]
    #expect(try remarks([frame] + dotted + [dotted[2], dotted[2], dotted[2], frame]) == [])
  }
}
