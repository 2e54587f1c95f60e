import Support

extension Settings {
  /// The members of an object, each a setting of `known`.
  public init(_ object: JSONObject, of known: [any AnySetting]) {
    self.init()
    for (name, value) in object {
      guard let setting = known.first(where: { $0.name == name }),
        (try? set(setting, to: .json(value))) != nil
      else { preconditionFailure("no setting takes \(name): \(value.text())") }
    }
  }
}
