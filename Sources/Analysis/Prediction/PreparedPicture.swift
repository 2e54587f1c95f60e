import Datasets
import Formats
import Support

/// A picture as a network takes it.
public struct PreparedPicture: Equatable, Sendable {
  /// `height` · `width` bytes, ink as in the images that the network learned from.
  public let pixels: [UInt8]
  /// Whether ink is dark in the picture.
  public let isInkDark: Bool
  /// Whether the picture was brought into the form of those images; else it was in it.
  public let isFitted: Bool
  /// What is to be known about it.
  public var remarks: [PictureRemark] = []

  /// Brings a picture into a form, `height` × `width` pixels large, unless it is of it already.
  ///
  /// - Parameter inkIsDark: `nil` lets the border decide, which is paper.
  /// - Returns: `nil` if nothing stands out from the border.
  public init?(
    _ picture: GrayPicture, form: CharacterForm, height: Int, width: Int, inkIsDark: Bool? = nil
  ) {
    guard
      let prepared = Self.prepare(
        [picture], form: form, height: height, width: width, inkIsDark: inkIsDark)[0]
    else { return nil }
    self = prepared
  }

  private init(
    _ bright: [UInt8], isInkDark: Bool, form: CharacterForm, isFitted: Bool,
    remarks: [PictureRemark] = []
  ) {
    pixels = form.isInkDark ? bright.map { 255 - $0 } : bright
    (self.isInkDark, self.isFitted, self.remarks) = (isInkDark, isFitted, remarks)
  }

  /// A picture that is as the network takes it.
  public init(taking pixels: [UInt8], form: CharacterForm) {
    (self.pixels, isInkDark, isFitted) = (pixels, form.isInkDark, false)
  }

  /// Brings the pictures of a file into a form. Those of the form's size stay as they are if they
  /// are of it already: a single one by its own measures, several by the middle of theirs, so that
  /// the images of a data set are not told apart by how usual each is.
  ///
  /// - Returns: `nil` for each in which nothing stands out from the border.
  public static func prepare(
    _ pictures: [GrayPicture], form: CharacterForm, height: Int, width: Int,
    inkIsDark: Bool? = nil
  ) -> [PreparedPicture?] {
    let inks = pictures.map { BrightInk($0, inkIsDark: inkIsDark) }
    let candidates = inks.indices.filter { place in
      pictures[place].height == height && pictures[place].width == width
        && inks[place]?.hasCleanBorder == true
    }
    let measures = candidates.compactMap { inks[$0]?.measures }
    let kept = form.holds(measures) ? Set(candidates) : []
    return inks.enumerated().map { place, ink in
      guard let ink else { return nil }
      if kept.contains(place) {
        return PreparedPicture(
          ink.picture.pixels, isInkDark: ink.isInverted, form: form, isFitted: false)
      }
      return fitted(ink, form, height: height, width: width)
    }
  }

  private static func fitted(
    _ ink: BrightInk, _ form: CharacterForm, height: Int, width: Int
  ) -> PreparedPicture? {
    PreparedPicture(
      InkMask(ink.relief), isInkDark: ink.isInverted, form: form, height: height, width: width)
  }

  /// Brings a character into a form; `nil` if there is no ink.
  init?(_ mask: InkMask, isInkDark: Bool, form: CharacterForm, height: Int, width: Int) {
    guard let character = FittedCharacter(mask, form: form, height: height, width: width) else {
      return nil
    }
    self.init(
      character.image.map { UInt8((255 * $0).rounded()) }, isInkDark: isInkDark, form: form,
      isFitted: true, remarks: mask.remarks)
  }
}

/// A picture with bright ink.
struct BrightInk {
  let picture: GrayPicture
  /// Whether it was dark.
  let isInverted: Bool
  /// Of the middle of its border.
  private let paper: Double

  /// Larger pictures are shrunk first; a character in them loses nothing that its image has.
  static let largestSide = 1024
  /// The brightest border of a picture that needs no cleaning.
  private static let cleanBorder = 32.0

  /// - Parameters:
  ///   - inkIsDark: `nil` lets the border decide, which is paper.
  ///   - largestSide: what a picture is shrunk to.
  /// - Returns: `nil` for a picture of one shade.
  init?(_ picture: GrayPicture, inkIsDark: Bool?, largestSide: Int = Self.largestSide) {
    guard picture.pixels.contains(where: { $0 != picture.pixels[0] }) else { return nil }
    let picture = picture.shrunk(to: largestSide)
    let border = median(Self.border(of: picture))
    isInverted = inkIsDark ?? (border > OtsuThreshold(picture.pixels.map(Double.init)).threshold)
    paper = isInverted ? 255 - border : border
    self.picture =
      isInverted
      ? GrayPicture(
        width: picture.width, height: picture.height, pixels: picture.pixels.map { 255 - $0 })
      : picture
  }

  var hasCleanBorder: Bool { paper <= Self.cleanBorder }

  var measures: CharacterMeasures? {
    CharacterForm.measures(picture.pixels, width: picture.width)
  }

  var relief: InkRelief {
    InkRelief(picture.pixels.map(Double.init), width: picture.width, height: picture.height)
  }

  private static func border(of picture: GrayPicture) -> [Double] {
    let (width, height) = (picture.width, picture.height)
    return picture.pixels.indices.filter {
      let (x, y) = ($0 % width, $0 / width)
      return x == 0 || y == 0 || x == width - 1 || y == height - 1
    }.map { Double(picture.pixels[$0]) }
  }
}
