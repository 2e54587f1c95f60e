import KernelBodies

/// A projective map of the plane, from a pixel (u, v) of a result to the place in the source that
/// it shows, both in pixels from the middle of the image, `u` to the right and `v` down:
///
///     x = (xRow · (u, v, 1)) / (1 + tilt · (u, v))     y = (yRow · (u, v, 1)) / (1 + tilt · (u, v))
public struct ProjectiveMap: Equatable, Sendable {
  public var xRow: SIMD3<Float>
  public var yRow: SIMD3<Float>
  /// The divisor must stay positive in the whole image.
  public var tilt: SIMD2<Float>

  public init(xRow: SIMD3<Float>, yRow: SIMD3<Float>, tilt: SIMD2<Float> = SIMD2()) {
    self.xRow = xRow
    self.yRow = yRow
    self.tilt = tilt
  }

  /// Every pixel shows itself.
  public static let identity = ProjectiveMap(xRow: SIMD3(1, 0, 0), yRow: SIMD3(0, 1, 0))
}

/// A displacement of each pixel's place in the source, read out of a larger field.
public struct Displacement {
  let field: Tensor
  let x: Int
  let y: Int
  let stride: Int
  let amplitude: SIMD2<Float>

  /// Adds to the place of pixel (column, row) the pixels
  /// `amplitude · (x[row, column], y[row, column])`.
  ///
  /// - Parameters:
  ///   - x: where `[height, stride]` begins in `field`, of which sixteen floats beyond the width
  ///     may be read, too.
  ///   - y: the same along the other axis.
  public init(field: Tensor, x: Int, y: Int, stride: Int, amplitude: SIMD2<Float>) {
    self.field = field
    self.x = x
    self.y = y
    self.stride = stride
    self.amplitude = amplitude
  }

  fileprivate var xPointer: UnsafePointer<Float> { UnsafePointer(field.pointer + x) }
  fileprivate var yPointer: UnsafePointer<Float> { UnsafePointer(field.pointer + y) }
}

/// What one thread needs to resample images of one size; nothing is kept from one to the next.
public final class ResamplingWorkspace {
  let height: Int
  let width: Int
  /// Of rows in all planes.
  let stride: Int
  /// The image and its thickened form, each with a border of zeros that nobody writes.
  let plane: Bytes
  let thickened: Bytes
  let corners: Bytes

  /// Whether images of `height` × `width` pixels can be resampled. With a border they must have
  /// fewer than 4,194,304: places are computed in floats and counted in 22 bits.
  public static func fits(height: Int, width: Int) -> Bool {
    height > 0 && width > 0 && (height + 2) * (width + 17) < 1 << 22
  }

  /// A workspace for images of `height` × `width` pixels, which must fit.
  public init(height: Int, width: Int) {
    precondition(
      Self.fits(height: height, width: width), "an image of \(height) × \(width) pixels")
    self.height = height
    self.width = width
    stride = (width + 17) / 16 * 16
    plane = Bytes(count: (height + 3) * stride)
    thickened = Bytes(count: (height + 3) * stride)
    corners = Bytes(count: (height + 2) * stride * MemoryLayout<UInt32>.stride)
  }
}

extension Device {
  /// `y = scale · image(map) + shift`: every pixel shows the place in the image that `map` and
  /// `displacement` say, interpolated from the four pixels around it; 0 outside the image.
  ///
  /// The identity with a thickness of 0 gives the bits of ``normalize(_:scale:shift:into:)``. Runs
  /// on the calling thread.
  ///
  /// - Parameters:
  ///   - image: `[H, W]` of the workspace.
  ///   - thickness: first each pixel moves by this share, in 256ths from -256 to 256, towards the
  ///     largest of the 3 × 3 around it, a negative one towards the smallest.
  ///   - y: `[H, W]`.
  public func resample(
    _ image: Span<UInt8>, thickness: Int = 0, map: ProjectiveMap,
    displacement: Displacement? = nil, scale: Float, shift: Float,
    in workspace: ResamplingWorkspace, into y: Tensor
  ) {
    let (height, width, stride) = (workspace.height, workspace.width, workspace.stride)
    precondition(image.count == height * width, "resample: \(image.count) pixels")
    precondition(abs(thickness) <= 256, "resample: a thickness of \(thickness)")
    precondition(y.count >= image.count, "resample: into \(y.shape)")
    if let displacement {
      let last = max(displacement.x, displacement.y) + height * displacement.stride
      precondition(last <= displacement.field.count, "resample: a displacement of \(last) numbers")
    }
    let size = PlaneSize(height: height, width: width, stride: stride)
    var plane = workspace.plane.pointer
    image.withUnsafeBufferPointer { image in
      guard let start = image.baseAddress else { return }
      for row in 0..<height {
        (plane + (row + 1) * stride + 1).update(from: start + row * width, count: width)
      }
    }
    if thickness != 0 {
      let thickened = workspace.thickened.pointer
      kernels.thicken(plane, size, by: Int32(thickness), to: thickened)
      plane = thickened
    }
    workspace.corners.pointer.withMemoryRebound(
      to: UInt32.self, capacity: workspace.corners.count / MemoryLayout<UInt32>.stride
    ) { corners in
      kernels.packCorners(plane, size, to: corners)
      var arguments = ResamplingArguments(
        corners: corners, stride: stride, height: height, width: width, xRow: map.xRow,
        yRow: map.yRow, tilt: map.tilt, displacementX: displacement?.xPointer,
        displacementY: displacement?.yPointer, displacementStride: displacement?.stride ?? 0,
        amplitude: displacement?.amplitude ?? SIMD2(), scale: scale, shift: shift, y: y.pointer)
      kernels.resample(&arguments)
    }
  }
}
