import Support

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
    shapedBy: [
      "hidden", "filters", "kernel_size", "activation", "dropout", "spatial_dropout", "batch_norm",
    ],
    filterCount: 3
  ) { options in
    let style = LayerStyle(options, isPadded: true)
    var layers: [any LayerDescription] = []
    for count in options.filters ?? [32, 64, 128] {
      layers += style.convolution(count) + [MaxPool(2)]
    }
    layers.append(Flatten())
    for units in options.hidden ?? [128] { layers += style.dense(units) }
    return layers + style.dropout(0) + [Dense(.classes)]
  }
}
