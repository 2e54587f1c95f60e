extension CoreMLWriter {
  /// Adds the layers of a normalization of single items: each group of channels becomes one channel,
  /// whose mean is taken from it and which is divided by its deviation; then comes scale and shift.
  ///
  /// The layer `mvn` is not used, because its specification does not say whether epsilon is added to the
  /// variance or to the deviation.
  ///
  /// - Parameter node: the normalization, whose output has its input's shape, channels last.
  mutating func addNormalization(
    _ norm: GraphNormalization, groups: Int, _ node: GraphNode, _ x: [String]
  ) {
    let (name, columns) = (node.name, norm.scale.count)
    let (rows, width) = node.shape.count == 3 ? (node.shape[0], node.shape[1]) : (1, 1)
    addReshape("\(name)/groups", x, [groups, columns / groups * rows, width])
    addMean("\(name)/mean", ["\(name)/groups"])
    addActivation("\(name)/negative", ["\(name)/mean"], 5) { $0.add(1, -1 as Float) }
    add("\(name)/centred", ["\(name)/groups", "\(name)/negative"], 230) { _ in }
    add("\(name)/squares", ["\(name)/centred", "\(name)/centred"], 231) { _ in }
    addMean("\(name)/variance", ["\(name)/squares"])
    add("\(name)/factor", ["\(name)/variance"], 220) { function in
      // 1 / sqrt(x + epsilon)
      function.add(1, 1)
      function.add(2, 1 as Float)
      function.add(3, norm.epsilon)
      function.add(5, 1 as Float)
    }
    add("\(name)/normalized", ["\(name)/centred", "\(name)/factor"], 231) { _ in }
    addReshape("\(name)/whole", ["\(name)/normalized"], [columns, rows, width])
    addScaleShift(name, ["\(name)/whole"], norm.scale, norm.shift)
  }

  /// - Parameter shape: `[C, H, W]`, in which the numbers stand in their order.
  private mutating func addReshape(_ name: String, _ x: [String], _ shape: [Int]) {
    add(name, x, 300) { $0.add(1, packed: shape) }
  }

  /// Adds the mean of each channel.
  private mutating func addMean(_ name: String, _ x: [String]) {
    add(name, x, 280) { reduction in
      // The mean, over height and width.
      reduction.add(1, 1)
      reduction.add(3, 1)
    }
  }
}
