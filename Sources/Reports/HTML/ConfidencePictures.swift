import Analysis
import Metrics
import Support

/// How far a network's answers are to be believed: its probabilities at its temperature, and what it
/// gets wrong if it rejects.
struct ConfidencePictures {
  let record: RunRecord

  init(_ record: RunRecord) { self.record = record }

  /// Empty if the network has no temperature and no score.
  var pictures: [ReportPicture] { [tempered, coverage].compactMap(\.self) }

  private var tempered: ReportPicture? {
    record.temperedCalibration.map { calibration in
      let temperature = record.test?.confidence.map { fixed($0.temperature, 3) } ?? "?"
      return ReportPicture(
        "reliability-tempered",
        ReliabilityDiagram(calibration, title: "Reliability at temperature \(temperature)").drawing,
        caption: "The same after every logit is divided by the temperature that was fitted on the "
          + "validation part.")
    }
  }

  private var coverage: ReportPicture? {
    record.selective.map {
      ReportPicture(
        "coverage", CoverageChart(result: $0).drawing,
        caption:
          "Images are answered from the highest score on, which says how much they look like "
          + "characters. The dashed line is the threshold, which was fitted on the validation part."
      )
    }
  }
}
