import Support
import Tensor

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
    shapedBy: ["hidden", "activation", "dropout", "drop_path"]
  ) { options in
    let style = LayerStyle(options)
    let width = 64
    let activation = Activation(options.activation ?? .gelu)
    // Adam moves a number by about the learning rate: places that begin at 0.02, as they do where
    // training takes days, would not tell the tokens apart for most of a short one.
    var layers: [any LayerDescription] = [
      Patches(4), Dense(.count(width)), PositionalEmbedding(deviation: 0.5),
    ]
    let widths = options.hidden ?? [128, 128, 128, 128]
    for (index, units) in widths.enumerated() {
      let dropPath = style.dropPath(block: index + 1, of: widths.count)
      layers.append(
        Residual([LayerNorm(), Attention(heads: 4)] + style.dropout(0.1), dropPath: dropPath))
      layers.append(
        Residual(
          [LayerNorm(), Dense(.count(units)), activation, Dense(.count(width))]
            + style.dropout(0.1), dropPath: dropPath))
    }
    return layers + [LayerNorm(), GlobalAvgPool(), Dense(.classes)]
  }
}
