import Support
import Testing
import TestSupport

@testable import Analysis
@testable import Metrics
@testable import Reports
@testable import Training

@Suite struct ComparisonTextTests {
  /// Runs with these predicted classes for images of classes 0, 1, 2, 0, 1, 2, …, compared.
  private func comparison(_ predicted: [UInt8]...) throws -> RunComparison {
    try withTemporaryDirectory { folder in
      try RunComparison(
        predicted.enumerated().map { number, predicted in
          try record(predicted, in: "\(folder)/run\(number)", options: ["lr": .integer(number)])
        }, draws: 200)
    }
  }

  private func record(
    _ predicted: [UInt8], dataset: String = "noise", labels: [String] = ["a", "b", "c"],
    firstIndex: Int = 0, truth: (Int) -> UInt16 = { UInt16($0 % 3) }, in folder: String,
    options: JSONObject = [:]
  ) throws -> RunRecord {
    let run = RunDirectory(path: folder)
    try makeDirectories(folder)
    var config = options
    config["out"] = .string(folder)
    try AtomicFile.write(text: JSONValue.object(config).text(), to: run.config)
    var evaluation = Evaluation(labels: labels)
    let scores = predicted.flatMap { said in
      labels.indices.map { $0 == Int(said) ? Float(2) : 0 }
    }
    evaluation.add(logits: scores.span, targets: predicted.indices.map(truth))
    try TestResult(
      evaluation: evaluation, run: folder, checkpoint: run.best, dataset: dataset,
      indices: predicted.indices.map { $0 + firstIndex }, seconds: 0.5
    ).write(to: run)
    return try RunRecord(reading: run)
  }

  private let plain = Terminal(
    width: 80, canRedraw: false, allowsColor: false, allowsUnicode: false)

