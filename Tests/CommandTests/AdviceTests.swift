import Analysis
import Configuration
import Datasets
import Interchange
import NN
import Studies
import Support
import Testing
import Training

@testable import emnist

/// The sentence that a person reads of the error that `body` throws.
func message(of body: () throws -> some Any) -> String {
  do {
    let value = try body()
    return "no error, but \(value)"
  } catch {
    return (error as? any UserError)?.sentence ?? "\(error)"
  }
}

/// An error, and the sentence that a person reads.
private struct AdviceCase: CustomTestStringConvertible, Sendable {
  let error: any UserError
  let sentence: String

  var testDescription: String { sentence }

  init(_ error: any UserError, _ sentence: String) {
    self.error = error
    self.sentence = sentence
  }
}

@Suite struct AdviceTests {
  @Test(arguments: [
    AdviceCase(
      ExportError.noWholeNumbers(layer: "gn1", what: "a group normalization"),
      "layer 'gn1' is a group normalization, which has no form in whole numbers of 8 bits; leave "
        + "--quantize int8 out, or train with '--norm batch'"),
    AdviceCase(
      ExportError.noWholeNumbers(layer: "patches1", what: "one over tokens"),
      "layer 'patches1' is one over tokens, which has no form in whole numbers of 8 bits; leave "
        + "--quantize int8 out"),
    AdviceCase(DatasetError.noSuchDirectory(path: "d"), "d: no such directory; check --data"),
    AdviceCase(
      DatasetError.notFound(name: "a", places: ["p"], available: []),
      "data set 'a' was not found in p; say where it is with --data"),
    AdviceCase(
      DatasetError.notFound(name: "a", places: ["p"], available: ["digits"]),
      "data set 'a' was not found in p; found there: digits"),
    AdviceCase(
      DatasetError.several(directory: "d", names: ["digits", "letters"]),
      "d: 2 data sets are in it: digits and letters; choose one with --dataset"),
    AdviceCase(
      DatasetError.loneOption(given: "train_images", missing: "train_labels"),
      "--train-images is given without --train-labels; give both"),
    AdviceCase(
      DatasetError.partNotNamed(part: "test"),
      "no test part is named; add --test-images and --test-labels"),
    AdviceCase(
      DatasetError.tailTooLong(name: "letters", train: 3, test: 3),
      "data set 'letters' has 3 training images, too few to reserve 3 of them; use --val-split 0.1"),
    AdviceCase(
      FoldsError.classTooSmall(label: "b", images: 6, folds: 7),
      "class 'b' has 6 training images, too few for 7 folds; lower --folds or raise --limit"),
    AdviceCase(
      SyntheticDataError.noImages,
      "--train-count and --test-count are both 0; give one of them at least 1"),
    AdviceCase(
      ConfigurationError.unknownKey("x", path: "c.json", nearest: nil),
      "c.json: unknown key 'x'; 'emnist train --print-config' lists all keys"),
  ])
  fileprivate func dataIsAskedForWithFlags(_ example: AdviceCase) {
    #expect(example.error.sentence == example.sentence)
  }

