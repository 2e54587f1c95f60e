import Support
import Tensor

/// A set of classes that synthetic handwriting is drawn for, after EMNIST's splits.
///
/// Sample `index` of a set is a pure function of generator and index; its class is `index` modulo
/// the number of classes, so that every run of indices is balanced. Ranges that do not overlap,
/// such as one for training and one for testing, share no sample.
public enum GlyphSet: String, CaseIterable, Sendable {
  /// The 47 classes of EMNIST Balanced: 15 small letters share a class with their capitals.
  case balanced47
  /// All 62 characters. Some pairs, such as O and o, can hardly be told apart.
  case byclass62
  /// 26 classes, each of a capital and its small letter. Class 0 is A, label 1 in EMNIST's files.
  case letters26
  /// The ten digits.
  case digits10

  /// The characters of each class; the first names it.
  public var classes: [[Character]] {
    let all = GlyphGenerator.characters
    switch self {
    case .balanced47:
      let separate = Set("abdefghnqrt")
      return all[..<10].map { [$0] }
        + zip(all[10..<36], all[36...]).map { separate.contains($1) ? [$0] : [$0, $1] }
        + all[36...].filter { separate.contains($0) }.map { [$0] }
    case .byclass62: return all.map { [$0] }
    case .letters26: return zip(all[10..<36], all[36...]).map { [$0, $1] }
    case .digits10: return all[..<10].map { [$0] }
    }
  }

  /// The name of each class: the first of its characters.
  public var labels: [String] { classes.map { String($0[0]) } }

  /// Draws the samples of `indices` with `generator`, in an order that depends on its seed and on
  /// `indices` alone.
  ///
  /// `pixels` takes 28 × 28 bytes a sample, upright; `labels` takes its class, from 0: both from
  /// place `first` on. A class of two characters has them in turns.
  public func fill(
    _ indices: Range<Int>, using generator: GlyphGenerator,
    pixels: inout [UInt8], labels: inout [UInt16], from first: Int = 0
  ) {
    let size = GlyphGenerator.side * GlyphGenerator.side
    precondition(indices.lowerBound >= 0, "sample indices count from 0")
    let end = first + indices.count
    precondition(pixels.count >= end * size, "28 × 28 bytes a sample are needed")
    precondition(labels.count >= end, "a label a sample is needed")
    let classes = classes
    var order = Array(indices)
    var random = RandomStream(
      seed: generator.seed, purpose: .shuffling, major: indices.lowerBound, minor: indices.count)
    random.shuffle(&order)
    for (place, index) in order.enumerated() {
      let label = index % classes.count
      let characters = classes[label]
      let character = characters[index / classes.count % characters.count]
      generator.draw(character, index: index, into: &pixels, from: (first + place) * size)
      labels[first + place] = UInt16(label)
    }
  }
}
