import Support
import Tensor

/// Makes batches of a selection: images stay bytes in memory and become normalized floats only in
/// the batch's tensor.
public struct Batches {
  public let selection: Selection
  private let augmenter: Augmenter?
  private let scale: Float
  private let shift: Float
  /// Positions in the selection, in the order in which batches take them.
  private var order: [Int32]

  /// Batches in the selection's own order.
  ///
  /// - Parameters:
  ///   - statistics: what makes a pixel `p` of 0 to 255 the input
  ///     `(p / 255 − mean) / standardDeviation`.
  ///   - augmenter: what varies the images, if they are to be trained on.
  public init(
    _ selection: Selection, normalizedBy statistics: Normalization, augmenter: Augmenter? = nil
  ) {
    self.selection = selection
    self.augmenter = augmenter
    scale = Float(1 / (255 * statistics.standardDeviation))
    shift = Float(-statistics.mean / statistics.standardDeviation)
    order = Array(0..<Int32(selection.count))
  }

  /// The number of images.
  public var count: Int { order.count }

  /// Puts the images into the random order of an epoch (from 0): the same for the same seed.
  public mutating func shuffle(seed: UInt64, epoch: Int) {
    for i in order.indices { order[i] = Int32(i) }
    var random = RandomStream(seed: seed, purpose: .shuffling, major: epoch)
    random.shuffle(&order)
  }

  /// Writes the images at `positions` of the order into `input`, `[count, H, W, 1]`, and their
  /// class indices into the beginning of `labels`. They are varied as `epoch`, from 0, says.
  public func fill(
    _ positions: Range<Int>, epoch: Int = 0, input: Tensor, labels: inout [UInt16],
    on device: Device
  ) {
    let images = selection.images
    let size = images.imageSize
    precondition(input.count == positions.count * size, "fill: \(input.shape)")
    precondition(labels.count >= positions.count, "fill: \(labels.count) labels")
    for (i, position) in positions.enumerated() {
      labels[i] = selection.label(at: Int(order[position]))
    }
    let augmenter = augmenter.flatMap { $0.isActive(epoch: epoch) ? $0 : nil }
    // About 10 microseconds' work.
    device.forEachRange(of: positions.count, grain: augmenter == nil ? 32 : 4) { range, worker in
      for i in range {
        let image = Int(selection.indices[Int(order[positions.lowerBound + i])])
        let bytes = images.pixels.span.extracting(image * size..<(image + 1) * size)
        let target = input.items(from: i, count: 1)
        if let augmenter {
          augmenter.fill(
            bytes, image: image, epoch: epoch, scale: scale, shift: shift, worker: worker,
            on: device, into: target)
        } else {
          device.normalize(bytes, scale: scale, shift: shift, into: target)
        }
      }
    }
  }
}
