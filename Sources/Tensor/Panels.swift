import KernelBodies

/// B of a matrix product, cut into panels of columns in the order the tile reads them: two vectors
/// wide, the last one vector if that is enough, missing columns filled with zeros.
struct Panels {
  /// The rows of B, which is the length of each sum, and its columns.
  let depth: Int
  let columns: Int
  /// Floats in a vector.
  let lanes: Int
  /// The first float.
  let start: UnsafeMutablePointer<Float>

  /// The number of panels.
  var count: Int { (columns + 2 * lanes - 1) / (2 * lanes) }

  /// The first panel column, and how many there are.
  func range(_ panel: Int) -> Range<Int> {
    panel * 2 * lanes..<min((panel + 1) * 2 * lanes, columns)
  }

  /// Vectors across a panel.
  func vectors(_ panel: Int) -> Int { range(panel).count > lanes ? 2 : 1 }

  /// Floats across a panel, which is also the distance between its rows.
  func width(_ panel: Int) -> Int { vectors(panel) * lanes }

  /// The first float of a panel.
  func pointer(_ panel: Int) -> UnsafeMutablePointer<Float> { start + panel * 2 * lanes * depth }

  /// Floats that panels of a matrix of this size need.
  static func size(depth: Int, columns: Int, lanes: Int) -> Int {
    (columns + lanes - 1) / lanes * lanes * depth
  }

  /// Copies one panel from a row-major matrix of `depth` rows `stride` apart, or from the transpose
  /// of one with `columns` rows `stride` apart.
  func pack(
    _ panel: Int, from source: UnsafePointer<Float>, stride: Int, transposed: Bool,
    with kernels: any Kernels.Type
  ) {
    let (columns, width) = (range(panel), width(panel))
    if transposed {
      kernels.packColumns(
        PackingArguments(
          source: source + columns.lowerBound * stride, stride: stride, rows: depth,
          columns: columns.count, width: width, panel: pointer(panel)))
    } else {
      kernels.packRows(
        PackingArguments(
          source: source + columns.lowerBound, stride: stride, rows: depth,
          columns: columns.count, width: width, panel: pointer(panel)))
    }
  }
}

/// A matrix in the panels that the tile reads, packed once and used often.
public final class PackedMatrix {
  private let storage: Tensor
  let panels: Panels

  /// Packs `b`, `[…, columns]`: its leading extents count as rows.
  public init(_ b: Tensor, on device: Device) {
    let (depth, columns) = b.shape.asMatrix
    let lanes = device.kernels.tileLanes
    storage = Tensor(zeros: [Panels.size(depth: depth, columns: columns, lanes: lanes)])
    panels = Panels(depth: depth, columns: columns, lanes: lanes, start: storage.pointer)
    for panel in 0..<panels.count {
      panels.pack(
        panel, from: b.pointer, stride: columns, transposed: false, with: device.kernels)
    }
  }
}
