import Support

extension ModelPreset {
  /// A multi-layer perceptron: three hidden layers of 512, 256 and 128 units, each with batch
  /// normalization, ReLU and dropout.
  public static let mlp = ModelPreset(
    name: "mlp", abstract: "multi-layer perceptron: 512, 256 and 128 hidden units",
    recipe: [
      "epochs": 15, "batch_size": 128, "optimizer": "adam", "lr": 0.002, "scheduler": "cosine",
      "warmup_epochs": 0.5, "weight_decay": 0.0, "label_smoothing": 0.05, "patience": 0,
    ],
    parts: [.hidden, .normalization]
  ) { settings in
    let style = LayerStyle(settings, normalizes: true)
    var layers: [any LayerDescription] = [Flatten()]
    for units in style.hidden ?? [512, 256, 128] {
      layers += style.dense(units) + style.dropout(0.2)
    }
    return layers + [Dense(.classes)]
  }
}

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
    parts: [.hidden, .normalization]
  ) { settings in
    let style = LayerStyle(settings)
    var layers: [any LayerDescription] = [Flatten()]
    for units in style.hidden ?? [512] {
      layers += style.dense(units) + style.dropout(0)
    }
    return layers + [Dense(.classes)]
  }
}

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
    parts: [.hidden, .normalization]
  ) { settings in
    let style = LayerStyle(settings)
    var layers: [any LayerDescription] = [Flatten()]
    for units in style.hidden ?? [128, 64] { layers += style.dense(units) }
    return layers + style.dropout(0.2) + [Dense(.classes)]
  }
}
