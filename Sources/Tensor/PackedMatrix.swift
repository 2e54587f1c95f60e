import KernelBodies

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
