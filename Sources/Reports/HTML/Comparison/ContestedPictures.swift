import Analysis
import Datasets
import Formats
import Metrics
import Support

/// The test images that only one of two got right, and those that nobody did, as pictures.
struct ContestedPictures {
  private let comparison: RunComparison
  private let images: ImageSet
  private let pair: [Contender]

  private static let galleryCount = 24

  init(_ comparison: RunComparison, _ images: ImageSet) {
    self.comparison = comparison
    self.images = images
    pair = [comparison.closest.first, comparison.closest.second]
  }

  /// Those of which there is something to show.
  var pictures: [ReportPicture] { [only(1), only(0), neither].compactMap(\.self) }

  /// All of a contender's predictions for the image at a place.
  private func predictions(_ contender: Contender, _ place: Int) -> [Prediction] {
    contender.runs.map { comparison.runs[$0].predictions[place].prediction }
  }

  private func isRight(_ contender: Contender, _ place: Int) -> Bool {
    predictions(contender, place).allSatisfy(\.isCorrect)
  }

  private func isWrong(_ contender: Contender, _ place: Int) -> Bool {
    predictions(contender, place).allSatisfy { !$0.isCorrect }
  }

  /// What a contender took an image for: most of its runs, of equally many the first of them.
  private func answer(_ contender: Contender, _ place: Int) -> String {
    let said = predictions(contender, place).map(\.predictedClass)
    let counts = said.map { one in said.count { $0 == one } }
    let most = counts.firstIndex(of: counts.max() ?? 0) ?? 0
    return comparison.labels[Int(said[most])]
  }

  private func surety(_ contender: Contender, _ place: Int) -> Double {
    let margins = predictions(contender, place).map(\.margin).filter(\.isFinite)
    return margins.isEmpty ? 0 : margins.reduce(0, +) / Double(margins.count)
  }

  /// What every run of one got right and every run of the other did not.
  private func only(_ which: Int) -> ReportPicture? {
    let (winner, loser) = (pair[which], pair[1 - which])
    let places = (0..<comparison.count).filter { isRight(winner, $0) && isWrong(loser, $0) }
    let surest = places.sorted {
      (-surety(winner, $0), $0) < (-surety(winner, $1), $1)
    }
    return gallery(
      "only-\(which + 1)", "Only \(comparison.short(winner)) got these right", surest,
      of: places.count,
      caption:
        "True class, and what \(loser.name) took it for; first what \(winner.name) was surest "
        + "of." + (winner.isGroup || loser.isGroup ? " With every seed." : "")
    ) { place in [truth(place), "not \(answer(loser, place))"] }
  }

  private var neither: ReportPicture? {
    let places = (0..<comparison.count).filter { place in
      comparison.contenders.allSatisfy { isWrong($0, place) }
    }
    let isOfTwo = comparison.contenders.count == 2
    return gallery(
      "nobody", isOfTwo ? "Neither got these right" : "Nobody got these right", places,
      of: places.count,
      caption:
        "True class; under it what \(pair[0].name) and \(pair[1].name) took it for. Look here "
        + "for wrong labels."
    ) { place in [truth(place), pair.map { answer($0, place) }.joined(separator: ", ")] }
  }

  private func truth(_ place: Int) -> String {
    comparison.labels[Int(comparison.runs[0].predictions[place].prediction.trueClass)]
  }

  private func gallery(
    _ name: String, _ title: String, _ places: [Int], of count: Int, caption: String,
    lines: (Int) -> [String]
  ) -> ReportPicture? {
    guard !places.isEmpty else { return nil }
    let shown = places.prefix(Self.galleryCount)
    let cells = shown.map { place in
      let index = comparison.runs[0].predictions[place].index
      return ImageGrid.Cell(
        png: PNG.encode(
          // Ink on paper, as people write.
          gray: images.image(index).map { 255 - $0 }, width: images.width, height: images.height),
        lines: lines(place), hover: hover(place, index))
    }
    let sheet = CaptionedSheet(columns: 8, height: images.height, width: images.width).png(
      shown.map { place in
        CaptionedSheet.Cell(
          image: Array(images.image(comparison.runs[0].predictions[place].index)),
          caption: lines(place).joined(separator: ", "))
      })
    let amount = shown.count < count ? "\(shown.count) of \(grouped(count)) images. " : ""
    return ReportPicture(
      name, ImageGrid(title, cells: cells).drawing, caption: amount + caption, png: sheet)
  }

  private func hover(_ place: Int, _ index: Int) -> String {
    let said = pair.map { "\($0.name) says \(answer($0, place))" }
    return "test image \(index): true \(truth(place)), \(said.joined(separator: ", "))"
  }
}
