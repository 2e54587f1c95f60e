import Analysis
import Datasets
import Formats
import Metrics
import Support

/// Pictures of test images: what is confused, where the model is surely wrong or barely right.
struct ExamplePictures {
  private let images: ImageSet
  private let predictions: [RecordedPrediction]
  private let matrix: ConfusionMatrix

  private static let pairCount = 10
  private static let galleryCount = 24
  private static let mistakeCount = 80

  init(_ images: ImageSet, predictions: [RecordedPrediction], matrix: ConfusionMatrix) {
    self.images = images
    self.predictions = predictions
    self.matrix = matrix
  }

  /// Those of which there is something to show.
  var pictures: [ReportPicture] {
    [samples, pairs, certainMistakes, uncertainHits, mistakes].compactMap(\.self)
  }

  /// The first test images, as they come.
  private var samples: ReportPicture? {
    gallery(
      "samples", "First predictions", Array(predictions.prefix(Self.galleryCount)),
      caption: "The first test images, as they come in the file."
    ) { prediction in
      prediction.isCorrect
        ? ["✓ \(label(prediction.predictedClass))", percent(prediction.probability, 1)]
        : ["✗ \(arrow(prediction))", percent(prediction.probability, 1)]
    }
  }

  private var certainMistakes: ReportPicture? {
    let wrong = predictions.filter { !$0.prediction.isCorrect }
    return gallery(
      "certain-mistakes", "Most certain mistakes",
      first(Self.galleryCount, of: wrong) { -$0.probability },
      caption: "True → predicted class, and the probability of the predicted one. Look here for "
        + "wrong labels."
    ) { [arrow($0), percent($0.probability, 1)] }
  }

  private var uncertainHits: ReportPicture? {
    let right = predictions.filter(\.prediction.isCorrect)
    return gallery(
      "uncertain-hits", "Most uncertain hits", first(Self.galleryCount, of: right) { $0.margin },
      caption: "Right by the smallest margin over the second class; under the image the class and "
        + "its probability."
    ) { [label($0.predictedClass), percent($0.probability, 1)] }
  }

  /// Mistakes of all classes in turn, so that a frequent one does not fill the gallery.
  private var mistakes: ReportPicture? {
    let wrong = predictions.filter { !$0.prediction.isCorrect }
    var byClass = [[RecordedPrediction]](repeating: [], count: matrix.classCount)
    for mistake in wrong { byClass[Int(mistake.prediction.trueClass)].append(mistake) }
    var chosen: [RecordedPrediction] = []
    for round in 0..<(byClass.map(\.count).max() ?? 0) where chosen.count < Self.mistakeCount {
      chosen += byClass.compactMap { round < $0.count ? $0[round] : nil }
    }
    chosen = Array(chosen.prefix(Self.mistakeCount))
    return gallery(
      "mistakes", "Mistakes", chosen,
      caption: "\(chosen.count) of \(grouped(wrong.count)) mistakes, of all classes in turn: "
        + "true → predicted class, and the probability of the predicted one."
    ) { [arrow($0), percent($0.probability, 1)] }
  }

  private var pairs: ReportPicture? {
    let worst = matrix.topConfusions(Self.pairCount)
    guard !worst.isEmpty, images.count > 0 else { return nil }
    let supports = matrix.supports
    let examples = worst.map { pair in
      first(8, of: predictions.filter { pair.matches($0.prediction) }) { -$0.probability }
    }
    let rows = zip(worst, examples).map { pair, examples in
      let support = supports[pair.trueClass]
      return ImageGrid.Row(
        [
          "\(matrix.labels[pair.trueClass]) → \(matrix.labels[pair.predictedClass])",
          "\(grouped(pair.count)) of \(grouped(support)), "
            + percent(Double(pair.count) / Double(support), 1),
        ], examples.map { cell($0, lines: []) })
    }
    let sheet = LabelledRows(columns: 8, height: images.height, width: images.width).png(
      zip(rows, examples).map { row, examples in
        (row.heading[0].replacing(" ", with: ""), examples.map { images.image($0.index) })
      })
    return ReportPicture(
      "confused-pairs", ImageGrid("Most often mixed up", rows: rows).drawing,
      caption: "True → predicted class, how often, and the examples the model was surest of.",
      png: sheet.bytes)
  }

  /// The `count` samples with the smallest key; those without a number are left out.
  private func first(
    _ count: Int, of samples: [RecordedPrediction], by key: (Prediction) -> Double
  ) -> [RecordedPrediction] {
    let keys = samples.map { key($0.prediction) }
    let order = samples.indices.filter { keys[$0].isFinite }.sorted {
      (keys[$0], $0) < (keys[$1], $1)
    }
    return order.prefix(count).map { samples[$0] }
  }

  private func gallery(
    _ name: String, _ title: String, _ chosen: [RecordedPrediction], caption: String,
    lines: (Prediction) -> [String]
  ) -> ReportPicture? {
    guard !chosen.isEmpty else { return nil }
    let cells = chosen.map { cell($0, lines: lines($0.prediction)) }
    let sheet = CaptionedSheet(columns: 8, height: images.height, width: images.width).png(
      chosen.map {
        CaptionedSheet.Cell(image: images.image($0.index), caption: answer($0.prediction))
      })
    return ReportPicture(
      name, ImageGrid(title, cells: cells).drawing, caption: caption, png: sheet)
  }

  private func label(_ index: UInt16) -> String { matrix.labels[Int(index)] }

  /// In as few letters as a small picture has room for: the class, or `4→9` where it was not found.
  private func answer(_ prediction: Prediction) -> String {
    prediction.isCorrect
      ? label(prediction.trueClass) : arrow(prediction).replacing(" ", with: "")
  }

  private func arrow(_ prediction: Prediction) -> String {
    "\(label(prediction.trueClass)) → \(label(prediction.predictedClass))"
  }

  private func cell(_ sample: RecordedPrediction, lines: [String]) -> ImageGrid.Cell {
    let prediction = sample.prediction
    return ImageGrid.Cell(
      png: PNG.encode(
        // Ink on paper, as people write.
        gray: images.image(sample.index).map { 255 - $0 }, width: images.width,
        height: images.height),
      lines: lines,
      hover: "test image \(sample.index): true \(label(prediction.trueClass)), predicted "
        + "\(label(prediction.predictedClass)) with \(percent(prediction.probability)), margin "
        + percent(prediction.margin))
  }
}

extension ConfusionMatrix.Confusion {
  fileprivate func matches(_ prediction: Prediction) -> Bool {
    trueClass == Int(prediction.trueClass) && predictedClass == Int(prediction.predictedClass)
  }
}
