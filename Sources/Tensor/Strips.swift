import KernelBodies

extension StripArguments {
  /// The length of the sums that are added to each other: one long chain would lose more.
  private static let chain = 64

  /// Computes `rows` rows and `columns` columns, a multiple of 16, in strips of tiles of equal heights.
  func run(rows: Int, columns: Int, _ kernels: any Kernels.Type) {
    guard rows > 0 else { return }
    let width = 2 * kernels.tileLanes
    for column in stride(from: 0, to: columns, by: width) {
      for first in stride(from: 0, to: depth, by: Self.chain) {
        var strip = self
        strip.a += first * aStep
        strip.b += first * bStep + column
        strip.c += column
        strip.depth = min(Self.chain, depth - first)
        strip.accumulating = accumulating || first > 0
        strip.vectorCount = columns - column > kernels.tileLanes ? 2 : 1
        strip.run(rows: rows, kernels)
      }
    }
  }

  /// Computes `rows` rows: some tiles of one row more than the others.
  private func run(rows: Int, _ kernels: any Kernels.Type) {
    let tiles = (rows + kernels.stripRows - 1) / kernels.stripRows
    let (height, taller) = rows.quotientAndRemainder(dividingBy: tiles)
    var strip = self
    strip.tileRows = height + 1
    strip.tileCount = taller
    if taller > 0 { kernels.strip(&strip) }
    strip.a += taller * (height + 1) * aRowStep
    strip.c += taller * (height + 1) * cRowStep
    strip.tileRows = height
    strip.tileCount = tiles - taller
    kernels.strip(&strip)
  }
}
