// From images whose channels lie side by side to planes, one a channel, and back.

/// An image as planes. Steps count floats.
public struct PlaneGrid {
  public var height: Int
  public var width: Int
  public var channels: Int
  /// From one plane to the next, and from one row of a plane to the next.
  public var planeStep: Int
  public var rowStep: Int

  @inlinable
  public init(height: Int, width: Int, channels: Int, planeStep: Int, rowStep: Int) {
    self.height = height
    self.width = width
    self.channels = channels
    self.planeStep = planeStep
    self.rowStep = rowStep
  }
}

extension Kernels {
  /// Copies an image `[height, width, channels]` into planes.
  @inlinable @inline(__always)
  public static func separatePlanes(_ x: Source, _ g: PlaneGrid, to planes: Target) {
    var from = x
    for y in 0..<g.height {
      for channel in 0..<g.channels {
        let to = planes + channel * g.planeStep + y * g.rowStep
        for x in 0..<g.width { to[x] = from[x * g.channels + channel] }
      }
      from += g.width * g.channels
    }
  }

  /// Copies planes into an image `[height, width, channels]`.
  @inlinable @inline(__always)
  public static func interleavePlanes(_ planes: Source, _ g: PlaneGrid, to y: Target) {
    var to = y
    for row in 0..<g.height {
      let from = planes + row * g.rowStep
      for x in 0..<g.width {
        for channel in 0..<g.channels { to[channel] = from[channel * g.planeStep + x] }
        to += g.channels
      }
    }
  }

  /// The largest of each 2 x 2 window of planes, and which pixel it was (the first of equals), or
  /// ``noPosition`` where rectifying made it zero.
  ///
  /// - Parameters:
  ///   - planes: read up to 31 floats behind a row.
  ///   - windows: their rows and columns, and the planes that they lie in.
  ///   - room: for each channel the windows of a row, rounded up to 16, twice.
  ///   - y: `[height, width, channels]` of the windows.
  ///   - choice: likewise.
  @inlinable @inline(__always)
  public static func poolPlanes(
    _ planes: Source, _ windows: PlaneGrid, rectifying: Bool, room: Target, to y: Target,
    choice: UnsafeMutablePointer<UInt8>?
  ) {
    let floor = Wide(repeating: rectifying ? 0 : -.infinity)
    let (width, channels) = (windows.width, windows.channels)
    let step = (width + 15) / 16 * 16
    let bytes = UnsafeMutableRawPointer(room + channels * step).assumingMemoryBound(to: UInt8.self)
    for row in 0..<windows.height {
      for channel in 0..<channels {
        let top = planes + channel * windows.planeStep + 2 * row * windows.rowStep
        var window = 0
        while window < width {
          let (a, b) = evenAndOdd(top + 2 * window)
          let (c, d) = evenAndOdd(top + windows.rowStep + 2 * window)
          storeWindow(
            a, b, c, d, floor: floor, room + channel * step + window,
            choice == nil ? nil : bytes + channel * step + window, 16)
          window += 16
        }
      }
      let first = row * width * channels
      for window in 0..<width {
        let to = y + first + window * channels
        for channel in 0..<channels { to[channel] = room[channel * step + window] }
      }
      if let choice {
        for window in 0..<width {
          let to = choice + first + window * channels
          for channel in 0..<channels { to[channel] = bytes[channel * step + window] }
        }
      }
    }
  }

  /// Writes the gradients of one image's windows into planes where their maxima came from. What
  /// else is in the planes stays.
  ///
  /// - Parameters:
  ///   - dy: `[height, width, channels]` of the windows.
  ///   - choice: the positions of the maxima, likewise.
  @inlinable @inline(__always)
  public static func spreadPlanes(
    _ dy: Source, choice: UnsafePointer<UInt8>, _ windows: PlaneGrid, to planes: Target
  ) {
    var element = 0
    for row in 0..<windows.height {
      for window in 0..<windows.width {
        let to = planes + 2 * row * windows.rowStep + 2 * window
        for channel in 0..<windows.channels {
          // A window of zeros has no position and no gradient.
          let position = Int(choice[element] & 3)
          to[channel * windows.planeStep + (position >> 1) * windows.rowStep + (position & 1)] =
            dy[element]
          element += 1
        }
      }
    }
  }
}

/// Of 32 floats those at even and those at odd places.
@inlinable @inline(__always)
func evenAndOdd(_ p: Source) -> (Wide, Wide) {
  let (low, high): (Wide, Wide) = (load(p), load(p + 16))
  return (
    Wide(lowHalf: low.evenHalf, highHalf: high.evenHalf),
    Wide(lowHalf: low.oddHalf, highHalf: high.oddHalf)
  )
}
