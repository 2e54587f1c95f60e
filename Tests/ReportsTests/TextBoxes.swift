@testable import Reports

/// Where the texts of a drawing lie, by the widths that drawings count on.
struct TextBoxes {
  struct Box: CustomStringConvertible {
    let text: String
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>
    var description: String { "'\(text)' at \(x) × \(y)" }

    func overlaps(_ other: Box) -> Bool {
      x.lowerBound < other.x.upperBound && other.x.lowerBound < x.upperBound
        && y.lowerBound < other.y.upperBound && other.y.lowerBound < y.upperBound
    }
  }

  let boxes: [Box]
  let width: Double
  let height: Double

  init(_ svg: XMLText) {
    boxes = svg.named("text").map(Self.box)
    width = svg.elements[0].number("width")
    height = svg.elements[0].number("height")
  }

  /// The pairs that lie over each other.
  var overlaps: [(Box, Box)] {
    let sorted = boxes.sorted { $0.y.lowerBound < $1.y.lowerBound }
    return sorted.indices.flatMap { a in
      sorted[(a + 1)...].prefix { $0.y.lowerBound < sorted[a].y.upperBound }
        .filter { $0.overlaps(sorted[a]) }.map { (sorted[a], $0) }
    }
  }

  /// Those that stand out of the drawing.
  var outside: [Box] {
    boxes.filter {
      $0.x.lowerBound < 0 || $0.x.upperBound > width || $0.y.lowerBound < 0
        || $0.y.upperBound > height
    }
  }

  private static func box(of element: XMLText.Element) -> Box {
    let classes = (element.attributes["class"] ?? "").split(separator: " ")
    let size =
      classes.contains("small")
      ? ChartStyle.small : classes.contains("title") ? ChartStyle.title : ChartStyle.label
    let length = textWidth(element.text, size: size)
    let start = classes.contains("end") ? -length : classes.contains("middle") ? -length / 2 : 0
    // Letters reach 0.75 of the size above the baseline and 0.2 below.
    guard let turn = element.attributes["transform"] else {
      let (x, y) = (element.number("x"), element.number("y"))
      return Box(
        text: element.text, x: x + start...x + start + length, y: y - 0.75 * size...y + 0.2 * size)
    }
    let numbers = turn.split { !"-.0123456789".contains($0) }.compactMap { Double($0) }
    let (x, y) = (numbers[0], numbers[1])
    return Box(
      text: element.text, x: x - 0.75 * size...x + 0.2 * size, y: y - start - length...y - start)
  }
}
