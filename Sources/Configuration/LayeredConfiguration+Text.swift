import Support

extension LayeredConfiguration {
  /// The content of `config.json`: every option with its value or `null`, and who decided it.
  public var json: JSONObject {
    var members: JSONObject = ["schema": 1]
    var origins = JSONObject()
    for option in ConfigurationOption.all {
      members[option.name] = option.json(in: configuration)
      origins[option.name] = .string(sources[option.name].rawValue)
    }
    members["sources"] = .object(origins)
    return members
  }

  /// Every option with its value and who decided it, as an aligned table.
  public var table: String {
    let rows =
      [("option", "value", "source")]
      + ConfigurationOption.all.map {
        ($0.name, $0.text(in: configuration) ?? "-", sources[$0.name].rawValue)
      }
    let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0)
    return rows.map {
      $0.0.padded(right: widths.0) + "  " + $0.1.padded(right: widths.1) + "  " + $0.2 + "\n"
    }.joined()
  }
}
