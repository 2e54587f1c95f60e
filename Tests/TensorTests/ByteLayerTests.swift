import Support
import Tensor
import Testing

@Suite struct ByteLayerTests {
  /// A layer's numbers, and its definition in plain loops.
  struct Example: CustomTestStringConvertible {
    let geometry: ConvolutionGeometry
    /// How numbers are drawn: all of them, or the ends alone.
    let areExtreme: Bool
    var testDescription: String { "\(geometry)\(areExtreme ? ", extreme" : "")" }

    static let all = [
      geometry(28, 28, channels: 1, filters: 6, kernel: 5, padding: 2),
      geometry(9, 7, channels: 3, filters: 33, kernel: 3, stride: 2),
      geometry(7, 7, channels: 16, filters: 48, kernel: 3, padding: 1),
      geometry(4, 5, channels: 7, filters: 1, kernel: 1),
      geometry(1, 1, channels: 785, filters: 47, kernel: 1),
      geometry(1, 1, channels: 2, filters: 100, kernel: 1),
    ].flatMap { g in [false, true].map { Example(geometry: g, areExtreme: $0) } }

    private static func geometry(
      _ height: Int, _ width: Int, channels: Int, filters: Int, kernel: Int, stride: Int = 1,
      padding: Int = 0
    ) -> ConvolutionGeometry {
      ConvolutionGeometry(
        height: height, width: width, channels: channels, filters: filters, kernelSize: kernel,
        stride: stride, padding: padding)
    }
  }

  /// Numbers that a test needs, one after the other.
  private struct Draw {
    var random = RandomStream(seed: 5, purpose: .testing)
    let areExtreme: Bool

    mutating func byte() -> Int8 {
      Int8(areExtreme ? (random.below(2) == 0 ? -128 : 127) : random.below(256) - 128)
    }
  }

  @Test(arguments: Example.all)
  func everyInstructionSetGivesThePlainLoopsBits(_ example: Example) {
    let (g, count) = (example.geometry, 3)
    var draw = Draw(areExtreme: example.areExtreme)
    let x = (0..<count * g.height * g.width * g.channels).map { _ in draw.byte() }
    let depth = g.kernelSize * g.kernelSize * g.channels
    let weight = (0..<g.filters * depth).map { _ in draw.byte() }
    let bias = (0..<g.filters).map { _ in Int32(draw.byte()) * 9001 }
    let multipliers = (0..<g.filters).map { _ in
      Int32(1 << 30 + draw.random.below(1 << 30))
    }
    // So that results are spread over all bytes, and some lie beyond.
    let shifts = (0..<g.filters).map { _ in Int32(34 + draw.random.below(9)) }
    for zero in [-128, 127, 3] {
      let wanted = plain(x, weight, bias, multipliers, shifts, zero, g, count)
      for level in ByteLevel.usable {
        for threads in [1, 3] {
          let device = Device(threads: threads, byteLevel: level)
          let layer = ByteLayer(
            weight: weight, bias: bias, multipliers: multipliers, shifts: shifts, inputZero: zero,
            outputZero: -zero - 1, g, for: device)
          #expect(device.apply(layer, to: x, count: count) == wanted, "\(level), zero \(zero)")
        }
      }
    }
  }

  private func plain(
    _ x: [Int8], _ weight: [Int8], _ bias: [Int32], _ multipliers: [Int32], _ shifts: [Int32],
    _ zero: Int, _ g: ConvolutionGeometry, _ count: Int
  ) -> [Int8] {
    let depth = g.kernelSize * g.kernelSize * g.channels
    var result: [Int8] = []
    for image in 0..<count {
      for row in 0..<g.outputHeight {
        for column in 0..<g.outputWidth {
          for filter in 0..<g.filters {
            var sum = Int(bias[filter])
            for place in 0..<depth {
              let (tap, channel) = (place / g.channels, place % g.channels)
              let y = row * g.stride + tap / g.kernelSize - g.padding
              let across = column * g.stride + tap % g.kernelSize - g.padding
              guard (0..<g.height).contains(y), (0..<g.width).contains(across) else { continue }
              let index = ((image * g.height + y) * g.width + across) * g.channels + channel
              sum += (Int(x[index]) - zero) * Int(weight[filter * depth + place])
            }
            let shift = Int(shifts[filter])
            let value = (sum * Int(multipliers[filter]) + 1 << (shift - 1)) >> shift
            result.append(Int8(max(-128, min(127, value - zero - 1))))
          }
        }
      }
    }
    return result
  }

  @Test func aWindowsLargestByteIsTaken() {
    var draw = Draw(areExtreme: false)
    for g in [
      PoolingGeometry(height: 7, width: 6, channels: 5, size: 3, stride: 2),
      PoolingGeometry(height: 8, width: 8, channels: 32, size: 2, stride: 2),
    ] {
      let size = g.height * g.width * g.channels
      let x = (0..<3 * size).map { _ in draw.byte() }
      var wanted: [Int8] = []
      for image in 0..<3 {
        for row in 0..<g.outputHeight {
          for column in 0..<g.outputWidth {
            for channel in 0..<g.channels {
              let window = (0..<g.size * g.size).map { place in
                let (y, across) = (
                  row * g.stride + place / g.size, column * g.stride + place % g.size
                )
                return x[image * size + (y * g.width + across) * g.channels + channel]
              }
              wanted.append(window.max()!)
            }
          }
        }
      }
      for level in ByteLevel.usable {
        #expect(Device(threads: 2, byteLevel: level).maxPool(x, count: 3, g) == wanted)
      }
    }
  }

  @Test func vnniBelongsToTheWidestInstructionSetAlone() {
    #expect(ByteLevel(widestOf: .portable) == .portable && ByteLevel(widestOf: .avx2) == .avx2)
    #expect([.vnni, .avx512].contains(ByteLevel(widestOf: .avx512)))
    for level in SIMDLevel.usable { #expect(ByteLevel(widestOf: level).isUsable) }
  }
}
