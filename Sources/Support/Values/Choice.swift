/// One of several ways to do something, described beside its type: an optimizer, a schedule, a
/// loss. The values of an option such as `--optimizer`, what belongs to each of them, defaults, help
/// and errors all come from the list of its kind.
public protocol Choice: Equatable, Sendable {
  /// Every choice, in the order of help.
  static var all: [Self] { get }

  /// What a person writes: `one_cycle`.
  var name: String { get }
  /// A few words for help.
  var abstract: String { get }
  /// The settings that it uses.
  var uses: [SettingUse] { get }
}

extension Choice {
  /// The choice of this name, if there is one.
  public static func named(_ name: String) -> Self? { all.first { $0.name == name } }

  public static func == (a: Self, b: Self) -> Bool { a.name == b.name }

  /// The defaults of what it uses.
  public var defaults: Settings {
    var settings = Settings()
    for use in uses { use.setDefault(&settings) }
    return settings
  }

  /// What it is made with: the values that were given, and its defaults for the rest.
  public func values(_ given: Settings) -> ChoiceValues {
    ChoiceValues(settings: given.filled(with: defaults))
  }
}

/// That a choice uses a setting, and how.
public struct SettingUse: Sendable {
  public let setting: any AnySetting
  /// What is particular about it, for help: `decoupled`.
  public let note: String?
  let setDefault: @Sendable (inout Settings) -> Void

  /// - Parameter usual: the value where nobody gives one; `nil` if the choice derives one.
  public init<Value>(_ setting: Setting<Value>, _ usual: Value?, note: String? = nil) {
    self.setting = setting
    self.note = note
    setDefault = { $0[setting] = usual }
  }

  public var name: String { setting.name }
}

/// The values of what a choice uses.
public struct ChoiceValues: Sendable {
  let settings: Settings

  /// The value of a setting that the choice uses with a default.
  public subscript<Value>(setting: Setting<Value>) -> Value {
    guard let value = settings[setting] else {
      preconditionFailure("a choice has no default for '\(setting.name)'")
    }
    return value
  }

  /// The value of a setting without a default, if somebody gave it.
  public func given<Value>(_ setting: Setting<Value>) -> Value? { settings[setting] }
}

extension Choice {
  /// What any of the choices uses, once each: a setting stands before what follows it in the first
  /// choice that uses it.
  public static var settings: [any AnySetting] {
    var result: [any AnySetting] = []
    for choice in all {
      var place = result.count
      for use in choice.uses.reversed() {
        if let known = result.firstIndex(where: { $0.name == use.name }) {
          place = known
        } else {
          result.insert(use.setting, at: place)
        }
      }
    }
    return result
  }

  /// Who uses the setting of this name, as the end of its help: `: sgd, muon`, or nothing if all
  /// do.
  public static func users(of name: String) -> String {
    let uses = all.map { choice in (choice.name, choice.uses.first { $0.name == name }) }
    let users = uses.compactMap { name, use in use.map { (name: name, note: $0.note) } }
    let others = uses.filter { $0.1 == nil }.map(\.0)
    let noted = users.filter { $0.note != nil }
    if noted.isEmpty, others.count < 2 {
      return others.first.map { ": all but \($0)" } ?? ""
    }
    let listed = others.isEmpty ? noted : users
    let texts = listed.map { user in user.note.map { "\(user.name) (\($0))" } ?? user.name }
    return ": " + texts.joined(separator: ", ")
  }
}
