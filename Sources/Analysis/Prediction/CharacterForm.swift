import Datasets
import Formats
import Support

/// How the images of a data set were made of writing on paper, and how a picture is brought into
/// the same form.
public enum CharacterForm: String, Sendable {
  /// The picture is of that form already.
  case none
  /// Cohen, Afshar, Tapson and van Schaik, "EMNIST: an extension of MNIST to handwritten letters",
  /// 2017, section II: blurred a little, the box around the ink centred with a border of two
  /// pixels, resampled with a bicubic filter, scaled to the full range.
  case emnist
  /// LeCun, Cortes and Burges, "The MNIST database of handwritten digits": the longer side of the
  /// ink's box 20 pixels long, the centre of mass in the middle.
  case mnist

  /// The form of a data set's images.
  public init(ofDataset name: String) {
    self = [.mnist, .qmnist].contains(KnownDataset(rawValue: name)) ? .mnist : .emnist
  }

  /// The pixels around the ink's longer side, of an image of `side` pixels.
  private func border(_ side: Int) -> Double {
    Double(side) / 28 * (self == .mnist ? 4 : 2)
  }

  /// The deviation of the blur, in pixels of the result: the paper's 1 of 128 pixels, for a
  /// character over half of them.
  private var blur: Double { self == .mnist ? 0 : 0.4 }
}

/// A picture as a network takes it.
public struct PreparedPicture: Equatable, Sendable {
  /// `height` · `width` bytes, ink 255 on 0.
  public let pixels: [UInt8]
  /// Whether light and dark were swapped.
  public let isInverted: Bool
  /// What was done beside that.
  public let form: CharacterForm

  /// Brings a picture into a form, `height` × `width` pixels large.
  ///
  /// A picture that has this size and a clean dark border, if need be after swapping, stays as it is.
  ///
  /// - Parameter inverted: whether ink is dark; `nil` lets the border decide, which is paper.
  /// - Returns: `nil` if nothing stands out from the border.
  public init?(
    _ picture: GrayPicture, form: CharacterForm, height: Int, width: Int, inverted: Bool? = nil
  ) {
    guard picture.pixels.contains(where: { $0 != picture.pixels[0] }) else { return nil }
    let picture = picture.shrunk(to: Self.largestSide)
    let gray = picture.pixels.map(Double.init)
    let border = median(Self.border(of: picture))
    isInverted = inverted ?? (border > OtsuThreshold(gray).threshold)
    if picture.height == height, picture.width == width,
      (isInverted ? 255 - border : border) <= Self.cleanBorder
    {
      pixels = isInverted ? picture.pixels.map { 255 - $0 } : picture.pixels
      self.form = .none
      return
    }
    let ink = isInverted ? gray.map { 255 - $0 } : gray
    let mask = InkMask(ink, width: picture.width, height: picture.height)
    guard let pixels = form.image(of: mask, height: height, width: width) else { return nil }
    self.pixels = pixels
    self.form = form
  }

  /// Larger pictures are shrunk first; a character in them loses nothing that its image has.
  private static let largestSide = 1024

  /// The brightest border of a picture that needs no cleaning.
  private static let cleanBorder = 32.0

  private static func border(of picture: GrayPicture) -> [Double] {
    let (width, height) = (picture.width, picture.height)
    return picture.pixels.indices.filter {
      let (x, y) = ($0 % width, $0 / width)
      return x == 0 || y == 0 || x == width - 1 || y == height - 1
    }.map { Double(picture.pixels[$0]) }
  }
}

extension CharacterForm {
  /// The image of the ink; `nil` if there is none.
  fileprivate func image(of mask: InkMask, height: Int, width: Int) -> [UInt8]? {
    guard let box = mask.box else { return nil }
    // Source pixels a pixel of the image.
    let step = max(
      Double(box.columns.count) / (Double(width) - 2 * border(width)),
      Double(box.rows.count) / (Double(height) - 2 * border(height)))
    let center = center(of: mask, in: box)
    func resampling(_ count: Int, from source: Int, around center: Double) -> Resampling {
      Resampling(
        count: count, from: source, start: center - step * Double(count) / 2, step: step,
        blur: blur)
    }
    let across = resampling(width, from: mask.width, around: center.x)
    let down = resampling(height, from: mask.height, around: center.y)
    let image = down.columns(across.rows(mask.values, width: mask.width), width: width)
    guard let most = image.max(), most > 0 else { return nil }
    return image.map { UInt8((255 * min(max($0 / most, 0), 1)).rounded()) }
  }

  private func center(
    of mask: InkMask, in box: (columns: Range<Int>, rows: Range<Int>)
  ) -> (x: Double, y: Double) {
    guard self == .mnist else {
      return (
        Double(box.columns.lowerBound + box.columns.upperBound) / 2,
        Double(box.rows.lowerBound + box.rows.upperBound) / 2
      )
    }
    var (sum, x, y) = (0.0, 0.0, 0.0)
    for (place, value) in mask.values.enumerated() {
      sum += value
      x += value * (Double(place % mask.width) + 0.5)
      y += value * (Double(place / mask.width) + 0.5)
    }
    return (x / sum, y / sum)
  }
}
