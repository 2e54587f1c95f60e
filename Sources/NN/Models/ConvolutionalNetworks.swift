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
    parts: [.hidden, .filters, .convolutions, .normalization]
  ) { settings in
    var style = LayerStyle(settings, normalizes: true)
    let filters = style.filters ?? [32, 48, 96, 128]
    var layers: [any LayerDescription] = []
    for (index, count) in filters.enumerated() {
      let isLast = index == filters.count - 1
      style.isPadded = !isLast || filters.count == 1
      layers += style.convolution(count)
      if index < 2 && !isLast { layers.append(MaxPool(2)) }
    }
    layers.append(GlobalAvgPool())
    for units in style.hidden ?? [] {
      layers += [Dense(.count(units)), style.activation]
    }
    return layers + style.dropout(0.1) + [Dense(.classes)]
  }
}

extension ModelPreset {
  /// The convolutional network of Keras' introductory example, with a dense layer before the
  /// last: 3 x 3 convolutions of 32 and 64 filters without padding, max pooling behind each, 128
  /// hidden units, dropout. First weights are drawn as Keras does.
  ///
  /// Chollet, "Simple MNIST convnet", keras.io, 2015; the hidden layer is that of Keras' older
  /// example `mnist_cnn.py`.
  public static let cnn2 = ModelPreset(
    name: "cnn-2", abstract: "two convolutions, 32 and 64 filters, 128 units",
    recipe: [
      "epochs": 15, "batch_size": 64, "optimizer": "adam", "lr": 0.001, "scheduler": "constant",
      "init": "glorot", "val_split": 0.1,
    ],
    parts: [.hidden, .filters, .convolutions, .normalization],
    filterCount: 2
  ) { settings in
    let style = LayerStyle(settings)
    var layers: [any LayerDescription] = []
    for count in style.filters ?? [32, 64] { layers += style.convolution(count) + [MaxPool(2)] }
    layers.append(Flatten())
    for units in style.hidden ?? [128] { layers += style.dense(units) }
    return layers + style.dropout(0.5) + [Dense(.classes)]
  }
}

extension ModelPreset {
  /// Three blocks of a padded 3 x 3 convolution, ReLU and max pooling, of 32, 64 and 128 filters,
  /// and a dense layer of 128 units. With padding the blocks leave 14, 7 and 3 pixels a side.
  ///
  /// The filters are those of the convolutional network in Chollet, "Deep learning with Python",
  /// second edition, 2021, chapter 8, as is RMSprop, with Keras' numbers.
  public static let cnn3 = ModelPreset(
    name: "cnn-3", abstract: "three convolutions, 32 to 128 filters, 128 units",
    recipe: [
      "epochs": 10, "batch_size": 64, "optimizer": "rmsprop", "lr": 0.001, "rho": 0.9,
      "epsilon": 1e-7, "scheduler": "constant", "init": "glorot",
    ],
    parts: [.hidden, .filters, .convolutions, .normalization],
    filterCount: 3
  ) { settings in
    let style = LayerStyle(settings, isPadded: true)
    var layers: [any LayerDescription] = []
    for count in style.filters ?? [32, 64, 128] {
      layers += style.convolution(count) + [MaxPool(2)]
    }
    layers.append(Flatten())
    for units in style.hidden ?? [128] { layers += style.dense(units) }
    return layers + style.dropout(0) + [Dense(.classes)]
  }
}

extension ModelPreset {
  /// LeNet-5 as it is used today: 5 x 5 convolutions of 6 and 16 filters, dense layers of 120 and
  /// 84 units, with ReLU and max pooling where the original has tanh and trained subsampling.
  ///
  /// LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition",
  /// 1998.
  public static let leNet5 = ModelPreset(
    name: "lenet5", abstract: "LeNet-5: 6 and 16 filters, 120 and 84 units",
    recipe: [
      "epochs": 10, "batch_size": 128, "optimizer": "adam", "lr": 0.001, "scheduler": "constant",
    ],
    parts: [.hidden, .filters, .convolutions, .normalization],
    filterCount: 2
  ) { settings in
    let style = LayerStyle(settings, kernelSize: 5)
    var layers: [any LayerDescription] = []
    for count in style.filters ?? [6, 16] { layers += style.convolution(count) + [MaxPool(2)] }
    layers.append(Flatten())
    for units in style.hidden ?? [120, 84] { layers += style.dense(units) + style.dropout(0) }
    return layers + [Dense(.classes)]
  }
}

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
    parts: [.hidden, .filters, .convolutions, .normalization],
    filterCount: 4
  ) { settings in
    let style = LayerStyle(settings, isPadded: true, normalizes: true)
    var layers: [any LayerDescription] = []
    for (block, count) in (style.filters ?? [64, 128, 256, 256]).enumerated() {
      for _ in 0..<(block < 2 ? 2 : 3) { layers += style.convolution(count) }
      layers.append(MaxPool(2))
    }
    layers += [Flatten()] + style.dropout(0.5)
    for units in style.hidden ?? [512] { layers += style.dense(units) + style.dropout(0.5) }
    return layers + [Dense(.classes)]
  }
}
