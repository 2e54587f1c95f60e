import Datasets
import Formats
import Support

extension Predictor {
  /// What the separate characters in the pictures of a file are, in the order of reading.
  ///
  /// - Parameters: as of ``predict(_:inverted:transposed:)``.
  /// - Throws: the same.
  public func segment(
    _ path: String, inverted: Bool? = nil, transposed: Bool? = nil
  ) throws -> [SegmentedPicture] {
    let pictures = try read(path, transposed: transposed)
    return try pictures.enumerated().map { index, picture in
      guard let found = segments(of: picture, inverted: inverted), !found.isEmpty else {
        throw PictureError.blank(path: path, index: pictures.count > 1 ? index : nil)
      }
      let predictions = predict(
        found.map(\.picture), of: path, places: found.map(\.place))
      return SegmentedPicture(file: path, picture: picture, characters: predictions)
    }
  }

  /// A page is looked at with at most so many pixels along a side.
  private static let largestSide = 4096

  private func segments(
    of picture: GrayPicture, inverted: Bool?
  ) -> [(picture: PreparedPicture, place: CharacterPlace)]? {
    guard let ink = BrightInk(picture, inkIsDark: inverted, largestSide: Self.largestSide) else {
      return nil
    }
    let relief = ink.relief
    let factor = (max(picture.width, picture.height) + Self.largestSide - 1) / Self.largestSide
    let lines = PageSegmentation(relief.pieces).lines
    return lines.enumerated().flatMap { line, characters in
      characters.compactMap { character in
        prepared(InkMask(relief, of: character), isInkDark: ink.isInverted).map {
          ($0, CharacterPlace(line: line, box: character.box.scaled(by: factor)))
        }
      }
    }
  }
}

/// Where on a page a character stands.
public struct CharacterPlace: Equatable, Sendable {
  /// From the top, from 0.
  public let line: Int
  /// In pixels of the picture.
  public let box: InkBox
}

/// A picture of several characters.
public struct SegmentedPicture: Sendable {
  public let file: String
  public let picture: GrayPicture
  /// In the order of reading; each has a place.
  public let characters: [PicturePrediction]

  /// What the lines read.
  ///
  /// - Parameter labels: of the classes.
  public func lines(labels: [String]) -> [String] {
    var lines: [String] = []
    var current = -1
    for character in characters {
      let label = labels[character.top(1)[0].class]
      if let line = character.place?.line, line != current {
        lines.append("")
        current = line
      }
      lines[lines.count - 1] += label
    }
    return lines
  }
}
