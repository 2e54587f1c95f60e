import Support

extension ConfigurationOption {
  /// The optimizer and its numbers.
  public static let optimizer: [ConfigurationOption] = [
    .init(
      "optimizer", \.optimizer, .choice(of: "optimizer"), "NAME", in: .optimizer,
      help: "how weights follow gradients"),
    .init(
      "lr", \.optimizerOptions.learningRate, .number(above: 0), "X", in: .optimizer,
      help: "learning rate, at its highest"),
    .init(
      "momentum", \.optimizerOptions.momentum, .number(in: 0..<1), "X", in: .optimizer,
      help: "share of the last step in the next: sgd, rmsprop, muon"),
    .init(
      "nesterov", \.optimizerOptions.nesterov, .truth, in: .optimizer,
      help: "Nesterov's form of momentum: sgd, muon"),
    .init(
      "rho", \.optimizerOptions.rho, .number(in: 0..<1), "X", in: .optimizer,
      help: "share of the old in the mean of squares: rmsprop"),
    .init(
      "beta1", \.optimizerOptions.beta1, .number(in: 0..<1), "X", in: .optimizer,
      help: "share of the old in the mean of gradients: adam, adamw, muon"),
    .init(
      "beta2", \.optimizerOptions.beta2, .number(in: 0..<1), "X", in: .optimizer,
      help: "share of the old in the mean of squares: adam, adamw, muon"),
    .init(
      "epsilon", \.optimizerOptions.epsilon, .number(above: 0), "X", in: .optimizer,
      help: "what keeps divisors from zero: all but sgd"),
    .init(
      "weight_decay", \.optimizerOptions.weightDecay, .number(atLeast: 0), "X", in: .optimizer,
      help: "decay of weights, not of biases: decoupled for adamw and muon, else added to the "
        + "gradient"),
  ]
}
