import Support
import Tensor

/// Pictures that are no characters, to be told apart from some: scribbles as large as the characters and
/// with strokes as wide or up to twice as wide, two characters on top of each other or one with its quarters
/// exchanged, clouds, scraps as a threshold leaves them of a photograph, noise, and sheets of one shade.
///
/// A picture is a pure function of seed, place and characters.
public struct NonCharacters {
  private let characters: Selection
  private let form: CharacterForm
  private let seed: UInt64

  private var height: Int { characters.images.height }
  private var width: Int { characters.images.width }

  /// - Parameters:
  ///   - characters: at least one.
  ///   - form: how they sit in their images.
  public init(unlike characters: Selection, form: CharacterForm, seed: UInt64) {
    (self.characters, self.form, self.seed) = (characters, form, seed)
  }

  /// The first `count` pictures, of the size and with the ink of the characters.
  public func images(_ count: Int) -> ImageSet {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * characters.images.imageSize)
    for number in 0..<count {
      let picture = picture(number).map { UInt8(min(max($0, 0), 1) * 255 + 0.5) }
      pixels += form.isInkDark ? picture.map { 255 - $0 } : picture
    }
    return ImageSet(
      height: height, width: width, pixels: pixels,
      labels: [UInt16](repeating: 0, count: count))
  }

  /// `[H, W]` numbers from 0, paper, to 1. Of twenty pictures in a row ten are scribbles, three scraps.
  private func picture(_ number: Int) -> [Float] {
    var random = RandomStream(seed: seed, purpose: .nonCharacters, minor: number)
    switch number % 20 {
    case 16...18: return scrap(&random)
    case 0, 2, 4, 6, 8, 19: return drawn(Scribble.tangle(&random), &random)
    case 1, 9: return drawn(Scribble.zigzag(&random), &random)
    case 3, 11: return drawn(Scribble.loops(&random), &random)
    case 5, 13:
      let (one, other) = (character(&random), character(&random))
      return zip(one, other).map { max($0, $1) }
    case 7: return exchanged(character(&random))
    case 10, 14: return cloud(&random)
    case 12:
      let share = random.uniform(0.02...0.2)
      return noise(&random) { $0.uniform() < share ? $0.uniform(0.25...1) : 0 }
    default:
      let turn = number / 20 % 4
      if turn == 0 { return noise(&random) { $0.uniform() } }
      // Every fourth is a clean sheet, or nearly.
      let level = turn == 1 ? 0 : random.uniform()
      let amount = random.below(2) == 0 ? 0 : random.uniform(0...0.06)
      return noise(&random) { level + amount * ($0.uniform() - 0.5) }
    }
  }

  private func noise(
    _ random: inout RandomStream, _ value: (inout RandomStream) -> Float
  ) -> [Float] {
    var values: [Float] = []
    for _ in 0..<height * width { values.append(value(&random)) }
    return values
  }

  /// A curve in the middle, as large and wide as the characters.
  private func drawn(_ curve: [SIMD2<Float>], _ random: inout RandomStream) -> [Float] {
    let side = min(height, width)
    let usual = random.uniform(Float(form.stroke.low)...Float(form.stroke.high))
    let stroke = random.below(4) > 0 ? usual : usual * random.uniform(1...2)
    let (low, high) = curve.reduce((curve[0], curve[0])) {
      (pointwiseMin($0.0, $1), pointwiseMax($0.1, $1))
    }
    let size = max(1, min(Float(form.longerSide.median), Float(side)) - stroke)
    let scale = size / max((high - low).max(), 1e-3)
    let middle = (low + high) / 2
    let points = curve.map { ($0 - middle) * scale + Float(side - 1) / 2 }
    var canvas = InkCanvas(side: side)
    canvas.draw(
      InkStroke(points: points, radii: points.map { _ in stroke / 2 }))
    canvas.blur(share: random.uniform(0.08...0.28))
    let (top, left) = ((height - side) / 2, (width - side) / 2)
    var image = [Float](repeating: 0, count: height * width)
    for place in canvas.ink.indices {
      image[(place / side + top) * width + place % side + left] = canvas.ink[place]
    }
    return image
  }

  private func character(_ random: inout RandomStream) -> [Float] {
    let images = characters.images
    let start = Int(characters.indices[random.below(characters.count)]) * images.imageSize
    return images.pixels[start..<start + images.imageSize].map {
      Float(form.isInkDark ? 255 - $0 : $0) / 255
    }
  }

  /// Moved by half its size in both directions; what leaves comes in on the other side.
  private func exchanged(_ image: [Float]) -> [Float] {
    image.indices.map { place in
      let row = (place / width + height / 2) % height
      return image[row * width + (place % width + width / 2) % width]
    }
  }

  /// Between two shades.
  private func cloud(_ random: inout RandomStream) -> [Float] {
    let levels = (random.uniform(), random.uniform())
    return field(height, width, &random).map { levels.0 + (levels.1 - levels.0) * $0 }
  }

  /// Ink where a cloud is darkest, on as much of the sheet as a character takes.
  private func scrap(_ random: inout RandomStream) -> [Float] {
    let size = max(1, min(height, width, Int(Float(form.longerSide.median).rounded())))
    let (across, down) = (
      size, max(1, random.below(3) == 0 ? size * (1 + random.below(3)) / 4 : size)
    )
    let values = field(down, across, &random)
    let share = random.uniform(0.1...0.6)
    let level = values.sorted()[min(values.count - 1, Int(Float(values.count) * (1 - share)))]
    let steepness = random.uniform(4...20)
    let (top, left) = ((height - down) / 2, (width - across) / 2)
    var image = [Float](repeating: 0, count: height * width)
    for (place, value) in values.enumerated() {
      image[(place / across + top) * width + place % across + left] =
        max(0, min(1, (value - level) * steepness + 0.5))
    }
    return image
  }

  /// Random numbers from 0 to 1 at the nodes of a coarse grid, and what lies between.
  private func field(
    _ height: Int, _ width: Int, _ random: inout RandomStream
  ) -> [Float] {
    let cells = [2, 3, 5, 8, 13][random.below(5)]
    var nodes: [Float] = []
    for _ in 0..<(cells + 1) * (cells + 1) { nodes.append(random.uniform()) }
    return (0..<height * width).map { place in
      let y = Float(place / width) * Float(cells) / Float(height)
      let x = Float(place % width) * Float(cells) / Float(width)
      let (row, column) = (Int(y), Int(x))
      let (down, along) = (y - Float(row), x - Float(column))
      func level(_ row: Int) -> Float {
        let start = row * (cells + 1) + column
        return nodes[start] + (nodes[start + 1] - nodes[start]) * along
      }
      return level(row) + (level(row + 1) - level(row)) * down
    }
  }
}

