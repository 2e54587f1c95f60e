import Configuration
import Search
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

extension SweepSearch {
  /// The search of a sweep file. Bounded distributions were checked when it was read.
  init(_ sweep: SweepFile) {
    self.init(sweep.space, method: sweep.method, seed: sweep.settings.seed) { parameter, value in
      ConfigurationOption.named(parameter.option)?.problem(with: value) == nil
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
  var choosesData: Bool { group == .data && !["limit", "limit_test", "val_split"].contains(name) }

  /// The option that others call by this name: `learning_rate`, `batchSize`, `Dropout`.
  static func called(_ name: String) -> ConfigurationOption? {
    let folded = letters(of: name)
    return all.first { letters(of: $0.name) == folded } ?? otherNames[folded].map(known)
  }

  /// The option that was meant by a name that there is not.
  static func nearest(to name: String) -> String? {
    called(name)?.name
      ?? nearestName(to: name.lowercased().replacing("-", with: "_"), in: all.map(\.name))
  }

  /// A name without what separates its words.
  private static func letters(of name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  /// What other programs call some options, by their ``letters(of:)``.
  private static let otherNames = [
    "learningrate": "lr", "initiallr": "lr", "bs": "batch_size", "batch": "batch_size",
    "dropoutrate": "dropout", "dropoutprob": "dropout", "numepochs": "epochs",
    "nepochs": "epochs", "maxepochs": "epochs", "wd": "weight_decay",
    "l2penalty": "weight_decay", "units": "hidden", "hiddenunits": "hidden",
    "hiddensize": "hidden", "fclayersize": "hidden", "hiddenlayersize": "hidden",
    "numfilters": "filters", "channels": "filters", "filtersize": "kernel_size",
    "optim": "optimizer", "opt": "optimizer", "eps": "epsilon", "lrscheduler": "scheduler",
    "lrschedule": "scheduler", "initializer": "init", "weightinit": "init",
    "gradientclipval": "clip_norm", "gradclip": "clip_norm", "maxgradnorm": "clip_norm",
    "earlystoppingpatience": "patience", "architecture": "model", "arch": "model",
    "network": "model", "modelname": "model", "batchnormalization": "batch_norm",
    "randomseed": "seed",
  ]
}
