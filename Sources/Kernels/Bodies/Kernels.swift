// What every instruction set computes. A kernel is a requirement here and a body in an extension of
// this protocol, in a file beside this one. Each module of an instruction set has one type that
// conforms; the bodies are inlined into its witnesses.

/// Every kernel, for one instruction set. Their documentation is at the bodies.
///
/// Several operands of a kind have names, so that a swap is seen where it is written.
public protocol Kernels: InstructionSet {
  // Tile.swift, Strip.swift, Planes.swift, RowTile.swift, FMAPeak.swift: what depends on the number
  // of registers.

  /// The tile's rows, and the floats in one of its vectors. A tile is one or two vectors wide.
  static var tileRows: Int { get }
  static var tileLanes: Int { get }
  static func tile(_ t: UnsafePointer<TileArguments>)
  /// The most rows that a tile of a strip has.
  static var stripRows: Int { get }
  static func strip(_ t: UnsafePointer<StripArguments>)
  /// As many filters as `rows` says, 1 to 6.
  static func planes(_ t: UnsafePointer<PlaneArguments>, rows: Int)
  /// As many filters as `rows` says, 1 to 3.
  static func planeGradient(_ t: UnsafePointer<PlaneGradientArguments>, rows: Int)
  static func rowTile(_ t: UnsafePointer<RowArguments>)
  static func multiplyAddChains(steps: Int, a: Float, b: Float, _ x: Target)

  // Packing.swift
  static func packRows(_ a: PackingArguments)
  static func packColumns(_ a: PackingArguments)

  // Activation.swift: the function of the given number in the list.
  static func activate(_ number: Int, _ x: Source, count: Int, alpha: Float, to y: Target)
  static func activateBackward(
    _ number: Int, saved: Source, dy: Source, count: Int, alpha: Float, to dx: Target)

  // Elementwise.swift
  static func normalizeBytes(
    _ bytes: UnsafePointer<UInt8>, count: Int, scale: Float, shift: Float, to y: Target)
  static func add(_ x: Source, count: Int, to y: Target)
  static func scale(_ x: Source, count: Int, by factor: Float, to y: Target)
  static func blend(_ x: Source, count: Int, factor: Float, into y: Target, rest: Float)
  static func clamp(_ x: Target, count: Int, to limit: Float)
  static func sumOfSquares(_ x: Source, count: Int) -> Float
  static func sumRows(_ x: Source, _ rows: Rows, into sums: Target, accumulating: Bool)
  static func applyMask(
    _ x: Source, keep: UnsafePointer<UInt8>, count: Int, factor: Float, to y: Target)

  // RandomMask.swift
  static func randomMask(
    key: SIMD2<UInt32>, counter: SIMD4<UInt32>, threshold: UInt32, count: Int,
    to mask: UnsafeMutablePointer<UInt8>)

  // BatchNorm.swift
  static func moments(_ x: Source, _ rows: Rows, mean: Target, squares: Target)
  static func scaleShiftRows(_ x: Source, _ rows: Rows, by map: ChannelMap, to y: Target)
  static func batchNormSums(_ t: BatchNormSums)
  static func batchNormBackward(_ t: BatchNormGradient)

  // PooledBatchNorm.swift
  static func poolNormalized(
    _ x: Source, _ pairs: RowPairs, by map: ChannelMap, to y: Target,
    choice: UnsafeMutablePointer<UInt8>?)
  static func pooledBatchNormSums(_ t: PooledBatchNormSums)
  static func pooledBatchNormBackward(_ t: PooledBatchNormGradient)

  // Pooling.swift
  static func maxPool(
    _ x: Source, _ g: PoolGeometry, to y: Target, choice: UnsafeMutablePointer<UInt8>?)
  static func maxPoolBackward(
    _ dy: Source, _ g: PoolGeometry, choice: UnsafePointer<UInt8>, to dx: Target)
  static func averagePool(_ x: Source, _ g: PoolGeometry, to y: Target)
  static func averagePoolBackward(_ dy: Source, _ g: PoolGeometry, to dx: Target)

