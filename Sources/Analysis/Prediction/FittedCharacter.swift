import Datasets

/// A character brought into a form: as large, in the same place, with strokes as wide and edges as
/// soft as in the images that a network learned from.
///
/// What comes out is measured as those images were, and drawn again until it agrees.
struct FittedCharacter {
  /// `[H, W]` numbers from 0 to 1.
  let image: [Double]

  private static let rounds = 3

  /// - Returns: `nil` if the mask holds no ink.
  init?(_ mask: InkMask, form: CharacterForm, height: Int, width: Int) {
    guard let source = CharacterMeasures(mask.values, width: mask.width) else { return nil }
    let (wide, high) = (source.right - source.left, source.bottom - source.top)
    // Source pixels a pixel of the image; a broad character must not leave a narrow image.
    let least = max(wide / Double(width), high / Double(height))
    var step = max(source.longerSide / form.longerSide.median, least)
    var middle = form.middle(of: source)
    var drawn: (image: [Double], measures: CharacterMeasures)?
    for _ in 0..<Self.rounds {
      let place = (x: middle.x - step * form.x.median, y: middle.y - step * form.y.median)
      guard
        let outline = StrokeOutline(
          mask.resampled(height: height, width: width, from: place, step: step),
          height: height, width: width)
      else { break }
      guard let next = Self.draw(outline, form, width: width) else { break }
      drawn = next
      let now = form.middle(of: next.measures)
      middle.x += (now.x - form.x.median) * step
      middle.y += (now.y - form.y.median) * step
      step = max(step * next.measures.longerSide / form.longerSide.median, least)
    }
    guard let drawn else { return nil }
    image = drawn.image
  }

  /// Edges as soft as usual in the form; strokes keep their width if it is usual, else they get the
  /// nearest that is.
  private static func draw(
    _ outline: StrokeOutline, _ form: CharacterForm, width: Int
  ) -> (image: [Double], measures: CharacterMeasures)? {
    func measured(_ growth: Double, _ ramp: Double) -> CharacterMeasures? {
      CharacterMeasures(outline.drawn(growth: growth, ramp: ramp), width: width)
    }
    let ramp = solution(of: form.softness.median, in: 0.05...4) {
      measured(0, $0)?.softness ?? 0
    }
    guard let stroke = measured(0, ramp)?.stroke else { return nil }
    let wanted = min(max(stroke, form.stroke.low), form.stroke.high)
    let growth =
      wanted == stroke
      ? 0 : solution(of: wanted, in: -1.5...2) { measured($0, ramp)?.stroke ?? 0 }
    let image = outline.drawn(growth: growth, ramp: ramp)
    return CharacterMeasures(image, width: width).map { (image, $0) }
  }

  /// Where a rising function comes to `value`, by halving the range.
  private static func solution(
    of value: Double, in range: ClosedRange<Double>, _ function: (Double) -> Double
  ) -> Double {
    var (low, high) = (range.lowerBound, range.upperBound)
    for _ in 0..<12 {
      let middle = (low + high) / 2
      if function(middle) < value { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

extension CharacterForm {
  /// What of a character is to lie in the middle.
  fileprivate func middle(of measures: CharacterMeasures) -> (x: Double, y: Double) {
    switch centering {
    case .box: (measures.boxX, measures.boxY)
    case .mass: (measures.massX, measures.massY)
    }
  }
}

extension InkMask {
  /// The ink on the raster of an image of `height` × `width` pixels.
  ///
  /// - Parameters:
  ///   - start: the image's upper left corner in the picture.
  ///   - step: the picture's pixels to one of the image.
  fileprivate func resampled(
    height: Int, width: Int, from start: (x: Double, y: Double), step: Double
  ) -> [Double] {
    let fine = StrokeOutline.fineness
    func resampling(_ count: Int, from source: Int, _ start: Double) -> Resampling {
      Resampling(
        count: count * fine, from: source, start: start, step: step / Double(fine))
    }
    return resampling(height, from: self.height, start.y).columns(
      resampling(width, from: self.width, start.x).rows(values, width: self.width),
      width: width * fine)
  }
}
