import Support

extension ModelPreset {
  /// A small convolutional network: four 3 x 3 convolutions of 32, 48, 96 and 128 filters with
  /// batch normalization and ReLU, max pooling behind the first two, padding in all but the last,
  /// global average pooling. 7.7 million multiply-adds for a 28 x 28 image.
  ///
  /// The form is that of Simonyan and Zisserman, "Very deep convolutional networks", 2015, with
  /// the global pooling of Lin, Chen and Yan, "Network in network", 2014.
  public static let cnn = ModelPreset(
    name: "cnn", abstract: "convolutional network: 32, 48, 96 and 128 filters",
    recipe: [
      "epochs": 15, "batch_size": 128, "optimizer": "sgd", "lr": 0.1, "momentum": 0.9,
      "nesterov": true, "weight_decay": 0.0005, "scheduler": "cosine", "warmup_epochs": 1.0,
      "label_smoothing": 0.1, "patience": 0,
    ],
    shapedBy: [
      "hidden", "filters", "kernel_size", "activation", "dropout", "spatial_dropout", "batch_norm",
    ]
  ) { options in
    let filters = options.filters ?? [32, 48, 96, 128]
    var layers: [any LayerDescription] = []
    for (index, count) in filters.enumerated() {
      let isLast = index == filters.count - 1
      let style = LayerStyle(options, isPadded: !isLast || filters.count == 1, normalizes: true)
      layers += style.convolution(count)
      if index < 2 && !isLast { layers.append(MaxPool(2)) }
    }
    layers.append(GlobalAvgPool())
    let head = LayerStyle(options)
    for units in options.hidden ?? [] {
      layers += [Dense(.count(units)), Activation(head.activation)]
    }
    return layers + head.dropout(0.1) + [Dense(.classes)]
  }
}
