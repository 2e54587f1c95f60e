import Support
import Testing

@testable import Datasets

@Suite struct CharacterFormTests {
  @Test func theMeasuresOfABarAreItsOwn() throws {
    // Three columns of ink and a half one, in rows 2 to 7.
    let ink = (0..<100).map { place -> Double in
      let (row, column) = (place / 10, place % 10)
      guard (2...7).contains(row) else { return 0 }
      return (3...5).contains(column) ? 1 : column == 6 ? 0.5 : 0
    }
    let measures = try #require(CharacterMeasures(ink, width: 10))
    // The half is reached in the middle of the pixel before, and of the half one.
    #expect(measures.left == 3 && measures.right == 6.5)
    #expect(measures.top == 2 && measures.bottom == 8 && measures.longerSide == 6)
    #expect(measures.massY == 5 && abs(measures.massX - (3 * 4.5 + 0.5 * 6.5) / 3.5) < 1e-12)
  }

  @Test func widthAndSoftnessComeFromTheEdges() throws {
    // A long bar 4 pixels wide whose edges rise over 2 pixels.
    let ink = (0..<20 * 200).map { place -> Double in
      let column = Double(place % 20) + 0.5
      return min(max(0.5 + (2 - abs(column - 10)) / 2, 0), 1)
    }
    let measures = try #require(CharacterMeasures(ink, width: 20))
    #expect(abs(measures.stroke - 4) < 0.2)
    #expect(abs(measures.softness - 2) < 0.3)
    #expect(CharacterMeasures([Double](repeating: 0.4, count: 9), width: 3) == nil)
  }

  /// Bars of several widths and places; `centered` says what lies in the middle.
  private func set(_ image: (Int) -> (Int, Int) -> Bool, ink: UInt8 = 255) -> Selection {
    let pixels = (0..<40).flatMap { number in
      (0..<400).map { image(number)($0 / 20, $0 % 20) ? ink : 255 - ink }
    }
    return Selection(
      ImageSet(
        height: 20, width: 20, pixels: pixels, labels: .init(repeating: 0, count: 40)))
  }

  @Test func whatLiesInTheMiddleIsSeen() throws {
    // An L whose foot has several lengths: its box is centred, its mass is not.
    let box = try #require(
      CharacterForm(
        of: set { number in
          { row, column in
            let half = 3 + number % 5
            return (4..<16).contains(row) && (10 - half..<10 + half).contains(column)
              && (column < 12 - half || row >= 13)
          }
        }))
    #expect(box.centering == .box && box.longerSide.median == 12 && box.x.median == 10)
    let shifted = try #require(
      CharacterForm(
        of: set { number in
          { row, column in
            // Mass (10, 10): a block and a thin tail to one side of several lengths.
            let tail = number % 5
            return (6..<14).contains(row) && (6..<14).contains(column)
              || row == 10 && (14..<14 + tail).contains(column)
          }
        }))
    #expect(shifted.centering == .mass)
  }

  @Test func darkInkIsSeen() throws {
    func bar(_ number: Int) -> (Int, Int) -> Bool {
      { row, column in (4..<16).contains(row) && (8..<12).contains(column) }
    }
    let (bright, dark) = (CharacterForm(of: set(bar)), CharacterForm(of: set(bar, ink: 0)))
    #expect(bright?.isInkDark == false && dark?.isInkDark == true)
    #expect(bright?.stroke == dark?.stroke)
  }

  @Test func aFormSurvivesItsJSON() throws {
    let form = CharacterForm.known(ofDataset: "mnist", height: 56)
    #expect(form.centering == .mass && form.longerSide.median == 2 * 19.97)
    let text = JSONValue.object(form.json).text()
    let read = try JSONValue(parsing: Array(text.utf8), path: "form").object.flatMap {
      CharacterForm($0)
    }
    #expect(read == form)
    for bad in ["{}", text.replacing("mass", with: "foot"), text.replacing("39.94", with: "1e9")] {
      let json = try JSONValue(parsing: Array(bad.utf8), path: "form").object
      #expect(json.flatMap { CharacterForm($0) } == nil)
    }
    #expect(CharacterForm.known(ofDataset: "mine", height: 28).centering == .box)
  }

  @Test func nothingHasNoForm() {
    let blank = ImageSet(
      height: 2, width: 2, pixels: [UInt8](repeating: 0, count: 8), labels: [0, 1])
    #expect(CharacterForm(of: Selection(blank)) == nil)
  }
}
