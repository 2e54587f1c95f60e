import Support

extension ModelPreset {
  /// One hidden layer of 512 units, the perceptron that notebooks on MNIST begin with: 407,050
  /// parameters at 10 classes.
  ///
  /// One layer of some hundred units is the perceptron of LeCun, Bottou, Bengio and Haffner,
  /// "Gradient-based learning applied to document recognition", 1998. Recipe and first weights
  /// are Keras' defaults with a batch of 1000.
  public static let mlp512 = ModelPreset(
    name: "mlp-512", abstract: "one hidden layer of 512 units",
    recipe: [
      "epochs": 12, "batch_size": 1000, "optimizer": "adam", "lr": 0.001,
      "scheduler": "constant", "init": "glorot",
    ],
    shapedBy: ["hidden", "activation", "dropout", "batch_norm"]
  ) { options in
    let style = LayerStyle(options)
    var layers: [any LayerDescription] = [Flatten()]
    for units in options.hidden ?? [512] {
      layers += style.dense(units) + style.dropout(0)
    }
    return layers + [Dense(.classes)]
  }
}
