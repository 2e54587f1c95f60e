import Support
import Tensor

/// One thing that a person may change about a preset: a row of ``all``, from which its flag, keys,
/// help, the sentence where it does not apply and its effect come.
public struct ShapingOption: Sendable {
  public let setting: any AnySetting
  /// What a preset must have for it; `nil`: nothing.
  let part: PresetPart?
  /// What must be there as well when it is given.
  let partner: Partner?
  private let change: @Sendable (inout LayerStyle, Settings) -> Void

  /// Something else about the model that an option is of use with only.
  enum Partner: Sendable {
    case normalization
    /// An activation of this name.
    case activation(String)
  }

  public var name: String { setting.name }

  /// The name as flags have it: `kernel-size`.
  var flagName: String { name.replacing("_", with: "-") }

  /// Every option, in the order of help.
  public static let all: [ShapingOption] = [
    .init(
      "hidden", .wholeNumbers(in: 1...65_536), "N,N", of: .hidden,
      help: "width of each hidden dense layer"
    ) { $0.hidden = $1 },
    .init(
      "filters", .wholeNumbers(in: 1...4_096), "N,N", of: .filters,
      help: "filters of each convolution"
    ) { $0.filters = $1 },
    .init(
      "kernel_size", .wholeNumber(in: 1...28), "N", of: .convolutions,
      help: "rows and columns of a convolution's filter"
    ) { $0.kernelSize = $1 },
    .init(
      "activation", .name(of: "activation", in: ActivationFunction.names), "NAME",
      help: "nonlinearity between layers"
    ) { $0.activationName = $1 },
    .init(
      "negative_slope", .number(in: 0..<1), "X", with: .activation("leaky_relu"),
      help: "slope of leaky_relu below zero (without: 0.01)"
    ) { $0.negativeSlope = $1 },
    .init(
      "elu_alpha", .number(in: 0..<100), "X", with: .activation("elu"),
      help: "what elu falls to below zero, as -X (without: 1)"
    ) { $0.eluAlpha = $1 },
    .init(
      "dropout", .number(in: 0..<1), "P", help: "share of values dropped in training"
    ) { $0.dropoutRate = $1 },
    .init(
      "spatial_dropout", .number(in: 0..<1), "P", of: .convolutions,
      help: "share of channels dropped behind each convolution (without: 0)"
    ) { $0.spatialDropout = $1 },
    .init(
      "drop_path", .number(in: 0..<1), "P", of: .branches,
      help: "stochastic depth: share of images that skip the last residual branch, fewer the "
        + "earlier ones (without: 0)"
    ) { $0.dropPath = $1 },
    .init(
      "batch_norm", .truth, of: .normalization, help: "batch normalization after each layer"
    ) { $0.normalizes = $1 },
    .init(
      "batch_norm_momentum", .number(in: 0..<1), "X", of: .normalization, with: .normalization,
      help: "weight of a batch in the running statistics (without: 0.1)"
    ) { $0.normalization.momentum = $1 },
    .init(
      "batch_norm_epsilon", .number(in: 0..<1), "X", of: .normalization, with: .normalization,
      help: "added to the variance (without: 1e-5)"
    ) { $0.normalization.epsilon = $1 },
    .init(
      "batch_norm_frozen", .truth, of: .normalization, with: .normalization,
      help: "train with the running statistics, and leave them, for --init-from"
    ) { $0.normalization.frozen = $1 },
  ]

  private init<Value>(
    _ name: String, _ kind: ValueKind<Value>, _ placeholder: String? = nil,
    of part: PresetPart? = nil, with partner: Partner? = nil, help: String,
    _ change: @escaping @Sendable (inout LayerStyle, Value) -> Void
  ) {
    let setting = Setting(name, kind, placeholder, help: help)
    self.setting = setting
    self.part = part
    self.partner = partner
    self.change = { style, settings in
      if let value = settings[setting] { change(&style, value) }
    }
  }

  /// Changes a preset's style as far as somebody wants it changed.
  static func shape(_ style: inout LayerStyle, _ settings: Settings) {
    for option in all { option.change(&style, settings) }
  }
}

/// What some presets have and others have not, so that options can shape it.
enum PresetPart: Sendable {
  /// Hidden dense layers.
  case hidden
  /// Convolutions whose number of filters can be chosen.
  case filters
  /// Convolutions one after the other, of any kernel.
  case convolutions
  /// Residual branches.
  case branches
  /// Layers that can be normalized over the batch.
  case normalization
}
