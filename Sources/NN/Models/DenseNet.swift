import Support

extension ModelPreset {
  /// A densely connected network: a 3 x 3 convolution of 32 filters with max pooling, a block of two
  /// and one of three layers that each add 32 channels to those before them, between them a 1 x 1
  /// convolution that halves the channels and average pooling that halves the image. 9.9 million
  /// multiply-adds for a 28 x 28 image.
  ///
  /// Huang, Liu, van der Maaten and Weinberger, "Densely connected convolutional networks", 2017,
  /// without their bottlenecks, which pay with narrower layers.
  public static let denseNet = ModelPreset(
    name: "densenet", abstract: "dense blocks of two and three layers, growth rate 32",
    recipe: [
      "epochs": 8, "batch_size": 128, "optimizer": "sgd", "lr": 0.1, "momentum": 0.9,
      "nesterov": true, "weight_decay": 0.0005, "scheduler": "cosine", "warmup_epochs": 1.0,
      "label_smoothing": 0.1,
    ],
    shapedBy: ["filters", "activation", "dropout", "batch_norm"]
  ) { options in
    let style = LayerStyle(options, isPadded: true, normalizes: true)
    var channels = 32
    var layers: [any LayerDescription] = [style.plainConvolution(channels), MaxPool(2)]
    for (block, growth) in (options.filters ?? [32, 32]).enumerated() {
      if block > 0 {
        channels /= 2
        layers += style.activated
        layers += [Conv2D(channels, kernelSize: 1, bias: !style.normalizes), AvgPool(2)]
      }
      for _ in 0..<(block == 0 ? 2 : 3) {
        layers.append(Concatenate(style.activated + [style.plainConvolution(growth)]))
        channels += growth
      }
    }
    return layers + style.activated + [GlobalAvgPool()] + style.dropout(0.1) + [Dense(.classes)]
  }
}
