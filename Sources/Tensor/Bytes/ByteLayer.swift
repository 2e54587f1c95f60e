import KernelBodies

/// The weights of a convolution or of a dense layer in whole numbers of eight bits, packed for the
/// kernels of a device.
///
/// For each output the sum `bias + Σ (x − zeroPoint) · w`, exact in 32 bits, becomes
/// `⌊(sum · multiplier + 2^(shift−1)) / 2^shift⌋` and the output's zero point, bounded by -128 and 127.
public struct ByteLayer: Sendable {
  /// A dense layer is a convolution over images of one pixel.
  public let geometry: ConvolutionGeometry
  let inputZero: Int
  let outputZero: Int32
  /// Panels of columns one after the other; in each, for each word of a sum, those of its columns.
  let words: [Int32]
  /// For each column, to the end of the last panel.
  let biases: [Int32]
  let multipliers: [Int32]
  let shifts: [Int32]
  let level: ByteLevel
  /// The words of each run, which is a row of the kernel.
  let runWords: Int

  /// - Parameters:
  ///   - weight: for each output those of a window, row by row, channels innermost.
  ///   - bias: for each output, as are `multipliers`, of 2^30 and more, and `shifts`, 1 to 62.
  public init(
    weight: [Int8], bias: [Int32], multipliers: [Int32], shifts: [Int32],
    inputZero: Int, outputZero: Int, _ geometry: ConvolutionGeometry, for device: Device
  ) {
    let kernels = device.byteKernels
    let length = geometry.kernelSize * geometry.channels
    precondition(weight.count == geometry.filters * geometry.kernelSize * length, "weights")
    precondition(!geometry.pooling, "a layer of bytes has no pooling behind it")
    self.geometry = geometry
    self.inputZero = inputZero
    self.outputZero = Int32(outputZero)
    level = device.byteLevel
    runWords = (length * kernels.factorBytes + 3) / 4
    let columns = (geometry.filters + kernels.tileLanes - 1) / kernels.tileLanes * kernels.tileLanes
    func padded(_ values: [Int32], by value: Int32) -> [Int32] {
      values + [Int32](repeating: value, count: columns - values.count)
    }
    self.multipliers = padded(multipliers, by: 1 << 30)
    self.shifts = padded(shifts, by: 30)
    let packed = Packing(weight, geometry, runWords: runWords, factorBytes: kernels.factorBytes)
    words = packed.words(columns: columns, lanes: kernels.tileLanes)
    // Unsigned bytes are the numbers and 128, so that each weight counts once too often for each step
    // from there to the zero point. Turns of 32 bits go back the way they came.
    biases = padded(
      kernels.factorBytes == 2
        ? bias
        : zip(bias, packed.sums).map { $0 &- $1 &* Int32(128 + inputZero) }, by: 0)
  }

  /// Weights on their way into words.
  private struct Packing {
    let weight: [Int8]
    let geometry: ConvolutionGeometry
    let runWords: Int
    let factorBytes: Int

    init(
      _ weight: [Int8], _ geometry: ConvolutionGeometry, runWords: Int, factorBytes: Int
    ) {
      (self.weight, self.geometry) = (weight, geometry)
      (self.runWords, self.factorBytes) = (runWords, factorBytes)
    }

    /// Panels of two vectors, and of one at the end if it does.
    func words(columns: Int, lanes: Int) -> [Int32] {
      let depth = geometry.kernelSize * runWords
      var result = [Int32](repeating: 0, count: depth * columns)
      for first in stride(from: 0, to: columns, by: 2 * lanes) {
        let width = min(2 * lanes, columns - first)
        for column in first..<min(first + width, geometry.filters) {
          for place in 0..<depth {
            result[depth * first + place * width + column - first] = word(place, of: column)
          }
        }
      }
      return result
    }

    /// A word of an output's weights, the first of them in the lowest bits, zeros beyond a run.
    private func word(_ place: Int, of output: Int) -> Int32 {
      let length = geometry.kernelSize * geometry.channels
      let (run, first) = (place / runWords, place % runWords * 4 / factorBytes)
      let start = (output * geometry.kernelSize + run) * length
      let mask: UInt32 = factorBytes == 1 ? 0xFF : 0xFFFF
      var bits: UInt32 = 0
      for (number, index) in (first..<min(first + 4 / factorBytes, length)).enumerated() {
        let factor = UInt32(bitPattern: Int32(weight[start + index])) & mask
        bits |= factor << UInt32(8 * factorBytes * number)
      }
      return Int32(bitPattern: bits)
    }

    /// The sum of each output's weights.
    var sums: [Int32] {
      let count = weight.count / max(1, geometry.filters)
      return (0..<geometry.filters).map { output in
        weight[output * count..<(output + 1) * count].reduce(0) { $0 &+ Int32($1) }
      }
    }
  }
}
