import Configuration
import Metrics
import NN
import Support
import Testing
import TestSupport
import TrainingFixtures

@testable import Analysis
@testable import Training

@Suite struct RunRecordTests {
  @Test func aRunIsReadAsItWasWritten() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["epochs": "2"], in: folder)
      let witness = Witness()
      _ = try session.train(witness)
      let result = try #require(try session.test())
      let record = try RunRecord(reading: session.run)
      // The file has seconds in thousandths and speeds in tenths.
      for (read, written) in zip(record.history, session.trainer.history) {
        #expect(read.epoch == written.epoch && read.learningRate == written.learningRate)
        #expect(read.trainLoss == written.trainLoss)
        #expect(read.trainAccuracy == written.trainAccuracy)
        #expect(read.validationLoss == written.validationLoss)
        #expect(read.validationAccuracy == written.validationAccuracy)
      }
      #expect(record.history.count == 2)
      #expect(record.bestEpoch == session.trainer.bestEpoch)
      #expect(record.predictions.map(\.prediction) == result.evaluation.predictions)
      #expect(record.predictions.map(\.index) == result.indices)
      let test = try #require(record.test)
      #expect(test.confusion == result.evaluation.confusion)
      #expect(test.loss == result.evaluation.loss)
      #expect(test.interval95 == result.evaluation.confusion.interval95)
      #expect(test.expectedCalibrationError == result.evaluation.calibration.expectedError)
      #expect(record.model?.summary.parameters == session.model.parameterCount)
      #expect(record.options.first { $0.name == "model" }?.value == "mlp")
      #expect(record.options.first { $0.name == "model" }?.source == "flag")
      #expect(record.options.first { $0.name == "limit" }?.value == nil)
    }
  }

  @Test func aRunThatOnlyBeganHasOptionsAndNothingElse() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(in: folder)
      let record = try RunRecord(reading: session.run)
      #expect(!record.options.isEmpty)
      #expect(record.history.isEmpty && record.predictions.isEmpty)
      #expect(record.test == nil && record.model == nil && record.bestEpoch == nil)
    }
  }

  @Test func whatIsNotFiniteStaysSo() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/history.csv"
      let epoch = EpochRecord(
        epoch: 1, seconds: 1, imagesPerSecond: 2, learningRate: 0.5, trainLoss: .nan,
        trainAccuracy: 0, validationLoss: .infinity, validationAccuracy: 0)
      try AtomicFile.write(text: [epoch].csvText, to: path)
      let read = try [EpochRecord](csvFile: path)
      #expect(read.count == 1)
      #expect(read[0].trainLoss.isNaN && read[0].validationLoss == .infinity)
    }
  }

  @Test func columnsMayBeAddedAndLinesEndAnyWay() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/history.csv"
      try AtomicFile.write(
        text: "epoch,extra,seconds,images_per_second,lr,train_loss,train_accuracy,val_loss,"
          + "val_accuracy\r\n1,7,2,3,4,5,0.5,,\r\n2,7,2,3,4,5,0.5,8,1", to: path)
      let read = try [EpochRecord](csvFile: path)
      #expect(read.map(\.trainAccuracy) == [0.5, 0.5])
      #expect(read.map(\.validationLoss) == [nil, 8])
      #expect(read.map(\.validationAccuracy) == [nil, 1])
    }
  }

  @Test(arguments: [
    ("index,true\n", "has no column 'predicted'; the file is damaged or was edited"),
    (
      "index,true,predicted,probability,margin\n0,1,2,0.5\n",
      "line 2 is not 5 numbers; the file is damaged or was edited"
    ),
    (
      "index,true,predicted,probability,margin\n0,1,2,0.5,0.1\n0,1,2,x,0.1\n",
      "line 3 is not 5 numbers; the file is damaged or was edited"
    ),
    (
      "index,true,predicted,probability,margin\n0,1,2,0.5,0.1,9\n",
      "line 2 is not 5 numbers; the file is damaged or was edited"
    ),
    (
      "index,true,predicted,probability,margin\n9223372036854774784,1,2,0.5,0.1\n",
      "line 2 is not an index and two classes below 3; the file is damaged or was edited"
    ),
    (
      "index,true,predicted,probability,margin\n0,1,3,0.5,0.1\n",
      "line 2 is not an index and two classes below 3; the file is damaged or was edited"
    ),
  ])
  func damagedPredictionsAreNamed(text: String, expected: String) throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/predictions.csv"
      try AtomicFile.write(text: text, to: path)
      #expect(
        message { _ = try [RecordedPrediction](csvFile: path, classCount: 3) }
          == "\(path): \(expected)")
    }
    #expect(RecordError.noColumn(path: "", name: "").exitCode == .dataError)
  }

  @Test(arguments: [
    ("{}", "'dataset' is not a text"),
    (#"{"dataset": "d", "part": "test", "loss": "x"}"#, "'loss' is not a number"),
  ])
  func damagedEvaluationsAreNamed(text: String, expected: String) throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/evaluation.json"
      try AtomicFile.write(text: text, to: path)
      #expect(
        message { _ = try RecordedTest(reading: path) }
          == "\(path): \(expected)")
    }
  }

  @Test(arguments: [
    "1e18,2,3,4,5,0.5,7,1", "1.5,2,3,4,5,0.5,7,1", "1,1e300,3,4,5,0.5,7,1", "1,-2,3,4,5,0.5,7,1",
    "1,2,inf,4,5,0.5,7,1", "1,,3,4,5,0.5,7,1", "1,2,3,4,5,1e300,7,1", "1,2,3,4,5,0.5,7,-1",
  ])
  func damagedHistoriesAreNamed(numbers: String) throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/history.csv"
      try AtomicFile.write(
        text: "epoch,seconds,images_per_second,lr,train_loss,train_accuracy,val_loss,val_accuracy\n"
          + "\(numbers)\n", to: path)
      #expect(
        message { _ = try [EpochRecord](csvFile: path) }
          == "\(path): line 2 is not an epoch, its seconds, images a second and accuracies; "
          + "the file is damaged or was edited")
    }
  }

  @Test(arguments: [("9223372036854775807", 0), ("-1", 0), ("2147483648", 0), ("0.5", 0)])
  func countsThatCannotBeAreNamed(count: String, _: Int) throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["epochs": "1"], in: folder)
      _ = try session.train(Witness())
      _ = try session.test()
      let path = session.run.evaluation
      var json = try #require(JSONValue(parsing: readFile(path), path: path).object)
      let value = try JSONValue(parsing: Array(count.utf8), path: "count")
      json["crc32"] = nil
      json["confusion"] = .array([JSONValue](repeating: .array([value, 1]), count: 10))
      try AtomicFile.write(text: JSONValue.object(json).text(), to: path)
      #expect(
        message { _ = try RecordedTest(reading: path) }
          == "\(path): 'confusion' is not a row of counts for each class")
    }
  }
}
