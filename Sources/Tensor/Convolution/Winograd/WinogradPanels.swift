import KernelBodies

/// The weights of a convolution at the points: `[panel][point][depth][32]`, the last panel perhaps 16
/// wide. Their depth is the channels and their columns the filters, or, for the way back, the
/// filters and the channels.
struct WinogradPanels {
  let depth: Int
  let columns: Int
  let start: UnsafeMutablePointer<Float>

  /// Columns of a panel.
  static let width = 32
  /// Rows of the weights that one task takes.
  private static let rowsOfTask = 32

  var count: Int { (columns + Self.width - 1) / Self.width }

  /// Floats of all panels.
  static func size(_ g: ConvolutionGeometry) -> Int {
    WinogradTiling.points * g.channels * g.filters
  }

  /// Floats that ``pack(_:transposed:on:room:)`` needs for each thread.
  static let roomSize = 9 * rowsOfTask * width

  func width(_ panel: Int) -> Int { min(Self.width, columns - panel * Self.width) }

  /// The `[depth, width]` weights of a panel at a point.
  func pointer(_ panel: Int, _ point: Int) -> UnsafeMutablePointer<Float> {
    start + (panel * Self.width * WinogradTiling.points + point * width(panel)) * depth
  }

  /// Fills the panels with weights `[3, 3, C, filters]`.
  func pack(
    _ weight: Tensor, transposed: Bool, on device: Device, room: UnsafeMutablePointer<Float>
  ) {
    let tasks = (depth + Self.rowsOfTask - 1) / Self.rowsOfTask
    device.parallel(count * tasks) { index, worker in
      let (panel, task) = index.quotientAndRemainder(dividingBy: tasks)
      let first = task * Self.rowsOfTask
      let rows = min(Self.rowsOfTask, depth - first)
      let width = width(panel)
      var arguments = WinogradWeights(
        taps: weight.pointer + first * columns + panel * Self.width, tapStep: depth * columns,
        rowStep: columns, rows: rows, width: width, points: pointer(panel, 0) + first * width,
        pointStep: depth * width, pointRowStep: width)
      if transposed {
        let taps = room + worker * Self.roomSize
        for tap in 0..<9 {
          device.kernels.packColumns(
            PackingArguments(
              source: weight.pointer + (tap * columns + panel * Self.width) * depth + first,
              stride: depth, rows: rows, columns: width, width: width,
              panel: taps + tap * rows * width))
        }
        arguments.taps = taps
        arguments.tapStep = rows * width
        arguments.rowStep = width
      }
      device.kernels.winogradWeights(&arguments)
    }
  }
}

/// The weights of a convolution as Winograd's algorithm multiplies with them, brought to the points once
/// and used often.
public final class WinogradFilters {
  private let storage: Tensor
  let panels: WinogradPanels

  /// - Parameter weight: `[3, 3, C, filters]`.
  public init(_ weight: Tensor, for convolution: WinogradConvolution, on device: Device) {
    let g = convolution.geometry
    storage = Tensor(zeros: [WinogradPanels.size(g)])
    panels = WinogradPanels(depth: g.channels, columns: g.filters, start: storage.pointer)
    panels.pack(weight, transposed: false, on: device, room: storage.pointer)
  }
}
