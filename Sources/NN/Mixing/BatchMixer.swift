import Support
import Tensor

/// Makes of each image of a batch a mixture with another one of it, and two classes of its label.
///
/// Mixup blends: `share · x + (1 − share) · partner` (Zhang, Cissé, Dauphin and Lopez-Paz, "mixup:
/// beyond empirical risk minimization", 2018). Cutmix pastes a box of the partner whose area is
/// `1 − share` of the image's, and takes the share from what lies inside the image (Yun et al.,
/// "CutMix", 2019). As in the papers' programs a batch has one share, from `Beta(α, α)`, and the
/// partners are a permutation of it. If both are in use, each batch draws one of them.
public final class BatchMixer {
  private let mixupAlpha: Double
  private let cutmixAlpha: Double
  private let originals: Tensor
  private var partners: [Int32]

  /// Mixes batches of up to `batch` images of `shape` `[H, W, C]`.
  ///
  /// - Parameters:
  ///   - mixup: the α of mixup; 0 if it is not in use.
  ///   - cutmix: the α of cutmix; 0 if it is not in use. One of the two is above 0.
  public init(mixup: Double, cutmix: Double, shape: Shape, batch: Int) {
    precondition(mixup >= 0 && cutmix >= 0 && mixup + cutmix > 0, "BatchMixer: nothing to do")
    mixupAlpha = mixup
    cutmixAlpha = cutmix
    originals = Tensor(zeros: shape.batched(batch))
    partners = [Int32](repeating: 0, count: batch)
  }

  /// Mixes the normalized images `[N, H, W, C]` in place and completes their targets.
  ///
  /// - Parameter index: the number of the batch since the training began.
  public func mix(
    _ images: Tensor, _ targets: inout Targets, seed: UInt64, index: Int, on device: Device
  ) {
    let count = images.shape[0]
    var random = RandomStream(seed: seed, purpose: .mixing, major: index)
    let pastes = cutmixAlpha > 0 && (mixupAlpha == 0 || random.bits() & 1 == 1)
    let alpha = pastes ? cutmixAlpha : mixupAlpha
    targets.share = random.beta(alpha, alpha)
    for i in 0..<count { partners[i] = Int32(i) }
    random.shuffle(&partners, first: count)
    for i in 0..<count { targets.partners[i] = targets.labels[Int(partners[i])] }
    let originals = originals.prefix(images.shape)
    originals.assign(images)
    if pastes {
      let box = MixingBox(
        share: targets.share, height: images.shape[1], width: images.shape[2], &random)
      targets.share = box.remainingShare
      device.pasteBox(
        of: originals, at: partners, rows: box.rows, columns: box.columns, into: images)
    } else {
      device.blendItems(of: originals, at: partners, into: images, share: Float(targets.share))
    }
  }
}

/// The box that cutmix pastes: of the image's proportions, around a pixel drawn at random, cut off
/// at the image's edges.
struct MixingBox {
  let rows: Range<Int>
  let columns: Range<Int>
  /// The share of the pixels outside.
  let remainingShare: Double

  init(share: Double, height: Int, width: Int, _ random: inout RandomStream) {
    let side = (1 - share).squareRoot()
    func range(of size: Int, around center: Int) -> Range<Int> {
      let half = Int(Double(size) * side) / 2
      return max(0, center - half)..<min(size, center + half)
    }
    columns = range(of: width, around: random.below(width))
    rows = range(of: height, around: random.below(height))
    remainingShare = 1 - Double(rows.count * columns.count) / Double(height * width)
  }
}
