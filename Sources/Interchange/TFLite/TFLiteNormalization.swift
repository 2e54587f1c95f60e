extension TFLiteBuilder {
  /// Adds the operators of a normalization of single items, of which there is none: over the channels
  /// of each group at all places of an image `[1, H, W, C]`, or over groups of a row `[1, C]`.
  ///
  /// - Parameters:
  ///   - node: the normalization, whose output has its input's shape.
  ///   - x: the input.
  ///   - y: the output.
  mutating func addNormalization(
    _ norm: GraphNormalization, groups: Int, _ node: GraphNode, _ x: Int, to y: Int
  ) {
    let (name, columns) = (node.name, norm.scale.count)
    let shape = [1, node.count / columns, groups, columns / groups]
    let groupsOfInput = add("\(name)/groups", shape)
    addReshape(x, to: groupsOfInput)
    let mean = addMean("\(name)/mean", of: groupsOfInput, shape)
    let centred = add("\(name)/centred", shape)
    add(.subtract, [groupsOfInput, mean], to: centred, options: Self.plain)
    let squares = add("\(name)/squares", shape)
    add(.multiply, [centred, centred], to: squares, options: Self.plain)
    let variance = addMean("\(name)/variance", of: squares, shape)
    let bounded = add("\(name)/bounded", [1, 1, groups, 1])
    add(
      .add, [variance, constant("\(name).epsilon", [norm.epsilon], [1])], to: bounded,
      options: Self.plain)
    let factor = add("\(name)/factor", [1, 1, groups, 1])
    add(.reciprocalRoot, [bounded], to: factor)
    let normalized = add("\(name)/normalized", shape)
    add(.multiply, [centred, factor], to: normalized, options: Self.plain)
    let whole = add("\(name)/whole", [1] + node.shape)
    addReshape(normalized, to: whole)
    addScaleShift(name, norm.scale, norm.shift, whole, to: y)
  }

  /// Adds the mean of each group.
  ///
  /// - Parameter shape: of the groups, `[1, places, groups, channels]`.
  private mutating func addMean(_ name: String, of x: Int, _ shape: [Int]) -> Int {
    let mean = add(name, [1, 1, shape[2], 1])
    let axes = constant("\(name)/axes", [1, 3] as [Int32])
    // Extents of 1 are kept.
    add(.mean, [x, axes], to: mean, options: [0: .byte(1)])
    return mean
  }

  /// No activation behind it.
  private static let plain: [Int: FlatValue] = [0: .byte(0)]
}
