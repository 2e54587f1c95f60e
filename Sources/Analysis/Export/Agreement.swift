import Datasets
import Interchange
import Support

/// The images on which a written file is compared with the program.
public struct ProofImages: Sendable {
  public let selection: Selection
  /// What they are, for a person: `validation part`.
  public let origin: String
  /// Whether their labels are those of the run's classes.
  public let areLabelled: Bool

  /// Multiply-adds that plain loops do in some seconds.
  private static let work = 6_000_000_000
  private static let fewest = 16

  /// Some of a selection's images, fewer of a large network's.
  ///
  /// - Parameter most: of the images.
  public init(
    _ selection: Selection, origin: String, multiplyAdds: Int, areLabelled: Bool = true,
    most: Int = 300
  ) {
    let count = max(Self.fewest, min(most, Self.work / max(1, multiplyAdds)))
    self.selection = selection.limited(to: count, seed: 0)
    self.origin = origin
    self.areLabelled = areLabelled
  }

  /// Raw pixels, 0 to 255, of each.
  var pixels: [[Float]] {
    selection.indices.map { selection.images.image(Int($0)).map { Float($0) } }
  }

  /// Drawn characters, or where they would not fit random pixels: where there is nothing else.
  public static func drawn(height: Int, width: Int, multiplyAdds: Int) -> ProofImages {
    if let glyphs = SyntheticData.shipped.dataset(.test).test,
      (glyphs.height, glyphs.width) == (height, width)
    {
      return ProofImages(
        Selection(glyphs), origin: "synthetic handwriting", multiplyAdds: multiplyAdds,
        areLabelled: false)
    }
    return ProofImages(height: height, width: width, multiplyAdds: multiplyAdds)
  }

  private init(height: Int, width: Int, multiplyAdds: Int) {
    var random = RandomStream(seed: 0, purpose: .sampling)
    let pixels = (0..<64 * height * width).map { _ in UInt8(random.below(256)) }
    self.init(
      Selection(
        ImageSet(
          height: height, width: width, pixels: pixels, labels: [UInt16](repeating: 0, count: 64))),
      origin: "random pixels", multiplyAdds: multiplyAdds, areLabelled: false)
  }
}

/// How far what a file computes is from what the program does.
public struct Agreement: Sendable {
  /// How many images were compared.
  public let count: Int
  /// The share of images whose most probable class is the same.
  public let sameAnswers: Double
  public let largestDifference: Float
  /// The largest magnitude of a logit.
  public let largestLogit: Float
  /// The shares of right answers; `nil` without labels.
  public let accuracy: (program: Double, file: Double)?

  /// What the largest difference may be.
  public var tolerance: Float { 1e-4 * max(1, largestLogit) }
  public var isGood: Bool { largestDifference <= tolerance }

  /// - Parameters:
  ///   - function: what the file computes.
  ///   - logits: the program's, `[N, C]`.
  ///   - transposed: whether the file takes images with rows and columns swapped.
  init(
    of function: NetworkFormat.LogitFunction, with logits: [Float], on images: ProofImages,
    transposed: Bool
  ) {
    let selection = images.selection
    let classes = logits.count / max(1, selection.count)
    var (same, right, difference): (Int, (program: Int, file: Int), Float) = (0, (0, 0), 0)
    for position in 0..<selection.count {
      let image = selection.images.image(Int(selection.indices[position])).map { Float($0) }
      let found = function(
        transposed ? image.transposedImage(width: selection.images.width) : image)
      let wanted = logits[position * classes..<(position + 1) * classes]
      for (a, b) in zip(found, wanted) where !(abs(a - b) <= difference) {
        difference = (a - b).isNaN ? .infinity : abs(a - b)
      }
      let answers = (program: Array(wanted).firstOfLargest, file: found.firstOfLargest)
      if answers.program == answers.file { same += 1 }
      let label = Int(selection.label(at: position))
      if answers.program == label { right.program += 1 }
      if answers.file == label { right.file += 1 }
    }
    func share(_ part: Int) -> Double { Double(part) / Double(max(1, selection.count)) }
    count = selection.count
    sameAnswers = share(same)
    largestDifference = difference
    largestLogit = logits.reduce(0) { max($0, abs($1)) }
    accuracy = images.areLabelled ? (share(right.program), share(right.file)) : nil
  }
}

extension [Float] {
  /// An image's columns as rows.
  fileprivate func transposedImage(width: Int) -> [Float] {
    let height = count / width
    return indices.map { self[$0 % height * width + $0 / height] }
  }
}

/// A file that does not compute what the program does.
public struct ExportDisagreement: UserError {
  public let path: String
  public let agreement: Agreement

  public var exitCode: ExitCode { .software }
  public var description: String {
    "\(path): its logits differ from the program's by up to \(agreement.largestDifference), "
      + "\(agreement.tolerance) is allowed; the file was removed, and this is a fault of emnist, "
      + "please report it"
  }
}
