import Tensor

/// An image read at the places that a map and a displacement say, interpolated between four
/// pixels, from 0 to 255: the definition, in double precision.
///
/// - Parameters:
///   - displacement: what is added to the place of each pixel, in pixels.
public func resamplingReference(
  _ image: [UInt8], height: Int, width: Int, thickness: Int = 0, map: ProjectiveMap,
  displacement: (_ column: Int, _ row: Int) -> (x: Double, y: Double) = { _, _ in (0, 0) }
) -> [Double] {
  let source = thickenedReference(image, height: height, width: width, thickness: thickness)
  func pixel(_ x: Int, _ y: Int) -> Double {
    (0..<width).contains(x) && (0..<height).contains(y) ? source[y * width + x] : 0
  }
  var result: [Double] = []
  for row in 0..<height {
    for column in 0..<width {
      let (u, v) = (Double(column) - Double(width - 1) / 2, Double(row) - Double(height - 1) / 2)
      let divisor = 1 + Double(map.tilt.x) * u + Double(map.tilt.y) * v
      let moved = displacement(column, row)
      let x = row3(map.xRow, u, v) / divisor + Double(width - 1) / 2 + moved.x
      let y = row3(map.yRow, u, v) / divisor + Double(height - 1) / 2 + moved.y
      let (left, top) = (x.rounded(.down), y.rounded(.down))
      let (fx, fy, ix, iy) = (x - left, y - top, Int(left), Int(top))
      result.append(
        (1 - fy) * ((1 - fx) * pixel(ix, iy) + fx * pixel(ix + 1, iy))
          + fy * ((1 - fx) * pixel(ix, iy + 1) + fx * pixel(ix + 1, iy + 1)))
    }
  }
  return result
}

private func row3(_ row: SIMD3<Float>, _ u: Double, _ v: Double) -> Double {
  Double(row.x) * u + Double(row.y) * v + Double(row.z)
}

/// Pixels that moved by `thickness / 256` towards the largest of the 3 × 3 around them, or towards
/// the smallest, rounded to whole numbers; halves away from where they came.
private func thickenedReference(
  _ image: [UInt8], height: Int, width: Int, thickness: Int
) -> [Double] {
  (0..<height * width).map { index in
    let around = (-1...1).flatMap { down in
      (-1...1).map { right -> Int in
        let (x, y) = (index % width + right, index / width + down)
        let isInside = (0..<width).contains(x) && (0..<height).contains(y)
        return isInside ? Int(image[y * width + x]) : 0
      }
    }
    let pixel = Int(image[index])
    let aim = thickness > 0 ? around.max() ?? 0 : around.min() ?? 0
    let distance = Double(abs(thickness) * abs(aim - pixel)) / 256
    return Double(pixel) + (distance + 0.5).rounded(.down) * (thickness > 0 ? 1 : -1)
  }
}
