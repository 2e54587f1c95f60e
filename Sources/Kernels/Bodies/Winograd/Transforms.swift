// The transforms of Winograd's convolution in two dimensions: along the one axis, then the other.
//
// Lanes run over channels. A tile of `rows` x `columns` outputs is a square or rectangle of up to
// 6 x 6 points, row `i` and column `j` of which is point `6 i + j`.

/// One tile of one image on its way to the points, or back.
@frozen public struct WinogradTile {
  /// The outputs along each axis: 2, 3 or 4.
  public var rows: Int
  public var columns: Int
  /// Floats of a pixel, a multiple of 16.
  public var channels: Int
  /// Where each row of pixels that the tile touches begins in the image; rows that it has not, in
  /// zeros, where it is read. As many as six.
  public var pixelRows: UnsafePointer<Target>
  /// The tile's first column of pixels, and which it touches, counted from the first, exist.
  public var firstColumn: Int
  public var existingColumns: Range<Int>
  public var existingRows: Range<Int>
  /// The floats of the tile at the points, and where each point's begin behind them.
  public var points: Target
  public var offsets: UnsafePointer<Int>
  /// Room for 36 vectors of 16 floats.
  public var room: Target

  @inlinable
  public init(
    rows: Int, columns: Int, channels: Int, pixelRows: UnsafePointer<Target>, firstColumn: Int,
    existingRows: Range<Int>, existingColumns: Range<Int>, points: Target,
    offsets: UnsafePointer<Int>, room: Target
  ) {
    self.rows = rows
    self.columns = columns
    self.channels = channels
    self.pixelRows = pixelRows
    self.firstColumn = firstColumn
    self.existingRows = existingRows
    self.existingColumns = existingColumns
    self.points = points
    self.offsets = offsets
    self.room = room
  }

  /// Where a pixel of the tile lies.
  @inlinable @inline(__always)
  func pixel(_ row: Int, _ column: Int) -> Target {
    pixelRows[row] + (firstColumn + column) * channels
  }

  /// The floats of a tile at a point.
  @inlinable @inline(__always)
  func point(_ row: Int, _ column: Int) -> Target { points + offsets[6 * row + column] }

  /// Vector `6 row + column` of the room.
  @inlinable @inline(__always)
  func place(_ row: Int, _ column: Int) -> Target { room + (6 * row + column) * 16 }
}

extension Kernels {
  /// `Bᵀ d B`: the inputs of a tile at the points.
  @inlinable @inline(__always)
  public static func winogradInput(_ pointer: UnsafePointer<WinogradTile>) {
    let t = pointer.pointee
    for channel in stride(from: 0, to: t.channels, by: 16) {
      for column in 0..<t.columns + 2 {
        if t.existingColumns.contains(column) {
          KernelBodies.winogradInput(
            Self.self, t.rows, { load(t.pixel($0, column) + channel) },
            { store($1, t.place($0, column)) })
        } else {
          for row in 0..<6 { store(Wide(), t.place(row, column)) }
        }
      }
      for row in 0..<6 where winogradUses(point: row, side: t.rows) {
        KernelBodies.winogradInput(
          Self.self, t.columns, { load(t.place(row, $0)) },
          { store($1, t.point(row, $0) + channel) })
      }
    }
  }

  /// `A dy Aᵀ`: the gradient of a tile's outputs at the points.
  @inlinable @inline(__always)
  public static func winogradSpread(_ pointer: UnsafePointer<WinogradTile>) {
    let t = pointer.pointee
    for channel in stride(from: 0, to: t.channels, by: 16) {
      for column in 0..<t.columns {
        KernelBodies.winogradSpread(
          Self.self, t.rows, { load(t.pixel($0, column) + channel) },
          { store($1, t.place($0, column)) })
      }
      for row in 0..<6 where winogradUses(point: row, side: t.rows) {
        KernelBodies.winogradSpread(
          Self.self, t.columns, { load(t.place(row, $0)) },
          { store($1, t.point(row, $0) + channel) })
      }
    }
  }

