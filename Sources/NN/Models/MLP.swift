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
    shapedBy: ["hidden", "activation", "dropout", "batch_norm"]
  ) { options in
    let style = LayerStyle(options, normalizes: true)
    var layers: [any LayerDescription] = [Flatten()]
    for units in options.hidden ?? [512, 256, 128] {
      layers += style.dense(units) + style.dropout(0.2)
    }
    return layers + [Dense(.classes)]
  }
}
