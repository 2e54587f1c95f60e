import Analysis
import Datasets
import Metrics

/// A run's mistakes, to be looked at.
public struct MistakeSheet {
  private let labels: [String]
  private let matrix: ConfusionMatrix
  private let mistakes: [RecordedPrediction]
  private let images: ImageSet

  /// - Parameter images: those that the run was tested on.
  public init(_ record: RunRecord, _ test: RecordedTest, images: ImageSet) {
    matrix = test.confusion
    labels = matrix.labels
    self.images = images
    // The surest first; where a probability is not a number, last.
    mistakes = record.predictions.filter { !$0.prediction.isCorrect }.sorted {
      (-$0.sureness, $0.index) < (-$1.sureness, $1.index)
    }
  }

  /// The surest mistakes with `true → predicted` under each, as a PNG; `nil` if there is none.
  public func png(limit: Int) -> (bytes: [UInt8], count: Int)? {
    let cells = mistakes.prefix(limit).map { mistake in
      let prediction = mistake.prediction
      return CaptionedSheet.Cell(
        image: images.image(mistake.index),
        caption: "\(labels[Int(prediction.trueClass)])→\(labels[Int(prediction.predictedClass)])")
    }
    guard !cells.isEmpty else { return nil }
    let sheet = CaptionedSheet(height: images.height, width: images.width)
    return (sheet.png(cells), cells.count)
  }

  /// The pairs of classes most often mixed up, each with its surest mistakes.
  public func rows(
    _ limit: Int, terminal: Terminal
  ) -> [(name: String, images: [[UInt8]])] {
    let arrow = terminal.allowsUnicode ? "→" : ">"
    return matrix.topConfusions(limit).map { pair in
      let own = mistakes.filter {
        Int($0.prediction.trueClass) == pair.trueClass
          && Int($0.prediction.predictedClass) == pair.predictedClass
      }
      return (
        labels[pair.trueClass] + arrow + labels[pair.predictedClass],
        own.map { images.image($0.index) }
      )
    }
  }
}

extension RecordedPrediction {
  fileprivate var sureness: Double {
    prediction.probability.isNaN ? -1 : prediction.probability
  }
}
