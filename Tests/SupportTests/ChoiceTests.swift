import Support
import Testing

extension Setting<Double> {
  fileprivate static var rate: Self { Self("rate", .number(above: 0), "X", help: "how fast") }
  fileprivate static var decay: Self { Self("decay", .number(in: 0..<1), "X", help: "how short") }
}

extension Setting<Int> {
  fileprivate static var gears: Self {
    Self("gears", .wholeNumber(in: 1...9), "N", help: "how many")
  }
}

/// Ways to travel.
private struct Vehicle: Choice {
  let name: String
  var abstract: String { name }
  let uses: [SettingUse]

  static let all = [
    Vehicle(name: "feet", uses: [.init(.rate, 1), .init(.decay, 0.5)]),
    Vehicle(name: "bicycle", uses: [.init(.rate, 5), .init(.gears, nil, note: "default: all")]),
    Vehicle(name: "train", uses: [.init(.rate, 40), .init(.gears, 1), .init(.decay, 0)]),
  ]
}

@Suite struct ChoiceTests {
  @Test func aSettingStandsBeforeWhatFollowsItInItsFirstChoice() {
    #expect(Vehicle.settings.map(\.name) == ["rate", "decay", "gears"])
    struct Late: Choice {
      let name: String
      var abstract: String { "" }
      let uses: [SettingUse]
      static let all = [
        Late(name: "a", uses: [.init(.rate, 1), .init(.decay, 0)]),
        Late(name: "b", uses: [.init(.gears, 1), .init(.decay, 0)]),
      ]
    }
    #expect(Late.settings.map(\.name) == ["rate", "gears", "decay"])
  }

  @Test func helpSaysWhoUsesASetting() {
    #expect(Vehicle.users(of: "rate") == "")
    #expect(Vehicle.users(of: "decay") == ": all but bicycle")
    #expect(Vehicle.users(of: "gears") == ": bicycle (default: all), train")
  }

  @Test func whatNobodyGaveIsTheChoicesDefault() throws {
    let bicycle = try #require(Vehicle.named("bicycle"))
    var given = Settings()
    given[.rate] = 7
    given[.decay] = 0.25
    #expect(bicycle.values(given)[.rate] == 7 && bicycle.values(Settings())[.rate] == 5)
    #expect(bicycle.values(given).given(.gears) == nil)
    #expect(bicycle.defaults != given && Vehicle.named("car") == nil)
    given[.rate] = 5
    given[.decay] = nil
    #expect(bicycle.defaults == given)
  }

  @Test func aSettingReadsWhatItsKindReads() throws {
    var settings = Settings()
    try settings.set(Setting.gears, to: .text("3"))
    #expect(settings[.gears] == 3 && settings.has("gears") && !settings.has("rate"))
    #expect(throws: ValueProblem.outOfBounds("from 1 to 9")) {
      try settings.set(Setting.gears, to: .json(10))
    }
    #expect(
      throws: ValueProblem.unknownChoice("car", of: "vehicle", choices: Vehicle.all.map(\.name))
    ) {
      try ValueKind<Vehicle>.choice(of: "vehicle").value(.text("car"))
    }
  }
}
