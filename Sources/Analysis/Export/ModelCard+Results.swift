import Datasets
import Metrics
import Support
import Training

// What was measured.
extension ModelCard {
  var results: String {
    guard let test, let accuracy = test["accuracy"]?.double, let count = test["count"]?.int else {
      return "## Results\n\nIt was not tested.\n"
    }
    var lines = ["accuracy \(percent(accuracy))"]
    if let bounds = test["interval95"]?.array?.compactMap(\.double), bounds.count == 2 {
      lines.append("95 % interval of it \(percent(bounds[0])) to \(percent(bounds[1]))")
    }
    for (name, key) in [("precision", "precision"), ("recall", "recall"), ("F1", "f1")] {
      if let value = test["macro"]?[key]?.double { lines.append("macro \(name) \(percent(value))") }
    }
    if let kappa = test["kappa"]?.double { lines.append("Cohen's kappa \(fixed(kappa, 4))") }
    return """
      ## Results

      On the \(grouped(count)) images of the test part of '\(model.dataset.shown)', which chose nothing:

      \(lines.map { "- \($0)" }.joined(separator: "\n"))

      \(spread)
      \(confusions)
      """
  }

  /// What the interval is of, and what other seeds came to.
  private var spread: String {
    let own =
      "The interval is Wilson's: by the number of images of one training, without what another seed "
      + "would change."
    let above = record.run.above
    guard record.run.membership == .repeats,
      let summary = try? JSONValue(
        parsing: readFile(above.summary(of: .repeats)), path: above.summary(of: .repeats)),
      let mean = summary["mean"]?["test_accuracy"]?.double,
      let deviation = summary["standard_deviation"]?["test_accuracy"]?.double,
      let count = summary["repeats"]?.array?.count
    else { return own }
    return own
      + "\nIt is one of \(count) trainings that differ by their seeds alone: test accuracy "
      + "\(percent(mean)) in the mean, standard deviation \(percent(deviation))."
  }

  private var confusions: String {
    let pairs = (test?["top_confusions"]?.array ?? []).prefix(5).compactMap { pair -> String? in
      guard let wanted = pair["true"]?.string, let found = pair["predicted"]?.string,
        let count = pair["count"]?.int
      else { return nil }
      return "\(wanted.shown) for \(found.shown) (\(count))"
    }
    return pairs.isEmpty ? "" : "Taken for others most often: \(pairs.joined(separator: ", ")).\n"
  }

  /// How far its answers are to be believed; `nil` if that was not measured.
  var trust: String? {
    guard let test, let error = test["ece"]?.double else { return nil }
    var lines = ["expected calibration error of the probabilities \(fixed(error, 4))"]
    if let confidence = record.test?.confidence {
      lines.append(
        "at the temperature \(fixed(confidence.temperature, 3)), fitted on the validation part, "
          + fixed(confidence.expectedError, 4))
      lines.append(
        "threshold of the score below which an image is rejected: "
          + fixed(confidence.threshold, 3))
    }
    if let selective = record.selective {
      lines.append(
        "of the test images it accepts \(percent(selective.coverage)) and is right about "
          + "\(percent(selective.accuracy)) of these")
    }
    return "## How far it is to be believed\n\n"
      + lines.map { "- \($0)\n" }.joined()
  }

  /// What `eval --perturb` found; `nil` if nobody asked.
  var robustness: String? {
    let path = record.run.perturbation
    guard let json = try? JSONValue(parsing: readFile(path), path: path),
      let curves = json["runs"]?.array?.first?["curves"]?.array
    else { return nil }
    let lines = curves.compactMap { curve -> String? in
      guard let name = curve["perturbation"]?.string, let unit = curve["unit"]?.string,
        let strength = curve["strengths"]?.array?.last?.double,
        let first = curve["accuracy"]?.array?.first?.double,
        let last = curve["accuracy"]?.array?.last?.double
      else { return nil }
      return "- \(name) by \(PerturbationKind.text(of: strength)) (\(unit)): "
        + "from \(percent(first)) to \(percent(last))\n"
    }
    return lines.isEmpty
      ? nil
      : "## On harder images\n\nAccuracy on the test images, made harder:\n\n" + lines.joined()
  }
}
