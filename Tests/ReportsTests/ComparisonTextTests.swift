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
        macro precision                 0.6667            0.8889
        macro recall                    0.6667            0.8333
        macro F1                        0.6667            0.8222
        Cohen's kappa                   0.5000            0.7500
        Matthews correlation            0.5000            0.7833
        loss                            0.9062            0.5729
        top 3                         100.00 %          100.00 %
        ECE, 15 bins                    0.1203            0.0463
        --------------------  ----------------  ----------------
        lr                                   0                 1

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

        run1 is ahead of run0 by 16.67 percentage points, which may well be chance
        95 % interval -33.33 to +66.67 points (200 paired bootstrap draws); McNemar's exact test: p = 1.0000

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
    #expect(text.contains("\nrun0 and run1 got equally many images right\n"))
    #expect(text.contains("\n95 % interval +0.00 to +0.00 points (200 paired bootstrap draws);"))
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
    #expect(rows.count == 4 && Set(rows.map(\.count)) == [26])
  }

  @Test func ofManyRunsTheBestIsHeldAgainstTheOthers() throws {
    let three = try comparison([0, 0, 2], [0, 1, 2], [1, 1, 2])
    let text = ComparisonText(three, terminal: plain).text
    let best = three.runs.prefix(2).map(\.record.run.path).joined(separator: " ")
    #expect(
      text.hasSuffix(
        """
        run   against  points       95 % interval  p, corrected
        ----  -------  ------  ------------------  ------------
        run1  run0     +33.33    +0.00 to +100.00        1.0000
        run2  run0      +0.00  -100.00 to +100.00        1.0000
        run2  run1     -33.33    -100.00 to +0.00        1.0000

        where the two best part: emnist compare \(best)

        run1 is ahead, but run0 or run2 may be as good
        run0, the next, is 33.33 points behind: 95 % interval +0.00 to +100.00 points; McNemar's \
        exact test, with Holm's correction for 3 pairs: p = 1.0000

        """))
    let five = try comparison([0, 0, 2], [0, 1, 2], [1, 1, 2], [2, 2, 2], [0, 1, 0])
    let many = ComparisonText(five, terminal: plain).text
    #expect(many.contains("\nand 6 pairs without the best\n"))
    #expect(many.contains("\nrun1 is ahead, but 4 of the 4 others may be as good\n"))
  }

  @Test func aDifferenceBeyondChanceIsSaidWhoeverComesFirst() throws {
    let good = (0..<12).map { UInt8($0 % 3) }
    let wrong = good.map { ($0 + 1) % 3 }
    for runs in [[wrong, good], [good, wrong]] {
      let verdict = Verdict(try comparison(runs[0], runs[1]))
      #expect(verdict.isBeyondChance)
      #expect(verdict.headline.hasSuffix(" by 100.00 percentage points, which is more than chance"))
      #expect(verdict.evidence.hasPrefix("95 % interval +100.00 to +100.00 points"))
      #expect(verdict.best == runs.firstIndex(of: good))
    }
  }

  /// Groups of so many seeds, of which the second gets one image more right in the mean, or none.
  private func groups(_ first: Int, _ second: Int, images: Int = 60) throws -> RunComparison {
    try withTemporaryDirectory { folder in
      var random = RandomStream(seed: 3, purpose: .testing)
      func run(_ model: String, _ seed: Int, _ hits: UInt64) throws -> RunRecord {
        let said = (0..<images).map { image in
          UInt8((image + (random.below(100) < hits ? 0 : 1)) % 3)
        }
        return try record(
          said, in: "\(folder)/\(model)-seed\(seed)",
          options: ["model": .string(model), "seed": .integer(seed), "threads": .integer(seed)])
      }
      return try RunComparison(
        (0..<first).map { try run("mlp", $0, 60) } + (0..<second).map { try run("cnn", $0, 97) },
        draws: 100)
    }
  }

  @Test func runsThatDifferBySeedAloneAreAGroup() throws {
    let comparison = try groups(3, 4)
    #expect(comparison.contenders.map(\.name) == ["mlp", "cnn"])
    #expect(comparison.contenders.map(\.runs) == [[0, 1, 2], [3, 4, 5, 6]])
    let verdict = Verdict(comparison)
    #expect(verdict.isBeyondChance && verdict.best == 1)
    #expect(verdict.headline.hasPrefix("cnn is better than mlp by "))
    #expect(
      verdict.evidence.contains(" points, over 3 and 4 seeds and 60 images; Student's t with "))
    #expect(!verdict.evidence.contains("McNemar"))
    let text = ComparisonText(comparison, terminal: plain).text
    #expect(text.contains("\nseeds ") && text.contains("\ndeviation "))
    #expect(!text.contains("\nthreads "))
  }

  @Test func underThreeSeedsThereIsNoVerdictAndItSaysWhy() throws {
    let verdict = Verdict(try groups(3, 2))
    #expect(!verdict.isBeyondChance)
    #expect(verdict.headline.hasSuffix(" in the mean, and whether by chance cannot be said"))
    #expect(
      verdict.evidence == "cnn has 2 seeds: no verdict is possible, which needs 3 seeds")
    let single = Verdict(try groups(3, 1))
    #expect(
      single.evidence == "cnn-seed0 has one seed: no verdict is possible, which needs 3 seeds")
    #expect(
      Verdict(try groups(2, 1)).evidence == "mlp has 2 seeds and cnn-seed0 has one seed: no "
        + "verdict is possible, which needs 3 seeds of each")
  }

  @Test func oneGroupIsDescribed() throws {
    let verdict = Verdict(try groups(3, 0))
    #expect(
      verdict.headline.hasPrefix("mlp: ") && verdict.headline.hasSuffix(" the mean of 3 seeds"))
    #expect(verdict.evidence.hasSuffix(" %, over seeds and images"))
    let two = Verdict(try groups(2, 0))
    #expect(two.evidence.hasSuffix("; an interval needs at least 3 seeds"))
  }

  @Test func groupsStandInJSONAndCSV() throws {
    let comparison = try groups(3, 3)
    let json = comparison.json
    let groups = try #require(json["groups"]?.array)
    #expect(groups.map { $0["name"] } == ["mlp", "cnn"])
    #expect(groups[1]["seeds"] == [0, 1, 2] && groups[1]["runs"]?.array?.count == 3)
    #expect(groups[0]["macro_f1"]?["values"]?.array?.count == 3)
    let pair = try #require(json["group_pairs"]?.array?.first)
    let bounds = try #require(pair["interval95"]?.array).compactMap { $0.double }
    let difference = try #require(pair["difference"]?.double)
    #expect(bounds[0] < difference && difference < bounds[1])
    let rows = comparison.csvText.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows.count == 3 && Set(rows.map(\.count)) == [26])
    #expect(rows[1][0] == "mlp" && rows[2].last == pair["p"]?.double.map { "\($0)" } ?? "")
  }

  @Test func groupsAreMarkdownToo() throws {
    let comparison = try groups(3, 3)
    let text = ComparisonText(markdown: comparison).text
    #expect(text.contains("\n|  | mlp | cnn |\n| --- | ---: | ---: |\n| seeds | 3 | 3 |\n"))
    #expect(text.contains("\n**cnn is better than mlp by "))
    let quiet = ComparisonText(markdown: comparison).summary
    #expect(text.hasPrefix(quiet.split(separator: "**")[0]))
  }

  @Test func theSameSeedTwiceSaysNothingNew() throws {
    try withTemporaryDirectory { folder in
      let runs = try ["a-1", "a-2", "a-3"].enumerated().map { place, name in
        try record(
          [0, 1, 2], in: "\(folder)/\(name)", options: ["seed": .integer(place == 2 ? 0 : place)])
      }
      let comparison = try RunComparison(runs)
      #expect(comparison.contenders == [Contender(name: "a", runs: [0, 1])])
      #expect(
        comparison.leftOut.map(\.text) == [
          "\(folder)/a-3 has the same options and the same seed as \(folder)/a-1"
        ])
      // A run and itself are two, for whoever names them so.
      #expect(try RunComparison([runs[0], runs[2]]).contenders.count == 2)
    }
  }

  @Test func aNarrowWindowGetsTheRunsInTurns() throws {
    let narrow = Terminal(width: 42, canRedraw: true, allowsColor: false, allowsUnicode: true)
    let text = ComparisonText(try comparison([0, 0, 2], [0, 1, 2]), terminal: narrow).text
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 42 })
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("accuracy ") }.count == 2)
  }

  @Test func longNamesKeepWhatTellsThemApart() {
    let names = ["mlp-47-classes-0", "cnn-2-47-classes-0"]
    #expect(names.shortened(to: 20) == names)
    #expect(names.shortened(to: 10) == ["mlp", "cnn-2"])
    #expect(["runs-a-1", "runs-a-2"].shortened(to: 4) == ["1", "2"])
    #expect(["a", "a-1"].shortened(to: 2) == ["a", "a-"])
    #expect(["alphabetical", "b"].shortened(to: 7) == ["alp…cal", "b"])
    #expect(["the-only-one"].shortened(to: 5) == ["th…ne"])
    let winners = ["search-mlp/winner-1", "search-cnn-2/winner-1", "vit"]
    #expect(winners.shortened(to: 15) == ["search-mlp", "search-cnn-2", "vit"])
    #expect(["search/winner-1", "search/winner-2"].shortened(to: 9) == ["1", "2"])
    // Alike at both ends.
    let twins = ["first-adam-run", "first-sgdm-run", "other"]
    #expect(twins.shortened(to: 8) == ["first-ad", "first-sg", "other"])
  }

  @Test func whatCannotBeComparedIsLeftOut() throws {
    try withTemporaryDirectory { folder in
      _ = try record([0, 1, 2], dataset: "other", in: folder + "/a")
      _ = try record([0, 1, 2], in: folder + "/b")
      _ = try record([0, 1, 1], in: folder + "/c")
      let run = try record([0, 0], in: folder + "/d").run
      try makeDirectories(folder + "/e")
      try AtomicFile.write(text: "{", to: folder + "/e/config.json")
      let paths = ["a", "b", "c", "d", "e"].map { "\(folder)/\($0)" }
      let found = try ComparableRuns(paths) { try RunRecord(reading: RunDirectory.find($0)) }
      #expect(found.records.map(\.name) == ["b", "c"])
      #expect(found.leftOut.map(\.path) == [paths[0], paths[3], paths[4]])
      #expect(
        found.leftOut[0].text
          == "\(paths[0]) was tested on 'other', but \(paths[1]) on 'noise'")
      #expect(found.leftOut[1].text == "\(run.path) was tested on 2 images, but \(paths[1]) on 3")
      #expect(found.leftOut[2].text.hasPrefix(paths[4] + "/config.json"))
      // Two that do not belong together: the reason; of more each.
      let two = try ComparableRuns([paths[0], paths[1]]) { try RunRecord(reading: .find($0)) }
      #expect("\(two.tooFew)" == "\(paths[1]) was tested on 'noise', but \(paths[0]) on 'other'")
      let three = try ComparableRuns([0, 1, 3].map { paths[$0] }) {
        try RunRecord(reading: .find($0))
      }
      #expect("\(three.tooFew)" == "only 1 of 3 runs can be compared")
      #expect(three.tooFew.exitCode == .noInput)
    }
  }

  @Test func theJSONHasEveryNumber() throws {
    let json = try comparison([0, 0, 2, 1, 1, 2], [0, 1, 2, 0, 1, 0]).json
    #expect(
      json.keys == [
        "schema", "dataset", "part", "count", "runs", "differences", "pairs", "groups",
        "group_pairs", "verdict", "left_out",
      ])
    #expect(json["verdict"]?["beyond_chance"] == false && json["left_out"] == [])
    #expect(json["verdict"]?["best"]?.string?.hasSuffix("/run1") == true)
    #expect(json["differences"] == [["option": "lr", "values": ["0", "1"]]])
    let pair = try #require(json["pairs"]?.array?.first?.object)
    #expect(
      pair.keys == [
        "first", "second", "both_right", "only_first_right", "only_second_right", "neither_right",
        "accuracy_difference", "bootstrap", "scores", "mcnemar_p", "mcnemar_p_corrected", "classes",
        "images",
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
