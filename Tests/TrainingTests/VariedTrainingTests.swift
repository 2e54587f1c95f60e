import Configuration
import Datasets
import Testing
import TrainingFixtures

@testable import Training

@Suite struct VariedTrainingTests {
  @Test func aTrainingLearnsFromVariedImages() throws {
    func history(_ change: (inout TrainingSettings) -> Void, threads: Int = 1) throws
      -> [EpochRecord]
    {
      let trainer = try TrainingFixtures.trainer(threads: threads, change)
      _ = try trainer.run(Witness())
      return trainer.history
    }
    let plain = try history { _ in }.map(\.trainLoss)
    let varied = try history { $0.augmentation.policy = .default }
    #expect(varied.map(\.trainLoss) != plain)
    let never = try history {
      $0.augmentation.policy = .default
      $0.augmentation.until = 0
    }
    #expect(never.map(\.trainLoss) == plain)
    let shared = try history({ $0.augmentation.policy = .default }, threads: 3)
    #expect(shared.map(\.trainLoss) == varied.map(\.trainLoss))
    #expect(shared.map(\.validationLoss) == varied.map(\.validationLoss))
  }

  @Test func theFirstPictureIsTheImageItself() throws {
    let images = try #require(TrainingFixtures.digits.train)
    var options = AugmentationOptions()
    options.policy = .heavy
    let preview = AugmentationPreview(images, options, seed: 4)
    let pictures = preview.pictures(of: 7, count: 4)
    #expect(pictures.count == 4 && pictures[0] == images.image(7))
    #expect(Set(pictures).count == 4)
    #expect(preview.pictures(of: 7, count: 2) == Array(pictures.prefix(2)))
    #expect(
      AugmentationPreview(images, options, seed: 5).pictures(of: 7, count: 2)
        != Array(pictures.prefix(2)))
  }
}
