import Support

// What a sweep file says about training options.

extension SweepReader {
  /// Refuses a value that a training option does not take; `place` is the member that gave it.
  func check(_ value: JSONValue, for option: String, at place: String) throws {
    if let problem = ConfigurationOption.known(option).problem(with: value) {
      throw error(place, .option(option, value, problem))
    }
  }
}

extension ConfigurationOption {
  /// Why this option does not take a value; `nil` if it does.
  func problem(with value: JSONValue) -> ValueProblem? {
    var scratch = TrainingConfiguration()
    do {
      try set(&scratch, to: .json(value), at: .file(path: "", key: name))
      return nil
    } catch ConfigurationError.invalidValue(_, _, let problem) {
      return problem
    } catch {
      return .wrongKind(expected: "usable")
    }
  }

  /// Whether a sweep may set it: not what says where a run goes.
  var isSearched: Bool { group != .run || name == "seed" }

  /// Whether it says which images there are, which is the same for all trials of a sweep.
  var choosesData: Bool { group == .data && !["limit", "val_split"].contains(name) }

  /// The option that was meant by a name that there is not.
  static func nearest(to name: String) -> String? {
    let folded = name.lowercased().replacing("-", with: "_")
    return otherNames[folded] ?? nearestName(to: folded, in: all.map(\.name))
  }

  /// What other programs call some options.
  private static let otherNames = [
    "learning_rate": "lr", "learningrate": "lr", "bs": "batch_size", "batch": "batch_size",
    "dropout_rate": "dropout", "num_epochs": "epochs", "n_epochs": "epochs", "max_epochs": "epochs",
    "wd": "weight_decay", "l2_penalty": "weight_decay", "units": "hidden", "hidden_units": "hidden",
    "hidden_size": "hidden", "fc_layer_size": "hidden", "hidden_layers": "hidden",
    "channels": "filters", "lr_scheduler": "scheduler", "architecture": "model", "network": "model",
    "batchnorm": "batch_norm", "random_seed": "seed",
  ]
}
