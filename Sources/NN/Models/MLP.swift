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
    var layers: [any LayerDescription] = [Flatten()]
    let normalizes = options.batchNorm ?? true
    let dropout = options.dropout ?? 0.2
    for units in options.hidden ?? [512, 256, 128] {
      layers.append(Dense(.count(units), bias: !normalizes))
      if normalizes { layers.append(BatchNorm()) }
      layers.append(Activation(options.activation ?? .relu))
      if dropout > 0 { layers.append(Dropout(dropout)) }
    }
    return layers + [Dense(.classes)]
  }
}
