import Foundation
import Support
import Testing

@testable import emnist

@Suite struct AuditCommandTests {
  @Test func theHelpIsThis() throws {
    #expect(
      try CommandPlace.root.descending(to: "audit").help == """
        emnist audit: find images whose label is probably wrong

        Usage: emnist audit [RUN] [OPTION…]

        Examples:
          emnist audit runs/cnn-mnist-1        the test part, which a run has not seen
          emnist audit runs/cnn-mnist-folds-1  the training part, by 'train --folds 5'
          emnist audit --count 200 -o doubts   more of them, elsewhere

        Arguments:
          RUN  a run or cross-validation directory (default: the newest run under runs/)

        Data:
              --dataset NAME       balanced, byclass, bymerge, letters, digits,
                                   emnist-mnist, mnist, fashion-mnist, kmnist,
                                   synthetic, or NAME of NAME-train-images-idx3-ubyte
              --data DIR           where the files lie (default: ./data, then
                                   ~/.cache/emnist)
              --train-images FILE  training images: IDX, .npy, or a table with labels,
                                   .csv
              --train-labels FILE  their labels
              --test-images FILE   test images
              --test-labels FILE   their labels
              --mapping FILE       the characters or names that the labels stand for
              --[no-]transpose     whether pictures are stored lying on their side, as
                                   EMNIST's are

        Audit:
              --part NAME          which labels; unseen are those that the run did not
                                   learn: unseen, train or test (default: unseen)
              --count N            images to list and to draw (default: 50)
          -o, --out DIR            where the files go (default: the run directory)
          -j, --threads N          threads, for speed only: the result is the same
                                   (default: one a processor)

        Output:
              --json               print one JSON object instead of text
          -q, --quiet              print the result and nothing else
              --color WHEN         colored text: auto, always or never (default: auto)
          -h, --help               show this help

        Labels are judged by confident learning (Northcutt, Jiang and Chuang 2021), by
        models that did not learn them: a cross-validation judges the training part,
        each fold the images that it was validated on, and any run the test part.

        label-errors-PART.csv holds all images whose label is probably wrong (index,
        given, suggested, self_confidence, margin, confident), the least probable first;
        label-errors-PART.png shows the first of them with given and suggested label.

        --json prints schema, run, dataset, part, count, estimated_errors, issues,
        classes (index, label, support, wrong, missing, threshold), joint (rows are
        given labels, columns true classes), decisions and files.

        """)
  }

  @Test func everythingIsRead() throws {
    let audit = try command(AuditCommand.self, "runs/a --part test --count 7 -o there --json")
    #expect(audit.runDirectory == "runs/a" && audit.part == .test)
    #expect(audit.count == 7 && audit.out == "there" && audit.output.json)
    let plain = try command(AuditCommand.self, "")
    #expect(plain.runDirectory == nil && plain.part == .unseen && plain.count == 50)
  }

  /// Calls `body` with a run, or the folds of a cross-validation, on the set that ships.
  private func withRun(_ options: [String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data").path
    let run = folder + "/run"
    let training = try ProgramResult(
      [
        "train", "--model", "mlp", "--hidden", "8", "--limit", "200", "--epochs", "1", "--data",
        data, "--out", run,
      ] + options)
    #expect(training.code == 0)
    try body(run)
  }

  @Test func aRunJudgesTheTestPart() throws {
    try withRun([]) { run in
      let text = try ProgramResult(["audit", run, "--count", "3"])
      #expect(text.code == 0 && text.errors == "")
      #expect(
        text.output.hasPrefix(
          "turned upright (EMNIST stores its images on their side)\n"
            + "\(run) on tiny: 1,410 test images\n"))
      #expect(
        text.output.hasSuffix(
          "\nwritten: \(run)/label-errors-test.csv and \(run)/label-errors-test.png\n"))
      let picture = try readFile(run + "/label-errors-test.png")
      #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      let refusal = try ProgramResult(["audit", run, "--part", "train"])
      #expect(refusal.code == 64 && refusal.output == "")
    }
  }

  @Test func foldsJudgeTheTrainingPart() throws {
    try withRun(["--folds", "2"]) { run in
      let result = try ProgramResult(["audit", run, "--json", "-o", run + "/there"])
      let json = try JSONValue(parsing: Array(result.output.utf8), path: "stdout")
      #expect(json["part"] == "train" && json["count"] == 200)
      #expect(
        json["files"] == [
          .string(run + "/there/label-errors-train.csv"),
          .string(run + "/there/label-errors-train.png"),
        ])
      let rows = try readFile(run + "/there/label-errors-train.csv").count { $0 == 10 }
      #expect(try rows == #require(json["issues"]?.array).count + 1)
    }
  }

  @Test func aMissingRunIsNamed() throws {
    let result = try ProgramResult(["audit", "/nowhere"])
    #expect(
      result.errors
        == "emnist: /nowhere: no such run, here or under runs/; name one that 'emnist train' wrote\n"
    )
    #expect(result.code == 66)
  }
}
