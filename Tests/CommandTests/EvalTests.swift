import Foundation
import Reports
import Support
import Testing

@testable import Analysis
@testable import emnist
@testable import Metrics
@testable import Training

@Suite struct EvalRunTests {
  @Test func theHelpIsThis() throws {
    #expect(
      try CommandPlace.root.descending(to: "eval").help == """
        emnist eval: test a run on images it has not seen

        Usage: emnist eval [RUN…] [OPTION…]

        Examples:
          emnist eval                               the newest run under runs/
          emnist eval runs/cnn-mnist-1 --confusion  a run, and what it mistakes for what
          emnist eval --sort f1                     the worst classes first
          emnist eval --part val --reliability      on the images that chose the best
                                                    epoch
          emnist eval --fail-under accuracy=0.9     for scripts: exit code 1 below 90 %
          emnist eval --quantize int8               as a microcontroller would
          emnist eval a b --perturb all -o harder   two runs on harder and harder images
          emnist eval --weights w.safetensors --model lenet5
                                                    weights of another program

        Arguments:
          RUN  a run directory (default: the newest under runs/); several with --perturb

        Data:
              --dataset NAME          balanced, byclass, bymerge, letters, digits,
                                      emnist-mnist, mnist, fashion-mnist, kmnist,
                                      synthetic, or NAME of NAME-train-images-idx3-ubyte
              --data DIR              where the files lie (default: ./data, then
                                      ~/.cache/emnist)
              --train-images FILE     training images: IDX, .npy, or a table with
                                      labels, .csv
              --train-labels FILE     their labels
              --test-images FILE      test images
              --test-labels FILE      their labels
              --mapping FILE          the characters or names that the labels stand for
              --[no-]transpose        whether pictures are stored lying on their side,
                                      as EMNIST's are
              --limit N               use a stratified, seeded sample of N images

        Evaluation:
              --part NAME             which images: train, val or test (default: test)
              --checkpoint NAME       which weights of the run: best or last (default:
                                      best)
              --sort KEY              order of the classes: label, f1, precision, recall
                                      or support (default: label)
              --confusion             show the confusion matrix and the worst pairs
              --reliability           show how often the model is as right as it says
              --tta KIND              also judge images by several views: none or shifts
                                      (default: none)
              --quantize TYPE         whole numbers of 8 bits instead of floats: none or
                                      int8 (default: none)
              --perturb NAME=LARGEST  test on harder and harder images: shift=2,
                                      rotate=15, scale=0.2, noise=0.1, thickness=1,
                                      blur=1, several with commas between, or all
              --seed N                of what --perturb draws (default: 0)
              --fail-under METRIC=SHARE
                                      end with exit code 1 if accuracy or macro_f1 is
                                      lower
          -o, --out DIR               write the result there instead
              --batch-size N          images a step
          -j, --threads N             threads, for speed only: the result is the same
                                      (default: one a processor)

        Brought weights:
              --weights FILE          test a safetensors file's weights of a --model
                                      instead of a run
              --model NAME            the FILE.json of a model, or a preset: cnn, cnn-2,
                                      cnn-3, lenet5, vgg, resnet, densenet, vit, mlp,
                                      mlp-512 or mlp-small (default: cnn)
              --hidden N,N            width of each hidden dense layer
              --filters N,N           filters of each convolution
              --kernel-size N         rows and columns of a convolution's filter
              --activation NAME       nonlinearity between layers: relu, leaky_relu,
                                      elu, gelu, gelu_tanh, silu, tanh, sigmoid,
                                      hard_swish or mish
              --negative-slope X      slope of leaky_relu below zero (without: 0.01)
              --elu-alpha X           what elu falls to below zero, as -X (without: 1)
              --[no-]batch-norm       batch normalization after each layer, or none
              --norm NAME             normalization after each layer: over the batch,
                                      groups of channels: batch, group or none
              --norm-groups N         groups of channels, for group normalization
                                      (without: 8)
              --batch-norm-epsilon X  added to the variance (without: 1e-5)
              --mean X                what was taken from pixels from 0 to 1 (default:
                                      what the file says, or 0)
              --std X                 what they were then divided by (default: what the
                                      file says, or 1)

        Output:
              --json                  print one JSON object instead of text
          -q, --quiet                 print the result and nothing else
              --color WHEN            colored text: auto, always or never (default:
                                      auto)
          -h, --help                  show this help

        RUN may be a name under runs/, or a data set's, which the newest run is then
        tested on. Data options replace what the run was trained with. The result on the
        run's own test images goes into the run directory; that on other images, on
        another part, or with --tta, is only written to --out.

        train and val are divided as for the training. --tta shifts also judges every
        image by the mean of the probabilities for it as it is and moved by a pixel
        left, right, up and down; that result stands apart, and --fail-under asks about
        the plain one.

        --quantize int8 tests the network as 'emnist export --quantize int8' writes it,
        in whole numbers of 8 bits whose ranges come from training images; that result
        is only written to --out.

        --perturb measures what becomes of the accuracy when images are made harder,
        from not at all to the largest strength in steps of a fifth, or of a pixel:
        shift by whole pixels in one of eight directions (4); rotate by degrees to one
        side about the middle, bilinear (30); scale by 1 + s or 1 - s about the middle,
        bilinear (0.3); noise, normal, of a standard deviation s on pixels from 0 to 1
        (0.3); thickness by pixels more or less, grey dilation or erosion by 3 x 3 (1);
        blur by a Gaussian filter whose standard deviation is s pixels (2). Directions
        and noise are drawn for each image by --seed, the same at every strength; what
        comes in from outside is background. perturbation.json, .csv, .svg and, where
        librsvg is installed, .png go into the run directory, with several runs to
        --out, in one picture; evaluation.json stays as it is. --json prints schema,
        dataset, part, count, images_sha256, seed and runs (run, checkpoint, curves:
        perturbation, unit, strengths, accuracy, interval95, loss, mean_accuracy).

        Of --sort, scores list the lowest first and support the largest. Scores without
        a sample count as 0. kappa is Cohen's, mcc Matthews' correlation.

        --json prints schema, run, checkpoint, dataset, part, count, loss, accuracy,
        top_k, macro, weighted, micro, kappa, mcc, ece, mce, reliability (15 bins:
        lower, upper, count, confidence, accuracy), interval95, classes, confusion,
        top_confusions, first_predictions, seconds, images_per_second and with --tta
        tta; in confusion, rows are true classes and columns predicted ones.

        --weights takes tensors in PyTorch's layout by the model's names, also behind a
        prefix such as module., or by order and shape; in Keras' layout if they are
        named kernel and gamma. What was decided is said; F16, BF16 and F64 are taken as
        floats. The classes are the data set's, run is null, and only --out writes
        files.

        """)
  }

  @Test func everyNewOptionIsRead() throws {
    let eval = try command(
      EvalCommand.self, "r --part val --sort f1 --reliability --tta shifts -o there")
    #expect(eval.part == .val && eval.sort == .f1 && eval.showsReliability)
    #expect(eval.augmentation == .shifts && eval.out == "there")
    #expect(
      message { _ = try command(EvalCommand.self, "--part tset") }
        == "unknown part 'tset'; did you mean 'test'? choose train, val or test")
    #expect(
      message { _ = try command(EvalCommand.self, "--sort size") }
        == "unknown order 'size'; choose label, f1, precision, recall or support")
  }

  /// Calls `body` with a trained run on the set that ships.
  private func withRun(_ options: [String] = [], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data").path
    let run = folder + "/run"
    let training = try ProgramResult(
      [
        "train", "--model", "mlp", "--hidden", "8", "--limit", "300", "--epochs", "2", "--data",
        data, "--out", run,
      ] + options)
    #expect(training.code == 0)
    try body(run)
  }

  private func json(_ words: [String]) throws -> JSONValue {
    try JSONValue(parsing: Array(ProgramResult(words).output.utf8), path: "stdout")
  }

  @Test func onlyThePlainTestIsWrittenIntoTheRun() throws {
    try withRun { run in
      let before = try readFile(run + "/predictions.csv")
      let history = try RunRecord(reading: RunDirectory(path: run))
      let val = try json(["eval", run, "--part", "val", "--json"])
      #expect(val["part"] == "val" && val["count"] == 30)
      #expect(val["accuracy"]?.double == history.best?.validationAccuracy)
      let train = try json(["eval", run, "--part", "train", "--json"])
      #expect(train["count"] == 270)
      let shifted = try json(["eval", run, "--tta", "shifts", "--json"])
      #expect(shifted["accuracy"]?.double == history.test?.accuracy)
      #expect(shifted["tta"]?["views"] == 5)
      #expect(try readFile(run + "/predictions.csv") == before)

      let out = run + "/elsewhere"
      let text = try ProgramResult(["eval", run, "--tta", "shifts", "-o", out, "--reliability"])
      #expect(text.code == 0)
      #expect(text.output.contains("\nwith the mean over 5 views, shifted by up to a pixel: "))
      #expect(text.output.contains("\n0.933 to 1.000 "))
      #expect(text.output.contains("\npredicted    "))
      #expect(text.output.hasSuffix("in \(out)\n"))
      #expect(try readFile(out + "/predictions.csv") == before)
      let rows = try readFile(out + "/tta-predictions.csv").count { $0 == 10 }
      #expect(rows == 1411)
    }
  }

  @Test func otherImagesDoNotReplaceTheRunsOwnTest() throws {
    try withRun { run in
      let before = try readFile(run + "/evaluation.json")
      let other = run + "/other"
      let synth = ["data", "synth", "-o", other, "--train-count", "0", "--test-count", "94"]
      #expect(try ProgramResult(synth).code == 0)
      let text = try ProgramResult(["eval", run, "--data", other])
      #expect(text.code == 0)
      #expect(
        text.output.hasSuffix(
          "\nnot written: these are not the images of the run's own test; --out DIR takes the "
            + "result\n"))
      #expect(try readFile(run + "/evaluation.json") == before)
      let limited = try ProgramResult(["eval", run, "--limit", "50", "-q"])
      #expect(limited.code == 0 && limited.errors.hasPrefix("not written: "))
      #expect(limited.output.hasPrefix("\(run): ") && limited.output.hasSuffix(" %\n"))
      #expect(try readFile(run + "/evaluation.json") == before)
    }
  }

  @Test func broughtWeightsAreTestedWithoutARun() throws {
    try withRun { run in
      let own = try json(["eval", run, "--json"])
      let model = ["--model", "mlp", "--hidden", "8"]
      let words = ["eval", "--weights", run + "/best.safetensors"] + model
      let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data").path
      let result = try json(words + ["--data", data, "--json"])
      #expect(result["accuracy"] == own["accuracy"] && result["loss"] == own["loss"])
      #expect(result["run"] == .null)
      let text = try ProgramResult(words + ["--data", data, "--mean", "0", "--std", "1"])
      #expect(text.output.contains("\npixels: from 0 to 1, not normalized\n"))
      #expect(text.code == 0 && !text.output.contains("written:"))
    }
  }

  @Test(arguments: [
    Failure(
      ["eval", "--model", "mlp"],
      "--model belongs to --weights, which was not given; see 'emnist eval --help'"),
    Failure(
      ["eval", "--weights", "w", "--part", "val"],
      "--weights and --part exclude each other; give one of them, see 'emnist eval --help'"),
  ])
  func weightsAreNoRun(failure: Failure) throws {
    let result = try ProgramResult(failure.words)
    #expect(result.errors == "emnist: \(failure.message)\n" && result.code == failure.code)
  }

  @Test func aRunWithoutValidationSaysSo() throws {
    try withRun(["--val-split", "0"]) { run in
      let result = try ProgramResult(["eval", run, "--part", "val"])
      #expect(
        result.errors
          == "emnist: \(run): was trained without a validation part; choose another --part\n")
      #expect(result.code == 66)
    }
  }
}
