import Analysis
import Configuration
import Datasets
import Formats
import Interchange
import Support

/// The weights of a first layer that look at pixels, as pictures: the kernels of a convolution, or
/// what each unit of a dense layer looks for in the image.
struct FilterPicture {
  private let name: String
  private let filters: [[Float]]
  private let height: Int
  private let width: Int
  private let total: Int

  private static let most = 64
  private static let positive = (red: 0.0, green: 114.0, blue: 178.0)
  private static let negative = (red: 213.0, green: 94.0, blue: 0.0)
  private static let zero = 250.0

  /// `nil` if the first weights are no filters over an image of one channel.
  init?(_ model: RecordedModel) {
    guard let weights = model.firstWeights, let values = weights.values(of: Float.self) else {
      return nil
    }
    let input = model.summary.inputShape
    switch weights.shape.count {
    case 4 where weights.shape[1] == 1: (height, width) = (weights.shape[2], weights.shape[3])
    case 2 where weights.shape[1] == input.reduce(1, *) && input.last == 1:
      (height, width) = (input[0], input[1])
    default: return nil
    }
    guard height > 1, width > 1 else { return nil }
    name = weights.name
    total = weights.shape[0]
    let size = height * width
    filters = (0..<min(total, Self.most)).map { Array(values[$0 * size..<($0 + 1) * size]) }
  }

  var picture: ReportPicture {
    let cells = filters.enumerated().map { index, filter in
      ImageGrid.Cell(
        png: png([filter], columns: 1, scale: 1, gap: 0), lines: [],
        hover: "\(name)[\(index)]: \(range(filter))")
    }
    let count = total > filters.count ? "The first \(filters.count) of \(total) filters" : "Each"
    return ReportPicture(
      "filters",
      ImageGrid(
        "Filters of the first layer (\(name))", cells: cells, side: height > 9 ? 49 : 32,
        style: .weights
      ).drawing,
      caption: "\(count) on a scale of its own: blue where ink speaks for it, orange where ink "
        + "speaks against it, pale where it does not matter.",
      png: png(filters, columns: 8, scale: height > 9 ? 2 : 8, gap: 4))
  }

  private func range(_ filter: [Float]) -> String {
    let (least, most) = (filter.min() ?? 0, filter.max() ?? 0)
    return "\(fixed(Double(least), 3)) to \(fixed(Double(most), 3))"
  }

  private func png(_ filters: [[Float]], columns: Int, scale: Int, gap: Int) -> [UInt8] {
    let sheet = ContactSheet(columns: columns, scale: scale, gap: gap, background: 255)
    func plane(_ channel: (Double) -> Double) -> (pixels: [UInt8], width: Int, height: Int) {
      sheet.render(
        images: filters.map { filter in
          let most = filter.reduce(Float.leastNormalMagnitude) { max($0, abs($1)) }
          return filter.map { UInt8(channel(Double($0 / most)).rounded()) }
        }, height: height, width: width)
    }
    let (red, green, blue) = (
      plane { Self.shade($0, \.red) }, plane { Self.shade($0, \.green) },
      plane { Self.shade($0, \.blue) }
    )
    let rgb = red.pixels.indices.flatMap { [red.pixels[$0], green.pixels[$0], blue.pixels[$0]] }
    return PNG.encode(rgb: rgb, width: red.width, height: red.height)
  }

  /// A channel of the colour of a weight from -1 to 1; one that is no number counts as 0.
  private static func shade(
    _ weight: Double, _ channel: (((red: Double, green: Double, blue: Double)) -> Double)
  ) -> Double {
    guard weight.isFinite else { return zero }
    let end = channel(weight < 0 ? negative : positive)
    return zero + (end - zero) * min(1, abs(weight))
  }
}
