import Support
import Testing

@testable import Training

@Suite struct TrainingHistoryTests {
  private let records = [
    EpochRecord(
      epoch: 1, seconds: 1.23456, imagesPerSecond: 1234.56, learningRate: 0.1, trainLoss: 1.5,
      trainAccuracy: 0.25, validationLoss: 1.25, validationAccuracy: 0.5),
    EpochRecord(
      epoch: 2, seconds: 2, imagesPerSecond: 100, learningRate: 1e-5, trainLoss: 1 / 3,
      trainAccuracy: 1, validationLoss: nil, validationAccuracy: nil),
  ]

  @Test func theFileHasARowAnEpochAndEmptyColumnsWithoutValidation() {
    #expect(
      records.csvText == """
        epoch,seconds,images_per_second,lr,train_loss,train_accuracy,val_loss,val_accuracy
        1,1.235,1234.6,0.1,1.5,0.25,1.25,0.5
        2,2.000,100.0,1e-05,0.3333333333333333,1.0,,

        """)
  }

  @Test func theObjectOfAnEpochHasTheColumnsOfTheFile() {
    #expect(
      JSONValue.object(records[0].json).text() == """
        {"epoch":1,"seconds":1.23456,"images_per_second":1234.56,"lr":0.1,"train_loss":1.5,\
        "train_accuracy":0.25,"val_loss":1.25,"val_accuracy":0.5}
        """)
    #expect(records[1].json["val_loss"] == nil)
  }

  @Test func stepsHaveAllTheirDigits() {
    let steps = [
      StepRecord(step: 1, learningRate: 0.1 / 3, loss: 2.302585092994046, accuracy: 0.125)
    ]
    #expect(
      steps.csvText == """
        step,lr,loss,accuracy
        1,0.03333333333333333,2.302585092994046,0.125

        """)
    #expect([StepRecord]().csvText == "step,lr,loss,accuracy\n")
  }
}
