import Interchange
import NN
import Support

// What `last.safetensors` keeps of a training beside the weights.

extension WeightUpdate {
  /// The optimizer's state as `optimizer.…`, and the average of the weights, if there is one, under
  /// the weights' names behind `ema.`.
  func tensors(of model: Model, steps: Int) -> [SafetensorsTensor] {
    let state = optimizer.state(of: model.parameters).map {
      SafetensorsTensor(name: "optimizer.\($0.name)", $0.value, layout: .same)
    }
    guard average != nil else { return state }
    let averages = withBestWeights { model.torchTensors(steps: steps) }.map {
      SafetensorsTensor(name: "ema.\($0.name)", dtype: $0.dtype, shape: $0.shape, bytes: $0.bytes)
    }
    return state + averages
  }

  /// `emnist.plateau`: the rate, the best value and the epochs without a better one.
  var metadata: [(key: String, value: String)] {
    guard let state = plateau?.state else { return [] }
    var object: JSONObject = ["lr": .number(state.rate), "bad_epochs": .integer(state.badEpochs)]
    object["best"] = state.best.map { .number($0) } ?? .null
    return [("emnist.plateau", JSONValue.object(object).text())]
  }
}