  @Test func theTextIsThis() throws {
    // The second run gets images 1 and 3 right that the first does not, and loses image 5.
    let text = ComparisonText(
      try comparison([0, 0, 2, 1, 1, 2], [0, 1, 2, 0, 1, 0]), terminal: plain
    ).text
    #expect(
      text == """
        noise, 6 test images

                                          run0              run1
        --------------------  ----------------  ----------------
        accuracy                       66.67 %           83.33 %
        95 % interval         30.00 to 90.32 %  43.65 to 96.99 %
        macro F1                        0.6667            0.8222
        Cohen's kappa                   0.5000            0.7500
        Matthews correlation            0.5000            0.7833
        loss                            0.9062            0.5729
        top 3                         100.00 %          100.00 %
        ECE, 15 bins                    0.1203            0.0463
        --------------------  ----------------  ----------------
        lr                                   0                 1

        run1 against run0

        accuracy +16.67 points, 95 % interval -33.33 to +66.67 (200 paired bootstrap draws)
        McNemar's exact test: p = 1.0000, may well be chance

        images      run1 right  wrong
        ----------  ----------  -----
        run0 right           3      1
        wrong                2      0

        class  images  only run1  only run0  net
        -----  ------  ---------  ---------  ---
        a           2          1          0   +1
        b           2          1          0   +1
        c           2          0          1   -1

        image  only run1 right  run0 said
        -----  ---------------  ---------
            1  b                a
            3  a                b

        image  only run0 right  run1 said
        -----  ---------------  ---------
            5  c                a

        """)
  }

  @Test func markdownHasTables() throws {
    let text = ComparisonText(markdown: try comparison([0, 0, 2], [0, 1, 2])).text
    #expect(
      text.hasPrefix("### noise, 3 test images\n\n|  | run0 | run1 |\n| --- | ---: | ---: |\n"))
    #expect(text.contains("\n| images | run1 right | wrong |\n| --- | ---: | ---: |\n"))
    #expect(text.contains("\n| run0 right | 2 | 0 |\n| wrong | 1 | 0 |\n"))
  }

  @Test func identicalRunsDoNotDiffer() throws {
    let comparison = try comparison([0, 0, 2], [0, 0, 2])
    let pair = try #require(comparison.pairs.first)
    #expect(pair.outcomes.discordantCount == 0 && pair.images.isEmpty)
    let text = ComparisonText(comparison, terminal: plain).text
    #expect(text.contains("accuracy +0.00 points, 95 % interval +0.00 to +0.00"))
    #expect(text.contains("McNemar's exact test: p = 1.0000, may well be chance\n"))
    #expect(comparison.imagesCSV == "index,true,run0,run1\n")
  }

  @Test func everyTwoRunsAreAPair() throws {
    let comparison = try comparison([0, 0, 2], [0, 1, 2], [1, 1, 2])
    #expect(comparison.pairs.map(\.first) == [0, 0, 1])
    #expect(comparison.pairs.map(\.second) == [1, 2, 2])
    #expect(
      comparison.imagesCSV == """
        index,true,run0,run1,run2
        0,a,a,a,b
        1,b,a,b,b

        """)
    let rows = comparison.csvText.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows.count == 4 && Set(rows.map(\.count)) == [21])
    #expect(ComparisonText(comparison, terminal: plain).text.hasSuffix("sooner than of one.\n"))
  }

  @Test func theJSONHasEveryNumber() throws {
    let json = try comparison([0, 0, 2, 1, 1, 2], [0, 1, 2, 0, 1, 0]).json
    #expect(json.keys == ["schema", "dataset", "part", "count", "runs", "differences", "pairs"])
    #expect(json["differences"] == [["option": "lr", "values": ["0", "1"]]])
    let pair = try #require(json["pairs"]?.array?.first?.object)
    #expect(
      pair.keys == [
        "first", "second", "both_right", "only_first_right", "only_second_right", "neither_right",
        "accuracy_difference", "bootstrap", "mcnemar_p", "classes", "images",
      ])
    #expect(abs((pair["mcnemar_p"]?.double ?? 0) - 1) < 1e-14)
    #expect(
      pair["images"] == [
        ["index": 1, "true": "b", "first": "a", "second": "b"],
        ["index": 3, "true": "a", "first": "b", "second": "a"],
        ["index": 5, "true": "c", "first": "c", "second": "a"],
      ])
    #expect(
      pair["classes"]?.array?[2] == [
        "index": 2, "label": "c", "both_right": 1, "only_first_right": 1, "only_second_right": 0,
        "neither_right": 0,
      ])
  }

  @Test func runsOnOtherImagesAreRefused() throws {
    try withTemporaryDirectory { folder in
      let (a, b) = (folder + "/a", folder + "/b")
      let first = try record([0, 1, 2], in: a)
      func refusal(_ second: RunRecord) -> String? {
        do {
          _ = try RunComparison([first, second])
          return nil
        } catch {
          return "\(error)"
        }
      }
      #expect(
        refusal(try record([0, 1, 2], dataset: "other", in: b))
          == "\(a) was tested on 'noise', but \(b) on 'other'")
      #expect(
        refusal(try record([0, 1, 2], labels: ["a", "b", "d"], in: b))
          == "\(a) and \(b) were tested on classes of different names")
      #expect(
        refusal(try record([0, 1], in: b))
          == "\(a) was tested on 3 images, but \(b) on 2")
      #expect(
        refusal(try record([0, 1, 2], firstIndex: 7, in: b))
          == "\(a) was tested on image 0 where \(b) was on image 7")
      #expect(
        refusal(try record([0, 1, 2], truth: { _ in 0 }, in: b))
          == "test image 1 is 'b' in \(a), but 'a' in \(b)")
    }
    let error = ComparisonError.notTested(run: "r")
    #expect(error.description == "r: has no test result")
    #expect(error.exitCode == .noInput)
    #expect(ComparisonError.otherClasses(runs: ["a", "b"]).exitCode == .dataError)
  }
}
