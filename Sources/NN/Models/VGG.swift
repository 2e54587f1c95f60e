import Support

extension ModelPreset {
  /// VGG-5 for small images: four blocks of two or three padded 3 x 3 convolutions with batch
  /// normalization and ReLU, 64, 128, 256 and 256 filters, max pooling behind each; a dense layer
  /// of 512 units between two dropouts. 161 million multiply-adds for a 28 x 28 image.
  ///
  /// Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition",
  /// 2015; in this form in Kabir, Abdar, Jalali et al., "SpinalNet: deep neural network with
  /// gradual input", 2020, who train it for 200 epochs. An epoch of MNIST takes minutes, so the recipe
  /// here has two.
  public static let vgg = ModelPreset(
    name: "vgg", abstract: "VGG-5: ten convolutions, 64 to 256 filters; slow",
    recipe: [
      "epochs": 2, "batch_size": 128, "optimizer": "sgd", "lr": 0.05, "momentum": 0.9,
      "nesterov": true, "weight_decay": 0.0005, "scheduler": "cosine", "warmup_epochs": 0.25,
      "label_smoothing": 0.1,
    ],
    shapedBy: [
      "hidden", "filters", "kernel_size", "activation", "dropout", "spatial_dropout", "batch_norm",
    ],
    filterCount: 4
  ) { options in
    let style = LayerStyle(options, isPadded: true, normalizes: true)
    var layers: [any LayerDescription] = []
    for (block, count) in (options.filters ?? [64, 128, 256, 256]).enumerated() {
      for _ in 0..<(block < 2 ? 2 : 3) { layers += style.convolution(count) }
      layers.append(MaxPool(2))
    }
    layers += [Flatten()] + style.dropout(0.5)
    for units in options.hidden ?? [512] { layers += style.dense(units) + style.dropout(0.5) }
    return layers + [Dense(.classes)]
  }
}
