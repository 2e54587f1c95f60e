import Support

/// What the HPARAMS tab of TensorBoard shows of several trainings: their parameters, and the numbers
/// by which they are compared.
public struct TensorBoardExperiment: Sendable {
  public enum Kind: Int, Sendable { case string = 1, truth, number }

  /// The tab shows these columns and no others, so none must be missing.
  public let parameters: [(name: String, kind: Kind)]
  /// The tag of a scalar.
  public let metric: String

  public init(parameters: [(name: String, kind: Kind)], metric: String) {
    self.parameters = parameters
    self.metric = metric
  }

  fileprivate func write(to experiment: inout ProtobufMessage) {
    for (name, kind) in parameters {
      experiment.add(4) {
        $0.add(1, name)
        $0.add(4, kind.rawValue)
      }
    }
    experiment.add(5) { metric in
      metric.add(1) { $0.add(2, self.metric) }
      metric.add(5, 2)  // of the validation part
    }
  }
}

/// How a training of an experiment went.
public enum TensorBoardStatus: Int, Sendable { case success = 1, failure, running }

extension TensorBoardEvents {
  /// Adds the experiment that this training belongs to.
  public mutating func add(_ experiment: TensorBoardExperiment, step: Int, time: Double) {
    addPluginData(
      "experiment", step: step, time: time,
      ProtobufMessage {
        $0.add(2, experiment.write)
      })
  }

  /// Adds the parameters of this training, of the experiment's kinds.
  public mutating func addParameters(
    _ values: [(name: String, value: JSONValue)], step: Int, time: Double
  ) {
    addPluginData(
      "session_start_info", step: step, time: time,
      ProtobufMessage { data in
        data.add(3) { info in
          for (name, value) in values {
            info.add(1) { entry in
              entry.add(1, name)
              entry.add(2) { $0.add(value) }
            }
          }
          info.add(5, time)
        }
      })
  }

  /// Adds how the training ended.
  public mutating func addEnd(_ status: TensorBoardStatus, step: Int, time: Double) {
    addPluginData(
      "session_end_info", step: step, time: time,
      ProtobufMessage {
        $0.add(4) {
          $0.add(1, status.rawValue)
          $0.add(2, time)
        }
      })
  }
}

extension ProtobufMessage {
  /// The field of a `google.protobuf.Value`.
  fileprivate mutating func add(_ value: JSONValue) {
    if let number = value.double {
      add(2, number)
    } else if let truth = value.bool {
      add(4, truth)
    } else {
      add(3, value.string ?? value.text())
    }
  }
}
