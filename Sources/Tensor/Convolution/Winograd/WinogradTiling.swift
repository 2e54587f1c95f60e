import KernelBodies

/// How Winograd's algorithm cuts the outputs of an image into tiles.
///
/// Along each axis tiles of four, and at the end one of three or two, or both, for what remains: 14
/// outputs are 4 + 4 + 4 + 2, 7 are 4 + 3, 5 are 3 + 2. So no output is computed that does not exist,
/// and where outputs are even tiles begin at even places. Tiles of equal size along both axes are a
/// class; a class needs the points that its size uses.
struct WinogradTiling: Sendable {
  /// The tiles of a class are `tiles[first ..< first + count]`.
  struct Class: Sendable {
    let rows: Int
    let columns: Int
    let first: Int
    let count: Int

    func uses(_ point: Int) -> Bool {
      winogradUses(point: point / 6, side: rows) && winogradUses(point: point % 6, side: columns)
    }
  }

  /// The first output of a tile.
  struct Tile: Sendable {
    let row: Int
    let column: Int
  }

  let tiles: [Tile]
  let classes: [Class]

  static let points = 36

  init(_ g: ConvolutionGeometry) {
    let (rows, columns) = (Self.sides(g.outputHeight), Self.sides(g.outputWidth))
    var tiles: [Tile] = []
    var classes: [Class] = []
    for height in [4, 3, 2] {
      for width in [4, 3, 2] {
        let first = tiles.count
        for row in rows where row.length == height {
          for column in columns where column.length == width {
            tiles.append(Tile(row: row.start, column: column.start))
          }
        }
        guard tiles.count > first else { continue }
        classes.append(
          Class(rows: height, columns: width, first: first, count: tiles.count - first))
      }
    }
    self.tiles = tiles
    self.classes = classes
  }

  /// The tiles along an axis of two outputs or more.
  private static func sides(_ extent: Int) -> [(start: Int, length: Int)] {
    let fours = extent % 4 == 1 ? extent / 4 - 1 : extent / 4
    let rest = [[], [3, 2], [2], [3]][extent % 4]
    var start = 0
    return (repeatElement(4, count: fours) + rest).map { length in
      defer { start += length }
      return (start, length)
    }
  }
}

/// Where a block of images is at the points: for each point a matrix whose rows are those tiles that
/// use it, class after class, and whose columns are channels.
struct WinogradRows {
  /// Floats of a row.
  let step: Int
  /// Where the rows of a class begin at a point: `[class, point]`; then where each point begins,
  /// and how many rows it has.
  private let table: UnsafeMutablePointer<Int>
  private let classCount: Int

  /// Floats that the table takes the place of.
  static func tableSize(_ tiling: WinogradTiling) -> Int {
    (tiling.classes.count + 2) * WinogradTiling.points * MemoryLayout<Int>.size
      / MemoryLayout<Float>.size
  }

  /// Fills the table for a number of images. It stands in scratch memory, because a temporary
  /// allocation of its size would be one of the heap.
  ///
  /// - Parameter room: ``tableSize(_:)`` floats from an even place on.
  init(
    _ tiling: WinogradTiling, images: Int, step: Int, room: UnsafeMutablePointer<Float>
  ) {
    self.step = step
    table = UnsafeMutableRawPointer(room).bindMemory(
      to: Int.self, capacity: (tiling.classes.count + 2) * WinogradTiling.points)
    classCount = tiling.classes.count
    var start = 0
    for point in 0..<WinogradTiling.points {
      var count = 0
      for (index, tileClass) in tiling.classes.enumerated() where tileClass.uses(point) {
        table[index * WinogradTiling.points + point] = start + count * step
        count += images * tileClass.count
      }
      table[classCount * WinogradTiling.points + point] = start
      table[(classCount + 1) * WinogradTiling.points + point] = count
      start += Self.padded(count * step)
    }
  }

  /// An odd multiple of 64 bytes, so that the points of a tile do not compete for the same lines of a
  /// cache.
  private static func padded(_ floats: Int) -> Int { (floats + 31) / 32 * 32 + 16 }

  /// Floats of all points.
  static func size(_ tiling: WinogradTiling, images: Int, step: Int) -> Int {
    (0..<WinogradTiling.points).reduce(0) { size, point in
      let count = tiling.classes.reduce(0) { $0 + ($1.uses(point) ? $1.count : 0) }
      return size + padded(images * count * step)
    }
  }

  /// Where the rows of a class begin at each point.
  func offsets(_ tileClass: Int) -> UnsafePointer<Int> {
    UnsafePointer(table + tileClass * WinogradTiling.points)
  }

  func start(_ point: Int) -> Int { table[classCount * WinogradTiling.points + point] }
  func count(_ point: Int) -> Int { table[(classCount + 1) * WinogradTiling.points + point] }
}