/// Curves that a hand draws where it writes nothing.
private enum Scribble {
  /// From place to place over the whole sheet.
  static func tangle(_ random: inout RandomStream) -> [SIMD2<Float>] {
    var nodes: [GlyphSkeleton.Node] = []
    for _ in 0..<16 + random.below(14) {
      let point = SIMD2(random.uniform(), random.uniform())
      nodes.append(GlyphSkeleton.Node(point: point, isCorner: false))
    }
    return PenCurve.polyline(nodes)
  }

  /// To and fro.
  static func zigzag(_ random: inout RandomStream) -> [SIMD2<Float>] {
    let (count, isUpright) = (8 + random.below(8), random.below(2) == 0)
    return (0..<count).map { number in
      let along = Float(number) / Float(count - 1) + 0.05 * random.normal()
      let across = Float(number % 2) + 0.12 * random.normal()
      return isUpright ? SIMD2(along, across) : SIMD2(across, along)
    }
  }

  /// Round and round, along a way or outwards: on one spot it would be an O.
  static func loops(_ random: inout RandomStream) -> [SIMD2<Float>] {
    let (isSpiral, turns) = (random.below(2) == 0, 3 + random.below(5))
    let (direction, length) = (random.uniform(0...6.28), random.uniform(2...5))
    let way = SIMD2(Float(cosine(Double(direction))), Float(sine(Double(direction)))) * length
    let (flatness, start) = (random.uniform(0.6...1), random.uniform(0...6.28))
    let count = 32 * turns
    return (0...count).map { number in
      let t = Float(number) / Float(count)
      let angle = Double(2 * Float.pi * Float(turns) * t + start)
      let round = SIMD2(Float(cosine(angle)), Float(sine(angle)) * flatness)
      return isSpiral ? round * (0.1 + 0.9 * t) : round + way * t
    }
  }
}
