import Foundation
import Support
import Testing

@testable import emnist

@Suite struct CompareCommandTests {
  @Test func theHelpIsThis() throws {
    #expect(
      try CommandPlace.root.descending(to: "compare").help == """
        emnist compare: compare runs, and say which differences are more than chance

        Usage: emnist compare RUN… [OPTION…]

        Examples:
          emnist compare runs/mlp-1 runs/cnn-1  two runs on the same images
          emnist compare runs/* --markdown      all that can be, for a pull request
          emnist compare mlp-seed* cnn-seed*    two groups of seeds
          emnist compare cv-mlp cv-cnn          two cross-validations, fold by fold
          emnist compare a b --images diff.csv  where two part, image by image

        Arguments:
          RUN  a run directory, or one of 'train --repeats' or '--folds'; at least two

        Comparison:
              --images FILE  write the images that some runs got right and some did not,
                             as CSV
              --seed N       of the bootstrap's draws (default: 0)

        Output:
              --json         print one JSON object instead of text
              --markdown     print Markdown instead of text
              --csv          print CSV instead of text, a row for each run or group
          -q, --quiet        print the result and nothing else
              --color WHEN   colored text: auto, always or never (default: auto)
          -h, --help         show this help

        Runs must have been tested on the same images; those that were not, are not
        finished or cannot be read are left out, with the reason. For every two,
        McNemar's exact test says how likely so uneven a split of the images that only
        one got right is by chance, and the paired bootstrap between which bounds the
        difference of the accuracies lies. Of several runs the probabilities are
        corrected for the number of pairs, as Holm has it.

        Runs whose options differ by the seed alone are one group, with the mean, the
        deviation and the interval of their accuracies. Groups are compared by the
        variances of seeds and of images (Student's t, degrees of freedom by
        Satterthwaite), from three seeds of each on.

        Cross-validations ('train --folds') are compared by their differences in each
        fold, if their folds are the same: by the corrected resampled t-test of Nadeau
        and Bengio, from three folds on. Their --json has fold_count, the folds'
        accuracies in each entry of runs, and in each of pairs first, second,
        difference, interval95, p, p_corrected, standard_error, degrees_of_freedom and
        folds.

        --csv has a row for each run or group, with the difference to the first. --json
        prints schema, dataset, part, count, runs (each with run, name, model, accuracy,
        interval95, macro_precision, macro_recall, macro_f1, score_intervals95, kappa,
        mcc, loss, top_3, ece, images_per_second, parameters, multiply_adds, epochs_run,
        best_epoch and seconds), differences (option, values), pairs (first, second,
        both_right, only_first_right, only_second_right, neither_right,
        accuracy_difference, bootstrap, scores, mcnemar_p, mcnemar_p_corrected, classes
        and images), groups (name, runs, seeds, and mean, standard_deviation, interval95
        and values of accuracy, macro_precision, macro_recall and macro_f1), group_pairs
        (first, second, difference, interval95, p, p_corrected, standard_error,
        degrees_of_freedom, seed_variance and image_variance), verdict (best,
        beyond_chance, headline and evidence) and left_out (run and reason).

        """)
  }

  @Test func everythingIsRead() throws {
    let compare = try command(
      CompareCommand.self, "runs/a runs/b runs/c --images i.csv --seed 7 --csv -q")
    #expect(compare.runDirectories == ["runs/a", "runs/b", "runs/c"])
    #expect(compare.images == "i.csv" && compare.seed == 7)
    #expect(compare.format == .csv && compare.output.quiet)
    #expect(try command(CompareCommand.self, "a b").format == .text)
  }

  @Test func twoRunsAreComparedInEveryFormat() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data").path
    for (name, epochs) in [("a", "1"), ("b", "3")] {
      let words = [
        "train", "--model", "mlp", "--hidden", "8", "--limit", "200", "--limit-test", "200",
        "--epochs", epochs, "--data", data, "--out", "\(folder)/\(name)",
      ]
      #expect(try ProgramResult(words).code == 0)
    }
    let runs = ["compare", folder + "/a", folder + "/b"]
    let text = try ProgramResult(runs + ["--images", folder + "/images.csv"])
    #expect(text.code == 0 && text.errors == "")
    #expect(text.output.hasPrefix("tiny, 200 test images\n\n"))
    #expect(text.output.contains("\nepochs "))
    let images = String(decoding: try readFile(folder + "/images.csv"), as: UTF8.self)
    #expect(images.hasPrefix("index,true,a,b\n"))
    let json = try JSONValue(
      parsing: Array(ProgramResult(runs + ["--json"]).output.utf8), path: "stdout")
    let pair = try #require(json["pairs"]?.array?.first)
    let differing = try #require(pair["images"]?.array)
    #expect(!differing.isEmpty && images.split(separator: "\n").count == differing.count + 1)
    #expect(try ProgramResult(runs + ["--csv"]).output.split(separator: "\n").count == 3)
    #expect(text.output.split(separator: "\n").last?.hasPrefix("95 % interval ") == true)
    let more = try ProgramResult(["compare", folder + "/images.csv"] + runs.dropFirst())
    #expect(more.code == 0 && more.output == text.output)
    #expect(more.errors.hasPrefix("left out: \(folder)/images.csv"))
    let quiet = try ProgramResult(runs + ["--markdown", "-q"]).output
    #expect(quiet.hasPrefix("### tiny, 200 test images\n") && !quiet.contains("McNemar"))
  }

  @Test(arguments: [
    Failure(["compare", "a"], "'emnist compare' needs a second RUN; see 'emnist compare --help'"),
    Failure(["compare"], "'emnist compare' needs RUN; see 'emnist compare --help'"),
    Failure(
      ["compare", "a", "b", "--json", "--csv"],
      "--json and --csv exclude each other; give one of them, see 'emnist compare --help'"),
    Failure(
      ["compare", "/nowhere", "b"], code: 66,
      "/nowhere: no such run, here or under runs/; name one that 'emnist train' wrote"),
  ])
  func mistakesAreNamed(failure: Failure) throws {
    let result = try ProgramResult(failure.words)
    #expect(result.output == "")
    #expect(result.errors == "emnist: \(failure.message)\n")
    #expect(result.code == failure.code)
  }
}
