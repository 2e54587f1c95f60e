import Configuration
import Support

/// A model's layers with what they cost, as `emnist models cnn` shows them.
public enum LayerText {
  /// A line a layer, the totals, and what the weights and a training take of the memory.
  ///
  /// - Parameters:
  ///   - trainingBytes: what a training in batches of `batch` takes, an estimate.
  public static func text(
    _ model: ModelSummary, batch: Int, trainingBytes: Int, for terminal: Terminal
  ) -> String {
    var table = Table([
      .left("layer"), .left("type", rank: 3), .left("output", rank: 1),
      .right("parameters", rank: 2), .right("multiply-adds", rank: 4),
    ])
    table.add(["input", "", shape(model.inputShape, terminal)])
    for layer in model.layers {
      let type = "\(layer.type) \(layer.detail.replacing(" x ", with: times(terminal)))"
      table.add([
        indentation(layer) + layer.name, type.withoutTrailingSpace,
        shape(layer.outputShape, terminal),
        unlessZero(layer.parameters), unlessZero(layer.multiplyAdds),
      ])
    }
    table.addRule()
    table.add(["total", "", "", grouped(model.parameters), grouped(model.multiplyAdds)])
    let title = Style(terminal)(.bold, model.name.shown) + " for \(model.classes) classes"
    let training =
      "training in batches of \(batch) takes about \(byteCount(trainingBytes)) beside the images"
    return "\(title)\n\n\(table.text(for: terminal))\n" + terminal.wrapped(size(of: model))
      + terminal.wrapped(training)
  }

  private static func size(of model: ModelSummary) -> String {
    let statistics =
      model.statistics > 0 ? " and \(grouped(model.statistics)) running statistics" : ""
    return "\(grouped(model.parameters)) parameters\(statistics), 4 bytes each: "
      + byteCount(model.bytes)
  }

  private static func indentation(_ layer: ModelSummary.Layer) -> String {
    String(repeating: "  ", count: layer.depth)
  }

  private static func unlessZero(_ count: Int) -> String { count == 0 ? "" : grouped(count) }

  private static func shape(_ extents: [Int], _ terminal: Terminal) -> String {
    extents.map(String.init).joined(separator: times(terminal))
  }

  private static func times(_ terminal: Terminal) -> String {
    terminal.allowsUnicode ? " × " : " x "
  }
}

/// Models side by side, as `emnist models` shows the presets.
public enum ModelTable {
  /// A line a model; `abstracts` has one text for each.
  public static func text(
    _ models: [ModelSummary], abstracts: [String], for terminal: Terminal
  ) -> String {
    var table = Table([
      .left("model"), .right("parameters"), .right("multiply-adds", rank: 1),
      .phrases("what it is"),
    ])
    for (model, abstract) in zip(models, abstracts) {
      table.add([model.name, grouped(model.parameters), grouped(model.multiplyAdds), abstract])
    }
    return table.text(for: terminal)
  }
}
