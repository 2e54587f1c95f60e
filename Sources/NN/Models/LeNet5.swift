import Support

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
    shapedBy: [
      "hidden", "filters", "kernel_size", "activation", "dropout", "spatial_dropout", "batch_norm",
    ],
    filterCount: 2
  ) { options in
    let style = LayerStyle(options, kernelSize: 5)
    var layers: [any LayerDescription] = []
    for count in options.filters ?? [6, 16] { layers += style.convolution(count) + [MaxPool(2)] }
    layers.append(Flatten())
    for units in options.hidden ?? [120, 84] { layers += style.dense(units) + style.dropout(0) }
    return layers + [Dense(.classes)]
  }
}