  @Test(arguments: [
    AdviceCase(
      ModelError.optionDoesNotApply(option: "batch_norm", model: "vit"),
      "--batch-norm does not apply to the model 'vit'; leave it out"),
    AdviceCase(
      ModelError.optionNeedsNormalization(option: "batch-norm-frozen", model: "lenet5"),
      "--batch-norm-frozen is of use only with batch normalization, which the model 'lenet5' is "
        + "without; add --batch-norm"),
    AdviceCase(
      ModelError.optionNeedsActivation(option: "negative-slope", activation: "leaky_relu"),
      "--negative-slope is of use only together with --activation leaky_relu; give both"),
    AdviceCase(
      ModelError.wrongFilterCount(given: 3, needed: 2, model: "lenet5"),
      "--filters has 3 numbers, but the model 'lenet5' needs 2; 'emnist models lenet5' shows its "
        + "layers"),
    AdviceCase(
      ModelError.noLayers(path: "m.json"),
      "m.json: needs a key 'layers' with at least one layer; see 'emnist models cnn --json'"),
    AdviceCase(
      TrainingError.diverged(Divergence(epoch: 1, step: 2, rate: 0.5, finding: .loss)),
      "training diverged in epoch 1, step 2: the loss is not a finite number; try a lower --lr than "
        + "0.5, a longer --warmup-epochs or --clip-norm 1, or add --on-divergence restore"),
    AdviceCase(
      TrainingError.diverged(
        Divergence(epoch: 1, step: 2, rate: 0.5, finding: .gradient("fc1.weight"), restores: 3)),
      "training diverged after its rate was halved 3 times in epoch 1, step 2: the loss and the "
        + "gradient of 'fc1.weight' are not finite numbers; try a lower --lr than 0.5, a longer "
        + "--warmup-epochs or --clip-norm 1"),
    AdviceCase(
      TrainingError.noImages, "no image is left to train on; lower --val-split or raise --limit"),
  ])
  fileprivate func modelsAreMendedWithFlags(_ example: AdviceCase) {
    #expect(example.error.sentence == example.sentence)
  }

  @Test(arguments: [
    AdviceCase(
      RunError.exists(path: "r"),
      "r: is not empty; choose another --out or --name, --resume-or-start to go on with the run in it, "
        + "or --force to overwrite it"),
    AdviceCase(
      RunError.classesDiffer(run: "r", trained: 2, dataset: "d", found: 3),
      "r: was trained on 2 classes, but 'd' has 3; choose the data with --dataset and --data"),
    AdviceCase(
      ResumeError.bestMissing(path: "b", epoch: 1),
      "b: is not the checkpoint of epoch 1, the best so far; restore the file, or train anew with "
        + "--force"),
    AdviceCase(
      ResumeError.imagesDiffer(run: "r", dataset: "d"),
      "r: was trained on other images or labels than 'd' has here; say with --data where the same "
        + "data lies"),
    AdviceCase(
      ResumeError.optionChanged(option: "batch_size", from: "32", to: "64"),
      "--batch-size cannot change from 32 to 64 in a run that goes on; leave it out, or begin a new "
        + "run"),
    AdviceCase(
      RecordError.badKey(path: "e", key: "loss", expected: "a number"),
      "e: 'loss' is not a number; write the file anew with 'emnist eval'"),
    AdviceCase(
      FoldsComparisonError.unfinished(path: "a b", finished: 1, count: 5),
      "a b: 1 of 5 folds is finished; go on with emnist train --resume 'a b'"),
    AdviceCase(
      FoldsComparisonError.amongRuns(path: "cv"),
      "cv is a cross-validation, whose folds leave the test images alone; compare it with other "
        + "cross-validations"),
    AdviceCase(
      FoldsComparisonError.otherCount(paths: ["a", "b"], counts: [3, 5]),
      "a has 3 folds, but b has 5; train them with the same data, --folds, --limit and "
        + "--split-seed"),
    AdviceCase(
      AuditError.foldsMissing(run: "r", found: 1, wanted: 4),
      "r: has 1 of 4 folds; finish the training with 'emnist train --resume r'"),
    AdviceCase(
      ComparisonError.notTested(run: "r"),
      "r: has no test result; make one with 'emnist eval r'"),
    AdviceCase(
      StudyError.isBusy(path: "s"),
      "s: another sweep is at work here; wait for it, or add --join to help it"),
    AdviceCase(
      SweepError.noWinner(path: "s"),
      "s: no trial finished; 'emnist sweep --show s' lists the reasons"),
  ])
  fileprivate func runsAndSweepsAreMendedWithCommands(_ example: AdviceCase) {
    #expect(example.error.sentence == example.sentence)
  }
}
