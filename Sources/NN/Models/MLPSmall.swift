import Support

extension ModelPreset {
  /// Two hidden layers of 128 and 64 units and dropout before the last one, in the form of the
  /// perceptron in TensorFlow's "Quickstart for beginners" (2019) with a second hidden layer.
  /// First weights are drawn as Keras does.
  public static let mlpSmall = ModelPreset(
    name: "mlp-small", abstract: "two hidden layers of 128 and 64 units",
    recipe: [
      "epochs": 15, "batch_size": 64, "optimizer": "adam", "lr": 0.001, "scheduler": "constant",
      "init": "glorot", "val_split": 0.1,
    ],
    shapedBy: ["hidden", "activation", "dropout", "batch_norm"]
  ) { options in
    let style = LayerStyle(options)
    var layers: [any LayerDescription] = [Flatten()]
    for units in options.hidden ?? [128, 64] { layers += style.dense(units) }
    return layers + style.dropout(0.2) + [Dense(.classes)]
  }
}