  /// `B t Bᵀ`, added to the gradient of the inputs that exist.
  @inlinable @inline(__always)
  public static func winogradGather(_ pointer: UnsafePointer<WinogradTile>) {
    let t = pointer.pointee
    for channel in stride(from: 0, to: t.channels, by: 16) {
      for column in 0..<6 where winogradUses(point: column, side: t.columns) {
        KernelBodies.winogradGather(
          Self.self, t.rows, { load(t.point($0, column) + channel) },
          { store($1, t.place($0, column)) })
      }
      for row in t.existingRows {
        KernelBodies.winogradGather(
          Self.self, t.columns, { load(t.place(row, $0)) },
          { column, value in
            guard t.existingColumns.contains(column) else { return }
            let pixel = t.pixel(row, column) + channel
            store(load(pixel) + value, pixel)
          })
      }
    }
  }

  /// `Aᵀ t`, the first half of a tile's outputs, to the room.
  @inlinable @inline(__always)
  static func winogradOutputRows(_ t: WinogradTile, _ channel: Int) {
    for column in 0..<6 where winogradUses(point: column, side: t.columns) {
      KernelBodies.winogradOutput(
        Self.self, t.rows, { load(t.point($0, column) + channel) },
        { store($1, t.place($0, column)) })
    }
  }

  /// `Aᵀ t A`: a tile's outputs, a panel of channels from `panel` on.
  ///
  /// - Parameters:
  ///   - width: channels of the panel, a multiple of 16; the points hold so many.
  ///   - bias: what to add to them, from the panel's first on.
  @inlinable @inline(__always)
  public static func winogradOutput(
    _ pointer: UnsafePointer<WinogradTile>, panel: Int, width: Int, bias: Source?,
    rectifying: Bool
  ) {
    let t = pointer.pointee
    let floor = Wide(repeating: rectifying ? 0 : -.infinity)
    for channel in stride(from: 0, to: width, by: 16) {
      let start = bias.map { load($0 + channel) } ?? Wide()
      winogradOutputRows(t, channel)
      for row in 0..<t.rows {
        KernelBodies.winogradOutput(
          Self.self, t.columns, { load(t.place(row, $0)) },
          { store(Wide.larger(floor, $1 + start), t.pixel(row, $0) + panel + channel) })
      }
    }
  }

  /// The same with 2 x 2 max pooling behind it, of a tile whose sides are even. The pixels of the tile
  /// are those of the pooled image.
  ///
  /// - Parameters:
  ///   - y: where the pooled images begin.
  ///   - choice: where the positions of the maxima begin, as many as `y` has floats, as in
  ///     ``poolWindows(_:)``.
  @inlinable @inline(__always)
  public static func winogradPooledOutput(
    _ pointer: UnsafePointer<WinogradTile>, panel: Int, width: Int, bias: Source?,
    rectifying: Bool, y: Target, choice: UnsafeMutablePointer<UInt8>?
  ) {
    let t = pointer.pointee
    let floor = Wide(repeating: rectifying ? 0 : -.infinity)
    for channel in stride(from: 0, to: width, by: 16) {
      let start = bias.map { load($0 + channel) } ?? Wide()
      winogradOutputRows(t, channel)
      for row in 0..<t.rows {
        KernelBodies.winogradOutput(
          Self.self, t.columns, { load(t.place(row, $0)) },
          { store($1 + start, t.place(row, $0)) })
      }
      for row in 0..<t.rows / 2 {
        for column in 0..<t.columns / 2 {
          let to = t.pixel(row, column) + panel + channel
          storeWindow(
            load(t.place(2 * row, 2 * column)), load(t.place(2 * row, 2 * column + 1)),
            load(t.place(2 * row + 1, 2 * column)), load(t.place(2 * row + 1, 2 * column + 1)),
            floor: floor, to, choice.map { $0 + (to - y) }, 16)
        }
      }
    }
  }
}
