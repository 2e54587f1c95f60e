import Support

/// A trained network as other programs get it.
public struct ExportedNetwork: Sendable {
  /// `cnn`
  public let name: String
  public let graph: InferenceGraph
  /// What people call the classes, in the order of the logits.
  public let labels: [String]
  /// What logits are divided by before they become probabilities.
  public let temperature: Float
  /// The score below which an image is no character, that of the fact `score`; `nil` accepts all.
  public let threshold: Float?
  /// What else is known, by a checkpoint's keys, for formats that have a place for it.
  public let facts: [(key: String, value: String)]
  /// The same in whole numbers of eight bits, if those are to be written.
  public var quantized: QuantizedGraph?
  /// The weights as PyTorch names and lays them out, nothing folded.
  public let tensors: [SafetensorsTensor]

  public init(
    name: String, graph: InferenceGraph, labels: [String], temperature: Float = 1,
    threshold: Float? = nil, facts: [(key: String, value: String)] = [],
    tensors: [SafetensorsTensor] = []
  ) {
    self.name = name
    self.graph = graph
    self.labels = labels
    self.temperature = temperature
    self.threshold = threshold
    self.facts = facts
    self.tensors = tensors
  }

  /// That of the program which writes it, if it said so.
  public var version: String { facts.first { $0.key == "emnist.version" }?.value ?? "" }

  /// What logits mean.
  public func probabilities(of logits: [Float]) -> [Float] {
    softmax(of: logits.map { $0 / temperature })
  }

  /// All facts, by their keys.
  var factsJSON: JSONValue {
    var object: JSONObject = [:]
    for (key, value) in facts { object[key] = .string(value) }
    return .object(object)
  }

  /// `dataset`'s value for `emnist.dataset`; empty if nobody said it.
  func fact(_ key: String) -> String {
    facts.first { $0.key == "emnist.\(key)" }?.value ?? ""
  }
}
