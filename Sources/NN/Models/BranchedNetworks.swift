import Support
import Tensor

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
    parts: [.filters, .branches, .normalization]
  ) { settings in
    let style = LayerStyle(settings, isPadded: true, normalizes: true)
    let filters = style.filters ?? [32, 64]
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
    parts: [.filters, .normalization]
  ) { settings in
    let style = LayerStyle(settings, isPadded: true, normalizes: true)
    var channels = 32
    var layers: [any LayerDescription] = [style.plainConvolution(channels), MaxPool(2)]
    for (block, growth) in (style.filters ?? [32, 32]).enumerated() {
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

extension ModelPreset {
  /// A small vision transformer: 49 patches of 4 x 4 pixels as tokens of 64 numbers, learned places,
  /// four blocks of attention with four heads and of a perceptron of 128 units with GELU, each
  /// normalized first and added to what was there, the mean over the tokens. 7.6 million
  /// multiply-adds for a 28 x 28 image.
  ///
  /// Dosovitskiy, Beyer, Kolesnikov et al., "An image is worth 16 x 16 words: transformers for image
  /// recognition at scale", 2021; the mean instead of a class token as in Beyer, Zhai and
  /// Kolesnikov, "Better plain ViT baselines for ImageNet-1k", 2022.
  public static let viT = ModelPreset(
    name: "vit", abstract: "vision transformer: 49 patches, four blocks, four heads",
    recipe: [
      "epochs": 8, "batch_size": 128, "optimizer": "adamw", "lr": 0.002, "weight_decay": 0.05,
      "scheduler": "cosine", "warmup_epochs": 1.0, "label_smoothing": 0.1, "init": "glorot",
    ],
    parts: [.hidden, .branches]
  ) { settings in
    let style = LayerStyle(settings, activation: .gelu)
    let width = 64
    // Adam moves a number by about the learning rate: places that begin at 0.02, as they do where
    // training takes days, would not tell the tokens apart for most of a short one.
    var layers: [any LayerDescription] = [
      Patches(4), Dense(.count(width)), PositionalEmbedding(deviation: 0.5),
    ]
    let widths = style.hidden ?? [128, 128, 128, 128]
    for (index, units) in widths.enumerated() {
      let dropPath = style.dropPath(block: index + 1, of: widths.count)
      layers.append(
        Residual([LayerNorm(), Attention(heads: 4)] + style.dropout(0.1), dropPath: dropPath))
      layers.append(
        Residual(
          [LayerNorm(), Dense(.count(units)), style.activation, Dense(.count(width))]
            + style.dropout(0.1), dropPath: dropPath))
    }
    return layers + [LayerNorm(), GlobalAvgPool(), Dense(.classes)]
  }
}
