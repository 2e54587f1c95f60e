import Configuration
import Platform
import Support

/// A network from left to right: a block for each layer that has weights or changes the shape, as
/// high as its maps are and as thick as they are many.
///
/// Heights go with the extent of a map, thicknesses with the logarithm of the number of maps; a
/// layer of single units is as high as the logarithm of their number. What else is between two
/// blocks (normalization, activation, dropout) is said under the pointer.
public struct ArchitectureDiagram {
  private let summary: ModelSummary
  private let blocks: [Block]

  /// - Parameter summary: layers, of which those within another are not drawn.
  public init(_ summary: ModelSummary) {
    self.summary = summary
    blocks = Self.blocks(of: summary)
  }

  private struct Block {
    let name: String
    let detail: String
    let shape: [Int]
    let color: String
    let parameters: Int
    /// The layers that leave the shape as it is and follow.
    var followers: [String] = []

    var shapeText: String { shape.map(String.init).joined(separator: " × ") }

    var hover: String {
      let weights = parameters > 0 ? ", \(counted(parameters, "parameter"))" : ""
      let rest = followers.isEmpty ? "" : "; then \(followers.asEnumeration)"
      return "\(name): \(detail), \(shapeText)\(weights)\(rest)"
    }
  }

  private static let accompanying: Set<String> = [
    "batch_norm", "layer_norm", "group_norm", "activation", "dropout", "spatial_dropout",
    "positional_embedding",
  ]

  private static func blocks(of summary: ModelSummary) -> [Block] {
    let input = Block(
      name: "input", detail: "pixels", shape: summary.inputShape, color: "flat", parameters: 0)
    return summary.layers.filter { $0.depth == 0 }.reduce(into: [input]) { blocks, layer in
      let detail = [layer.type.replacing("_", with: " "), layer.detail].filter { !$0.isEmpty }
        .joined(separator: " ")
      guard !accompanying.contains(layer.type) else {
        return blocks[blocks.count - 1].followers.append(detail)
      }
      blocks.append(
        Block(
          name: layer.name, detail: detail, shape: layer.outputShape, color: color(of: layer.type),
          parameters: layer.parameters))
    }
  }

  private static func color(of type: String) -> String {
    switch type {
    case "conv2d": "f0"
    case "dense": "f1"
    case "residual", "concatenate": "f2"
    case "attention": "f3"
    default: "flat"
    }
  }

  // MARK: The drawing

  private static let highest = 120.0
  private static let gap = 10.0

  /// Height and thickness.
  private func size(of block: Block) -> (height: Double, width: Double) {
    let extent = Double(max(1, summary.inputShape.first ?? 1))
    let maps = Double(max(1, block.shape.last ?? 1))
    let thickness = 5 + 3 * log2(maps + 1)
    switch block.shape.count {
    case 3: return (max(8, Self.highest * min(1, Double(block.shape[0]) / extent)), thickness)
    case 2:
      return (
        max(8, Self.highest * min(1, Double(block.shape[0]).squareRoot() / extent)), thickness
      )
    default: return (min(Self.highest, 10 * log2(maps + 1)), 12)
    }
  }

  /// The picture, as wide as its blocks and their texts need.
  public var drawing: Drawing {
    let title = "The network \(summary.name)"
    let sizes = blocks.map { size(of: $0) }
    let blockWidths = sizes.map { max($0.width, ChartStyle.small + 4) }
    let needed = blockWidths.reduce(0) { $0 + $1 + Self.gap } + 24
    let width = max(ChartStyle.width, needed)
    let spread = (width - needed) / Double(max(1, blocks.count))
    let above = textWidth(blocks.map(\.shapeText), size: ChartStyle.small) + 8
    let middle = 30 + above + Self.highest / 2
    var (x, body) = (12.0, Drawing.text(title, x: 8, y: 18, "title"))
    for (index, block) in blocks.enumerated() {
      let cell = blockWidths[index] + Self.gap + spread
      let center = x + cell / 2
      if index > 0 {
        let from = center - (cell + blockWidths[index - 1] + Self.gap + spread) / 2
        body += Drawing.line(
          (from + sizes[index - 1].width / 2, middle), (center - sizes[index].width / 2, middle),
          "frame")
      }
      body += self.block(block, sizes[index], center: center, middle: middle)
      x += cell
    }
    let below = textWidth(blocks.map(label), size: ChartStyle.small) + 12
    return Drawing(
      title: title, width: width, height: middle + Self.highest / 2 + below, body: body)
  }

  private func label(_ block: Block) -> String {
    block.name == "input" ? block.name : "\(block.name): \(block.detail)"
  }

  private func block(
    _ block: Block, _ size: (height: Double, width: Double), center: Double, middle: Double
  ) -> Markup {
    let baseline = center + ChartStyle.small / 2 - 1
    return Drawing.rectangle(
      x: center - size.width / 2, y: middle - size.height / 2, width: size.width,
      height: size.height, block.color, hover: block.hover)
      + Drawing.text(
        block.shapeText, x: baseline, y: middle - Self.highest / 2 - 6, "small soft", rotated: true)
      + Drawing.text(
        label(block), x: baseline, y: middle + Self.highest / 2 + 6, "small end", rotated: true)
  }
}
