import Configuration
import Datasets
import Support
import Tensor
import Testing
import TestSupport
import Training
import TrainingFixtures

@testable import Analysis

@Suite struct ModelCardTests {
  private func card(
    in folder: String, tested: Bool = true, license: String? = nil
  ) throws -> String {
    let session = try TrainingFixtures.session(["epochs": "2"], in: folder)
    _ = try session.train(Witness())
    if tested { _ = try session.test() }
    let record = try RunRecord(reading: session.run)
    return try #require(ModelCard(of: record, license: license)).text
  }

  @Test func theCardSaysWhatTheManifestRecords() throws {
    try withTemporaryDirectory { folder in
      let card = try card(in: folder)
      for section in [
        "# mlp", "## Results", "## How far it is to be believed", "## Data", "## Training",
        "## Use",
        "## What it is not for",
      ] {
        #expect(card.contains("\n\(section)\n"), "\(section)")
      }
      #expect(card.contains("- training: 144 images, 14 to 15 a class\n"))
      #expect(card.contains("- validation: 16 images, 1 to 2 a class\n"))
      #expect(card.contains("- test: 40 images, 4 a class\n"))
      #expect(card.contains("- the test part was looked at once\n"))
      #expect(!card.contains("## Search") && !card.contains("## On harder images"))
    }
  }

  @Test func aLicenseIsNeverInvented() throws {
    try withTemporaryDirectory { folder in
      let card = try card(in: folder)
      #expect(!card.contains("license"))
    }
    try withTemporaryDirectory { folder in
      let card = try card(in: folder, license: "mit")
      #expect(card.hasPrefix("---\nlicense: \"mit\"\n"))
    }
  }

  @Test func whatWasNotTestedHasNoResult() throws {
    try withTemporaryDirectory { folder in
      let card = try card(in: folder, tested: false)
      #expect(card.contains("## Results\n\nIt was not tested.\n"))
      #expect(!card.contains("model-index") && card.contains("looked at never"))
    }
  }

  @Test func aRepeatNamesTheOthers() throws {
    try withTemporaryDirectory { folder in
      let configuration = try TrainingFixtures.configuration(
        ["repeats": "3", "epochs": "1", "out": folder + "/all"])
      let series = try TrainingSeries(
        configuration, dataset: TrainingFixtures.digits,
        description: modelDescription(for: configuration.configuration),
        device: Device(threads: 1))
      for number in 1...3 {
        let session = try series.session(number)
        let stopped = try session.train(Witness())
        _ = try session.test()
        try series.finish(session, stopped: stopped)
      }
      let run = series.directory.run(2, of: .repeats)
      let card = try #require(ModelCard(of: RunRecord(reading: run))).text
      #expect(card.contains("one of 3 trainings that differ by their seeds alone"))
    }
  }
}
