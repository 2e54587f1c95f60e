import NN
import Support
import Tensor

extension TensorBoardEvents {
  /// Adds a picture, for the tab "Images".
  ///
  /// - Parameter png: the file of a picture of so many pixels.
  public mutating func addImage(
    _ tag: String, png: [UInt8], width: Int, height: Int, step: Int, time: Double
  ) {
    addValue(tag, step: step, time: time) { value in
      value.add(4) { image in
        image.add(1, height)
        image.add(2, width)
        // Red, green and blue.
        image.add(3, 3)
        image.add(4, bytes: png)
      }
    }
  }

  /// Adds a text in Markdown, for the tab "Text".
  public mutating func addText(_ tag: String, _ text: String, step: Int, time: Double) {
    addValue(tag, step: step, time: time) { value in
      value.add(8) { tensor in
        // A single string.
        tensor.add(1, 7)
        tensor.add(2) { _ in }
        tensor.add(8, text)
      }
      value.add(9) { metadata in
        metadata.add(1) { $0.add(1, "text") }
        metadata.add(4, 2)
      }
    }
  }

  /// Adds what a model computes, for the tab "Graphs": a node for each layer, those within another
  /// layer in a group of its name.
  public mutating func addGraph(_ model: ModelOutline, time: Double) {
    var graph = TensorBoardGraph()
    graph.addNode(
      "image", "Placeholder", inputs: [], shape: model.inputShape.array, options: [:])
    let logits = graph.add(model.chain, named: "", to: "image")
    graph.addNode(
      "probabilities", "Softmax", inputs: [logits], shape: [model.classes], options: [:])
    add(time: time, step: 0) { $0.add(4, bytes: graph.message.bytes) }
  }

  private mutating func addValue(
    _ tag: String, step: Int, time: Double, _ content: (inout ProtobufMessage) -> Void
  ) {
    add(time: time, step: step) { event in
      event.add(5) { summary in
        summary.add(1) { value in
          value.add(1, tag)
          content(&value)
        }
      }
    }
  }
}

/// A `GraphDef` that is being made.
///
/// tensorflow/tensorflow, `graph.proto`, `node_def.proto` and `attr_value.proto`. TensorBoard takes a
/// slash in a name for the end of a group's.
private struct TensorBoardGraph {
  private(set) var message = ProtobufMessage()

  /// Adds the layers of a chain behind a node.
  ///
  /// - Returns: the name of the last one.
  mutating func add(_ chain: ChainOutline, named prefix: String, to input: String) -> String {
    var last = input
    for element in chain.elements {
      let name = prefix.isEmpty ? element.name : "\(prefix)/\(element.name)"
      let type = type(of: element.description).type
      var inputs = [last]
      let branches = element.outline.branches
      if !branches.isEmpty {
        inputs = branches.map { branch in
          add(
            branch.chain, named: branch.prefix.isEmpty ? name : "\(name)/\(branch.prefix)", to: last
          )
        }
        // What it gets beside its only branch.
        if branches.count == 1 { inputs.append(last) }
      }
      last = branches.isEmpty ? name : "\(name)/\(type)"
      var options = branches.isEmpty ? element.description.options : [:]
      options["parameters"] = .integer(element.outline.parameters)
      addNode(
        last, type, inputs: inputs, shape: element.outline.outputShape.array, options: options)
    }
    return last
  }

  /// - Parameter shape: of one item's output.
  mutating func addNode(
    _ name: String, _ type: String, inputs: [String], shape: [Int], options: JSONObject
  ) {
    message.add(1) { node in
      node.add(1, name)
      node.add(2, type)
      for input in inputs { node.add(3, input) }
      node.addAttribute("_output_shapes") { value in
        value.add(1) { list in
          list.add(7) { tensor in
            // As many items as there are.
            for extent in [-1] + shape { tensor.add(2) { $0.add(1, extent) } }
          }
        }
      }
      for (key, option) in options {
        node.addAttribute(key) { $0.add(2, option.string ?? option.text()) }
      }
    }
  }
}

extension ProtobufMessage {
  /// Adds an entry of a node's map of attributes.
  fileprivate mutating func addAttribute(
    _ name: String, _ value: (inout ProtobufMessage) -> Void
  ) {
    add(5) { entry in
      entry.add(1, name)
      entry.add(2, value)
    }
  }
}
