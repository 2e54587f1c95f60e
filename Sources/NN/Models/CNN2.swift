import Support

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
    shapedBy: [
      "hidden", "filters", "kernel_size", "activation", "dropout", "spatial_dropout", "batch_norm",
    ],
    filterCount: 2
  ) { options in
    let style = LayerStyle(options)
    var layers: [any LayerDescription] = []
    for count in options.filters ?? [32, 64] { layers += style.convolution(count) + [MaxPool(2)] }
    layers.append(Flatten())
    for units in options.hidden ?? [128] { layers += style.dense(units) }
    return layers + style.dropout(0.5) + [Dense(.classes)]
  }
}
