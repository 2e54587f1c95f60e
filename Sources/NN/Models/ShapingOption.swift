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
    case groups
    /// An activation of this name.
    case activation(String)
  }

  public var name: String { setting.name }

  /// The name as flags have it: `kernel-size`.
  var flagName: String { name.replacing("_", with: "-") }

  /// Every option, in the order of help.
  public static let all = layers + activationParameters + shares + normalization

  private static let layers: [ShapingOption] = [
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
      "activation", .name(of: "activation", in: ActivationKind.allCases.map(\.rawValue)), "NAME",
      help: "nonlinearity between layers"
    ) { $0.activationName = $1 },
  ]

  /// An option for each activation that has a parameter.
  private static let activationParameters: [ShapingOption] =
    ActivationKind.allCases.compactMap { kind in
      kind.parameter.map { parameter in
        .init(
          parameter.option, .number(in: parameter.range), "X", with: .activation(kind.rawValue),
          help: "\(parameter.help) (without: \(parameter.usualText))"
        ) { $0.activationParameters[parameter.option] = $1 }
      }
    }

  private static let shares: [ShapingOption] = [
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
  ]

  private static let normalization: [ShapingOption] = [
    .init(
      "batch_norm", .truth, of: .normalization,
      help: "batch normalization after each layer, or none"
    ) { $0.batchNorm = $1 },
    .init(
      "norm", .name(of: "normalization", in: NormalizationKind.allCases.map(\.rawValue)), "NAME",
      of: .normalization, help: "normalization after each layer: over the batch, groups of channels"
    ) { $0.norm = NormalizationKind(rawValue: $1) },
    .init(
      "norm_groups", .wholeNumber(in: 1...65_536), "N", of: .normalization, with: .groups,
      help: "groups of channels, for group normalization (without: 8)"
    ) { $0.groupNormalization.groups = $1 },
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
  /// Layers that can be normalized.
  case normalization
}

extension ActivationKind.Parameter {
  /// What it is where nobody says: `1` and not `1.0`.
  fileprivate var usualText: String {
    usual == usual.rounded() ? "\(Int(usual))" : "\(usual)"
  }
}
