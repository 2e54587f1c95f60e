import Support

extension ModelPreset {
  /// A residual network whose branches begin with their normalization and ReLU: a 3 x 3 convolution
  /// of 32 filters with max pooling, a block of two such convolutions on 14 x 14 pixels, two of 64
  /// filters on 7 x 7, the first of which halves the image, global average pooling. 10.2 million
  /// multiply-adds for a 28 x 28 image.
  ///
  /// He, Zhang, Ren and Sun, "Identity mappings in deep residual networks", 2016. As there, a
  /// shortcut that changes the shape is a 1 x 1 convolution behind the block's first activation.
  public static let resNet = ModelPreset(
    name: "resnet", abstract: "residual network: 32 and 64 filters, three blocks",
    recipe: [
      "epochs": 8, "batch_size": 128, "optimizer": "sgd", "lr": 0.1, "momentum": 0.9,
      "nesterov": true, "weight_decay": 0.0005, "scheduler": "cosine", "warmup_epochs": 1.0,
      "label_smoothing": 0.1,
    ],
    shapedBy: ["filters", "activation", "dropout", "drop_path", "batch_norm"]
  ) { options in
    let style = LayerStyle(options, isPadded: true, normalizes: true)
    let filters = options.filters ?? [32, 64]
    var layers: [any LayerDescription] = [style.plainConvolution(filters[0]), MaxPool(2)]
    let blocks = 2 * filters.count - 1
    layers.append(
      Residual(style.branch(filters[0]), dropPath: style.dropPath(block: 1, of: blocks)))
    for (index, count) in filters.enumerated().dropFirst() {
      layers += style.activated
      layers.append(
        Residual(
          [style.plainConvolution(count, stride: 2)] + style.activated
            + [style.plainConvolution(count)],
          shortcut: [Conv2D(count, kernelSize: 1, stride: 2, bias: false)],
          dropPath: style.dropPath(block: 2 * index, of: blocks)))
      layers.append(
        Residual(
          style.branch(count), dropPath: style.dropPath(block: 2 * index + 1, of: blocks)))
    }
    return layers + style.activated + [GlobalAvgPool()] + style.dropout(0.1) + [Dense(.classes)]
  }
}

extension LayerStyle {
  /// Two convolutions, each behind its activation.
  fileprivate func branch(_ filters: Int) -> [any LayerDescription] {
    activated + [plainConvolution(filters)] + activated + [plainConvolution(filters)]
  }
}
