import Support

extension CharacterForm {
  /// As a checkpoint keeps it.
  public var json: JSONObject {
    [
      "centering": .string(centering.rawValue), "ink": .string(isInkDark ? "dark" : "bright"),
      "longer_side": longerSide.json, "x": x.json, "y": y.json, "stroke": stroke.json,
      "softness": softness.json,
    ]
  }

  /// Reads what ``json`` wrote; `nil` for anything else.
  public init?(_ json: JSONObject) {
    guard let centering = json["centering"]?.string.flatMap(Centering.init),
      let ink = json["ink"]?.string, ink == "dark" || ink == "bright",
      let longerSide = Spread(json["longer_side"], 1...4096), let x = Spread(json["x"], 0...4096),
      let y = Spread(json["y"], 0...4096), let stroke = Spread(json["stroke"], 1e-3...4096),
      let softness = Spread(json["softness"], 0...4096)
    else { return nil }
    (self.centering, isInkDark) = (centering, ink == "dark")
    (self.longerSide, self.x, self.y) = (longerSide, x, y)
    (self.stroke, self.softness) = (stroke, softness)
  }

  /// The form for a checkpoint that was written before forms were measured: that of MNIST's images
  /// for the sets known to have it, else that of EMNIST's, enlarged to the height of the images.
  public static func known(ofDataset name: String, height: Int) -> CharacterForm {
    let isMNIST = [.mnist, .qmnist].contains(KnownDataset(rawValue: name))
    let scale = Double(height) / 28
    func spread(_ numbers: Double...) -> Spread { Spread(numbers.map { $0 * scale }) }
    return isMNIST
      ? CharacterForm(
        centering: .mass, longerSide: spread(18.9, 19.7, 19.97, 20, 20.2),
        x: spread(13.8, 14.1, 14.5, 14.9, 15.1), y: spread(13.8, 14.1, 14.5, 14.9, 15.1),
        stroke: spread(1.3, 1.77, 2.34, 3.24, 5), softness: spread(0.6, 0.93, 1.06, 1.14, 1.4))
      : CharacterForm(
        centering: .box, longerSide: spread(18, 20.6, 22.5, 23.7, 25),
        x: spread(13.2, 13.8, 14.01, 14.2, 14.8), y: spread(13.3, 13.9, 14.01, 14.2, 14.8),
        stroke: spread(1.4, 2.08, 2.84, 3.92, 5.6), softness: spread(0.8, 1.2, 1.67, 2.2, 3.2))
  }

  private init(
    centering: Centering, longerSide: Spread, x: Spread, y: Spread, stroke: Spread,
    softness: Spread
  ) {
    (self.centering, isInkDark) = (centering, false)
    (self.longerSide, self.x, self.y) = (longerSide, x, y)
    (self.stroke, self.softness) = (stroke, softness)
  }
}

extension CharacterForm.Spread {
  fileprivate var json: JSONValue {
    .array([least, low, median, high, most].map(JSONValue.number))
  }

  /// Five numbers, none lower than the one before.
  fileprivate init(_ numbers: [Double]) {
    (least, low, median) = (numbers[0], numbers[1], numbers[2])
    (high, most) = (numbers[3], numbers[4])
  }

  fileprivate init?(_ json: JSONValue?, _ bounds: ClosedRange<Double>) {
    guard let numbers = json?.array?.compactMap(\.double), numbers.count == 5,
      numbers.allSatisfy(bounds.contains), zip(numbers, numbers.dropFirst()).allSatisfy(<=)
    else { return nil }
    self.init(numbers)
  }
}