  // PooledWindows.swift
  static func poolWindows(_ t: WindowArguments)
  static func spreadWindows(
    _ dy: Source, choice: UnsafePointer<UInt8>, _ grid: WindowGrid, to dx: Target)
  static func maskWindows(_ dy: Target, choice: UnsafePointer<UInt8>, count: Int)

  // PlaneLayouts.swift
  static func separatePlanes(_ x: Source, _ g: PlaneGrid, to planes: Target)
  static func interleavePlanes(_ planes: Source, _ g: PlaneGrid, to y: Target)
  static func poolPlanes(
    _ planes: Source, _ windows: PlaneGrid, rectifying: Bool, room: Target, to y: Target,
    choice: UnsafeMutablePointer<UInt8>?)
  static func spreadPlanes(
    _ dy: Source, choice: UnsafePointer<UInt8>, _ windows: PlaneGrid, to planes: Target)

  // Winograd/
  static func winogradInput(_ tile: UnsafePointer<WinogradTile>)
  static func winogradOutput(
    _ tile: UnsafePointer<WinogradTile>, panel: Int, width: Int, bias: Source?, rectifying: Bool)
  static func winogradPooledOutput(
    _ tile: UnsafePointer<WinogradTile>, panel: Int, width: Int, bias: Source?, rectifying: Bool,
    y: Target, choice: UnsafeMutablePointer<UInt8>?)
  static func winogradSpread(_ tile: UnsafePointer<WinogradTile>)
  static func winogradGather(_ tile: UnsafePointer<WinogradTile>)
  static func winogradWeights(_ weights: UnsafePointer<WinogradWeights>)
  static func winogradWeightGradient(_ weights: UnsafePointer<WinogradWeights>, room: Target)

  // Softmax.swift
  static func logarithms(_ x: Source, count: Int, to y: Target)
  static func softmaxRow(_ x: Source, count: Int, to p: Target) -> (maximum: Float, sum: Float)
  static func softmaxRows(_ p: Target, _ rows: SpacedRows, scale: Float)
  static func softmaxRowsBackward(_ p: Source, _ rows: SpacedRows, factor: Float, _ dp: Target)

  // LayerNorm.swift
  static func layerNorm(_ t: LayerNormArguments)
  static func layerNormBackward(_ t: LayerNormGradient)

  // Updates.swift
  static func sgdUpdate(_ p: WeightSlice, velocity: Target, _ step: SGDStep)
  static func adamUpdate(_ p: WeightSlice, m: Target, v: Target, _ s: AdamStep)
  static func rmspropUpdate(
    _ p: WeightSlice, squares: Target, velocity: Target, _ step: RMSpropStep)
  static func adagradUpdate(_ p: WeightSlice, squares: Target, _ step: AdagradStep)
  static func nadamUpdate(_ p: WeightSlice, m: Target, v: Target, _ s: NAdamStep)
  static func adadeltaUpdate(
    _ p: WeightSlice, squares: Target, updates: Target, _ step: AdadeltaStep)
  static func lionUpdate(_ p: WeightSlice, moment: Target, _ step: LionStep)
  static func addPenaltyGradient(_ p: WeightSlice, l1: Float, l2: Float)

  // Resampling.swift
  static func packCorners(
    _ plane: UnsafePointer<UInt8>, _ size: PlaneSize, to words: UnsafeMutablePointer<UInt32>)
  static func thicken(
    _ plane: UnsafePointer<UInt8>, _ size: PlaneSize, by amount: Int32,
    to result: UnsafeMutablePointer<UInt8>)
  static func resample(_ arguments: UnsafePointer<ResamplingArguments>)
}

/// Rows of floats one after the other.
public struct Rows {
  public var count: Int
  /// The floats of a row.
  public var length: Int

  @inlinable
  public init(_ count: Int, of length: Int) {
    self.count = count
    self.length = length
  }
}
