import Support
import Tensor

extension Model {
  /// Makes the filters of the first convolution whiten the patches of `images`: half of them are
  /// the eigenvectors of the patches' matrix of second moments, divided by the root of their
  /// eigenvalue, the largest first; the other half are their negatives, so that nothing is lost
  /// behind a ReLU. Filters beyond twice the numbers of a patch stay as they are.
  ///
  /// As in airbench (Jordan, "94% on CIFAR-10 in 3.29 seconds on a single A100", 2024), which keeps
  /// these filters, where here they learn like all others.
  ///
  /// - Parameters:
  ///   - images: `[N, H, W, C]`, as the model sees them.
  ///   - epsilon: added to the eigenvalues.
  /// - Throws: ``ModelError/nothingToWhiten(model:)`` if no convolution sees the images themselves.
  public func whitenFirstConvolution(_ images: Tensor, epsilon: Double = 5e-4) throws {
    let weighted = layers.first { !$0.parameters.isEmpty }
    guard let layer = weighted, layer.inputShape == inputShape,
      let weight = layer.parameters.first, weight.layout == .convolution
    else { throw ModelError.nothingToWhiten(model: description.name) }
    let moments = patchMoments(images, kernelSize: weight.value.shape[0])
    let (values, vectors) = eigen(of: moments)
    let (filters, length) = (weight.value.shape[3], values.count)
    let pairs = min(length, filters / 2)
    for pair in 0..<pairs {
      let factor = 1 / (max(0, values[pair]) + epsilon).squareRoot()
      for index in 0..<length {
        let value = Float(vectors[pair][index] * factor)
        weight.value[index * filters + pair] = value
        weight.value[index * filters + pairs + pair] = -value
      }
    }
  }
}

/// The mean of the products of any two numbers of a patch, over all patches of the images. A patch
/// is in the order row, column, channel.
func patchMoments(_ images: Tensor, kernelSize: Int) -> [[Double]] {
  let (count, height, width) = (images.shape[0], images.shape[1], images.shape[2])
  let (line, row) = (width * images.shape[3], kernelSize * images.shape[3])
  let length = kernelSize * row
  var sums = [Double](repeating: 0, count: length * length)
  var patch = [Double](repeating: 0, count: length)
  var patches = 0.0
  for image in 0..<count {
    for y in 0...height - kernelSize {
      for x in 0...width - kernelSize {
        let corner = (image * height + y) * line + x * images.shape[3]
        for i in 0..<length { patch[i] = Double(images[corner + i / row * line + i % row]) }
        addProducts(patch, to: &sums, length)
        patches += 1
      }
    }
  }
  return (0..<length).map { a in
    (0..<length).map { b in sums[max(a, b) * length + min(a, b)] / patches }
  }
}

/// Adds to the lower triangle of `sums`.
private func addProducts(
  _ patch: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>, _ length: Int
) {
  for a in 0..<length {
    for b in 0...a { sums[a * length + b] += patch[a] * patch[b] }
  }
}
