import NN
import Support
import Testing
import TestSupport

@testable import Configuration

@Suite struct SweepFileErrorTests {
  /// What stands at the top level, and the sentence after `sweep.json: `.
  @Test(arguments: [
    (#"[1]"#, #"must be an object with "parameters", got [1]"#),
    (#"{"parameters": {"lr": {"value": 1}}}"#, "'method' is missing; give grid, random or bayes"),
    (
      #"{"method": "bayse", "parameters": {"lr": {"value": 1}}}"#,
      "'method' is 'bayse', which is unknown; did you mean 'bayes'? choose grid, random or bayes"
    ),
    (
      #"{"method": 3, "parameters": {"lr": {"value": 1}}}"#, "'method' must be a string, got 3"
    ),
    (#"{"method": "grid"}"#, "'parameters' is missing; give the parameters to search"),
    (#"{"method": "grid", "parameters": {}}"#, "'parameters' needs at least one parameter"),
    (#"{"method": "grid", "parameters": [1]}"#, "'parameters' must be an object, got [1]"),
    (
      #"{"method": "grid", "parameter": {}, "parameters": {"lr": {"value": 1}}}"#,
      "unknown key 'parameter'; did you mean 'parameters'?"
    ),
    (
      #"{"method": "bayes", "parameters": {"lr": {"value": 1}}}"#,
      #"'metric' is missing; give one for bayes and early_terminate, such as {"name": "val_loss"}"#
    ),
    (
      #"{"method": "random", "parameters": {"lr": {"value": 1}}, "metric": {"goal": "minimize"}}"#,
      "'metric.name' is missing; give val_loss or val_accuracy"
    ),
    (
      #"{"method": "bayes", "parameters": {"lr": {"value": 1}}, "metric": {"name": "val_los"}}"#,
      "'metric.name' is 'val_los', which is unknown; did you mean 'val_loss'? "
        + "choose val_loss or val_accuracy"
    ),
    (
      #"{"method": "random", "parameters": {"lr": {"value": 1}}, "#
        + #""metric": {"name": "val_loss", "goal": "max"}}"#,
      "'metric.goal' is 'max', which is unknown; did you mean 'maximize'? "
        + "choose minimize or maximize"
    ),
    (
      #"{"method": "random", "parameters": {"lr": {"value": 1}}, "run_cap": 0}"#,
      "'run_cap' must be a whole number of at least 1, got 0"
    ),
    (
      #"{"method": "random", "parameters": {"lr": {"value": 1}}, "run_cap": 2, "#
        + #""emnist": {"trials": 3}}"#,
      "'run_cap' and 'emnist.trials' exclude each other; remove one of them"
    ),
    (
      #"{"method": "random", "parameters": {"lr": {"value": 1}}, "emnist": {"worker": 3}}"#,
      "unknown key 'emnist.worker'; did you mean 'workers'?"
    ),
    (
      #"{"method": "random", "parameters": {"lr": {"value": 1}}, "emnist": {"base": {"epoch": 3}}}"#,
      "'emnist.base.epoch' is not a training option; did you mean 'epochs'?"
    ),
    (
      #"{"method": "random", "parameters": {"lr": {"value": 1}}, "emnist": {"base": {"epochs": 0}}}"#,
      "'emnist.base.epochs' must be at least 1, got 0"
    ),
    (
      #"{"method": "random", "parameters": {"lr": {"value": 1}}, "emnist": {"max_time": "soon"}}"#,
      #"'emnist.max_time' must be a time above 0 such as 90s, 2m or 1h, got "soon""#
    ),
  ])
  func topLevelKeys(text: String, expected: String) {
    let separator = expected.hasPrefix("must") ? " " : ": "
    #expect(message { _ = try sweep(text) } == "sweep.json" + separator + expected)
  }

  @Test(arguments: [
    (#"{"min_iter": 1}"#, "'early_terminate.type' is missing; give hyperband, asha or median"),
    (
      #"{"type": "hyperband"}"#,
      "'early_terminate.min_iter' is missing; give it, or max_iter and s"
    ),
    (
      #"{"type": "hyperband", "max_iter": 9}"#,
      "'early_terminate.s' is missing; give the number of bands below max_iter"
    ),
    (
      #"{"type": "hyperband", "min_iter": 1, "eta": 1}"#,
      "'early_terminate.eta' must be a number from 1.1 to 1000.0, got 1"
    ),
    (
      #"{"type": "hyperband", "min_iter": 1, "strict": "yes"}"#,
      #"'early_terminate.strict' must be true or false, got "yes""#
    ),
    (
      #"{"type": "asha", "max_iter": 9}"#,
      "unknown key 'early_terminate.max_iter'; did you mean 'min_iter'?"
    ),
  ])
  func earlyTermination(text: String, expected: String) {
    let file =
      #"{"method": "random", "metric": {"name": "val_loss"}, "parameters": {"lr": {"value": 1}}, "#
      + #""early_terminate": \#(text)}"#
    #expect(message { _ = try sweep(file) } == "sweep.json: " + expected)
  }

  @Test(arguments: [
    (
      #""droput": {"value": 0.1}"#,
      "'parameters.droput' is not a training option; did you mean 'dropout'?"
    ),
    (
      #""learning_rate": {"value": 1}, "lr": {"value": 1}"#,
      "'parameters.lr' sets the option 'lr', as 'parameters.learning_rate' does; remove one of them"
    ),
    (
      #""zebra": {"values": [1, 2]}"#,
      "'parameters.zebra' is not a training option"
    ),
    (#""zebra": {"value": 1}"#, "'parameters' needs at least one training option"),
    (
      #""out": {"values": ["x", "y"]}"#,
      "'parameters.out' says where a run goes or how it is run, which is nothing to search; remove it"
    ),
    (
      #""l r": {"value": 1}"#,
      "'parameters.l r' is no name for a parameter; "
        + "use letters, digits, '_', '-' and '.', a letter or '_' first"
    ),
    (#""lr": 3"#, "'parameters.lr' must be an object, got 3"),
    (#""lr": {}"#, "'parameters.lr' needs value, values, min and max, or parameters"),
    (#""lr": {"min": 0.1}"#, "'parameters.lr.max' is missing; give both min and max"),
    (
      #""lr": {"min": 0.2, "max": 0.1}"#,
      "'parameters.lr.min' must be below max, but min is 0.2 and max 0.1"
    ),
    (#""lr": {"min": "a", "max": 0.1}"#, #"'parameters.lr.min' must be a number, got "a""#),
    (#""lr": {"min": -0.5, "max": 1}"#, "'parameters.lr.min' must be above 0, got -0.5"),
    (
      #""lr": {"distribution": "uniform", "values": [0.1]}"#,
      "'parameters.lr.distribution' is uniform, which takes no 'values'; remove one of them"
    ),
    (
      #""lr": {"min": 0.1, "max": 1, "q": 0.1}"#,
      "unknown key 'parameters.lr.q'; known here are min, max or distribution"
    ),
    (
      #""lr": {"distribution": "loguniform", "min": 0.1, "max": 1}"#,
      "'parameters.lr.distribution' is 'loguniform', which is unknown; "
        + "did you mean 'log_uniform_values'? "
        + "choose constant, categorical, categorical_w_probabilities, int_uniform, uniform, "
        + "q_uniform, log_uniform_values, q_log_uniform_values, inv_log_uniform_values, "
        + "log_uniform, q_log_uniform, inv_log_uniform, normal, q_normal, log_normal, "
        + "q_log_normal, beta or q_beta"
    ),
    (
      #""lr": {"distribution": "log_uniform_values", "min": 0, "max": 1}"#,
      "'parameters.lr.min' must be above 0 for a logarithm, got 0"
    ),
    (
      #""lr": {"distribution": "log_uniform", "min": 0, "max": 1000}"#,
      "'parameters.lr.max' must be an exponent of e from -700 to 700, got 1000"
    ),
    (
      #""epochs": {"distribution": "int_uniform", "min": 1, "max": 5.0}"#,
      "'parameters.epochs.max' must be a whole number, written without a point, got 5.0"
    ),
    (
      #""batch_size": {"distribution": "log_uniform_values", "min": 16, "max": 256}"#,
      "'parameters.batch_size' draws values such as 46.14, but batch_size must be a "
        + "whole number; use other bounds, whole numbers, or a q_ distribution"
    ),
    (
      #""lr": {"distribution": "q_uniform", "min": 0.1, "max": 5}"#,
      "'parameters.lr' draws values such as 0, but lr must be above 0; "
        + "use other bounds, whole numbers, or a q_ distribution"
    ),
    (
      #""dropout": {"distribution": "normal", "sigma": 0}"#,
      "'parameters.dropout.sigma' must be a number from 1e-30 to 1e+30, got 0"
    ),
    (
      #""optimizer": {"values": ["adam", "adm"]}"#,
      "'parameters.optimizer.values[1]' is the unknown optimizer 'adm'; did you mean 'adam'? "
        + "choose \(OptimizerDescriptor.all.map(\.name).asChoices)"
    ),
    (#""epochs": {"value": 0}"#, "'parameters.epochs.value' must be at least 1, got 0"),
    (
      #""lr": {"values": []}"#,
      "'parameters.lr.values' must be an array of at least one value, got []"
    ),
    (
      #""lr": {"values": [0.1, 0.2], "probabilities": [1]}"#,
      "'parameters.lr.probabilities' must have one number for each of the 2 values, has 1"
    ),
    (
      #""lr": {"values": [0.1, 0.2], "probabilities": [0.5, 0.25]}"#,
      "'parameters.lr.probabilities' must sum to 1, sum to 0.75"
    ),
    (
      #""lr": {"value": 0.1}, "a.lr": {"value": 0.2}"#,
      "'parameters.a.lr' sets the option 'lr', as 'parameters.lr' does; remove one of them"
    ),
    (
      #""optimizer": {"values": [{"value": "sgd", "parameters": {"momentum": {"value": 2}}}]}"#,
      "'parameters.optimizer.values[0].parameters.momentum.value' must be "
        + "at least 0 and below 1, got 2"
    ),
  ])
  func parameters(text: String, expected: String) {
    #expect(message { _ = try sweep(parameters: text) } == "sweep.json: " + expected)
  }

  @Test(arguments: [
    (
      #""lr": {"min": 0.1, "max": 0.2}"#,
      "'parameters.lr' is continuous, and a grid needs single values; "
        + "use values, whole min and max, or q_uniform"
    ),
    (
      #""epochs": {"min": 1, "max": 5000000}"#,
      "'parameters.epochs' has more than 1,000,000 values, too many for a grid; "
        + "make the range smaller"
    ),
  ])
  func grids(text: String, expected: String) {
    #expect(
      message { _ = try sweep(parameters: text, method: "grid") } == "sweep.json: " + expected)
  }

  /// What is a line of this file would otherwise be a loop without end, a memory that is full, or a
  /// trap.
  @Test(arguments: [
    (#""workers": 1000000"#, "'emnist.workers' must be a whole number of at most 256, got 1000000"),
    (#""threads": 257"#, "'emnist.threads' must be a whole number of at most 256, got 257"),
    (
      #""repeats": 1000000000000"#,
      "'emnist.repeats' must be a whole number of at most 1000, got 1000000000000"
    ),
    (#""folds": 1001"#, "'emnist.folds' must be a whole number of at most 1000, got 1001"),
    (#""refit": 1001"#, "'emnist.refit' must be a whole number of at most 1000, got 1001"),
    (
      #""trials": 9223372036854775807"#,
      "'emnist.trials' must be a whole number of at most 1000000, got 9223372036854775807"
    ),
    (#""round": 10001"#, "'emnist.round' must be a whole number of at most 10000, got 10001"),
    (#""max_time": 1e300"#, "'emnist.max_time' must be at most 100000h, got 1e+300"),
    (
      #""base": {"epochs": 1000001}"#,
      "'emnist.base.epochs' must be at most 1000000, got 1000001"
    ),
  ])
  func numbersHaveAnUpperBound(text: String, expected: String) {
    let file =
      #"{"method": "random", "parameters": {"lr": {"value": 1}}, "emnist": {\#(text)}}"#
    #expect(message { _ = try sweep(file) } == "sweep.json: " + expected)
  }

  @Test(arguments: [
    (
      #"{"type": "hyperband", "min_iter": 1, "eta": 1.0000000000000002}"#,
      "'early_terminate.eta' must be a number from 1.1 to 1000.0, got 1.0000000000000002"
    ),
    (
      #"{"type": "hyperband", "max_iter": 27, "s": 1000000000}"#,
      "'early_terminate.s' must be a whole number of at most 100, got 1000000000"
    ),
    (
      #"{"type": "asha", "s": 1000000000}"#,
      "'early_terminate.s' must be a whole number of at most 100, got 1000000000"
    ),
    (
      #"{"type": "asha", "min_iter": 9223372036854775807}"#,
      "'early_terminate.min_iter' must be a whole number of at most 1000000, "
        + "got 9223372036854775807"
    ),
  ])
  func stoppingHasUpperBounds(text: String, expected: String) {
    let file =
      #"{"method": "random", "metric": {"name": "val_loss"}, "parameters": {"lr": {"value": 1}}, "#
      + #""early_terminate": \#(text)}"#
    #expect(message { _ = try sweep(file) } == "sweep.json: " + expected)
  }

  @Test(arguments: [
    (
      #""lr": {"distribution": "q_uniform", "min": 1, "max": 2, "q": 1e-300}"#,
      "'parameters.lr.q' must be a number from 1e-30 to 1e+30, got 1e-300"
    ),
    (
      #""lr": {"distribution": "normal", "mu": 1e300}"#,
      "'parameters.lr.mu' must be a number from -1e+30 to 1e+30, got 1e+300"
    ),
    (
      #""lr": {"distribution": "beta", "a": 1e-9}"#,
      "'parameters.lr.a' must be a number from 0.001 to 1000000.0, got 1e-09"
    ),
    (
      #""lr": {"min": 0.1, "max": 1e300}"#,
      "'parameters.lr.max' must be a number from -1e+30 to 1e+30, got 1e+300"
    ),
    (
      #""seed": {"min": 0, "max": 9223372036854775807}"#,
      "'parameters.seed.max' must be a whole number below 2^53, got 9223372036854775807"
    ),
  ])
  func distributionsHaveBounds(text: String, expected: String) {
    #expect(message { _ = try sweep(parameters: text) } == "sweep.json: " + expected)
  }
}
