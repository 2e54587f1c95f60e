import Support
import Tensor
import Testing
import TestSupport

@testable import NN

@Suite struct WhiteningTests {
  /// Images whose neighbouring pixels are alike, as those of characters.
  private func images(channels: Int = 1) -> Tensor {
    let noise = Tensor.random([20, 9, 9, channels], seed: 3)
    let images = Tensor(zeros: [20, 8, 8, channels])
    for image in 0..<20 {
      for y in 0..<8 {
        for x in 0..<8 {
          for c in 0..<channels {
            func at(_ y: Int, _ x: Int) -> Float {
              noise[((image * 9 + y) * 9 + x) * channels + c]
            }
            images[((image * 8 + y) * 8 + x) * channels + c] =
              at(y, x) + at(y + 1, x) + at(y, x + 1) + 0.5
          }
        }
      }
    }
    return images
  }

  private func model(filters: Int, channels: Int = 1) throws -> Model {
    try Model(
      ModelDescription(
        name: "m",
        layers: [
          Conv2D(filters, kernelSize: 3), Activation(.relu), Flatten(), Dense(.classes),
        ]),
      inputShape: [8, 8, channels], classes: 3, on: Device(threads: 1))
  }

  @Test(arguments: [1, 2]) func whitenedPatchesHaveUnitMoments(channels: Int) throws {
    let images = images(channels: channels)
    let length = 9 * channels
    let model = try model(filters: 2 * length + 4, channels: channels)
    let before = model.parameters[0].value.copy()
    // Without the constant that keeps small eigenvalues from exploding.
    try model.whitenFirstConvolution(images, epsilon: 0)
    let weight = model.parameters[0].value.values
    let filters = 2 * length + 4
    let moments = patchMoments(images, kernelSize: 3)
    for a in 0..<length {
      for b in 0..<length {
        var moment = 0.0
        for i in 0..<length {
          for j in 0..<length {
            moment +=
              Double(weight[i * filters + a]) * moments[i][j] * Double(weight[j * filters + b])
          }
        }
        #expect(abs(moment - (a == b ? 1 : 0)) < 1e-5, "\(a), \(b)")
      }
    }
    for i in 0..<length {
      for pair in 0..<length {
        #expect(weight[i * filters + length + pair] == -weight[i * filters + pair])
      }
      // The filters for which there are no directions left.
      for filter in 2 * length..<filters {
        #expect(weight[i * filters + filter] == before.values[i * filters + filter])
      }
    }
  }

  @Test func fewFiltersTakeTheStrongestDirections() throws {
    let images = images()
    let model = try model(filters: 3)
    let before = model.parameters[0].value.copy().values
    try model.whitenFirstConvolution(images)
    let weight = model.parameters[0].value.values
    let (values, vectors) = eigen(of: patchMoments(images, kernelSize: 3))
    #expect(values == values.sorted(by: >))
    for i in 0..<9 {
      let expected = vectors[0][i] / (values[0] + 5e-4).squareRoot()
      #expect(abs(Double(weight[3 * i]) - expected) < 1e-6)
      #expect(weight[3 * i + 1] == -weight[3 * i])
      #expect(weight[3 * i + 2] == before[3 * i + 2])
    }
  }

  @Test func momentsAreTheMeansOfProducts() {
    let image = Tensor([1, 2, 3, 4, 5, 6], shape: [1, 2, 3, 1])
    // Patches 1 2 4 5 and 2 3 5 6.
    let moments = patchMoments(image, kernelSize: 2)
    #expect(moments[0] == [2.5, 4, 7, 8.5])
    #expect(moments[3] == [8.5, 14, 25, 30.5])
  }

  @Test func eigenvectorsKeepTheirDirection() {
    let matrix: [[Double]] = [[4, 1, 0], [1, 3, -2], [0, -2, 1]]
    let (values, vectors) = eigen(of: matrix)
    #expect(values.count == 3 && vectors.count == 3)
    for (value, vector) in zip(values, vectors) {
      for row in 0..<3 {
        let image = (0..<3).reduce(0.0) { $0 + matrix[row][$1] * vector[$1] }
        #expect(abs(image - value * vector[row]) < 1e-13)
      }
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-13)
    }
    #expect(eigen(of: [[2]]).values == [2])
    #expect(eigen(of: [[1, 0], [0, 3]]).values == [3, 1])
  }

  @Test func aModelWithoutAFirstConvolutionIsRefused() throws {
    let model = try Model(
      ModelPreset.mlpSmall.description(), inputShape: [8, 8, 1], classes: 3,
      on: Device(threads: 1))
    let error = #expect(throws: ModelError.self) { try model.whitenFirstConvolution(images()) }
    #expect(
      error?.description
        == "'init' whitening needs a convolution as the first layer with weights, which the model "
        + "'mlp-small' is without; choose another initializer")
    #expect(error?.exitCode == .usage)
  }
}
