// The kernels of one instruction set, as a table of functions. An object, so that handing it on
// counts one reference and not one for each function.

/// Every kernel, compiled for one instruction set. The functions are the bodies of this module;
/// their documentation is there.
public final class KernelTable: Sendable {
  /// The tile's rows, and the floats in one of its vectors. A tile is one or two vectors wide.
  public let tileRows: Int
  public let tileLanes: Int
  public let tile: @Sendable (UnsafePointer<TileArguments>) -> Void
  public let rowTile: @Sendable (UnsafePointer<RowArguments>) -> Void
  public let packRows: @Sendable (Source, Int, Int, Int, Int, Target) -> Void
  public let packColumns: @Sendable (Source, Int, Int, Int, Int, Target) -> Void
  public let activate: @Sendable (ActivationKind, Source, Int, Float, Target) -> Void
  public let activateBackward:
    @Sendable (ActivationKind, Source, Source, Int, Float, Target) -> Void
  public let normalizeBytes: @Sendable (UnsafePointer<UInt8>, Int, Float, Float, Target) -> Void
  public let packCorners:
    @Sendable (UnsafePointer<UInt8>, Int, Int, Int, UnsafeMutablePointer<UInt32>) -> Void
  public let thicken:
    @Sendable (UnsafePointer<UInt8>, Int, Int, Int, Int32, UnsafeMutablePointer<UInt8>) -> Void
  public let resample: @Sendable (UnsafePointer<ResamplingArguments>) -> Void
  public let add: @Sendable (Source, Int, Target) -> Void
  public let scale: @Sendable (Source, Int, Float, Target) -> Void
  public let blend: @Sendable (Source, Int, Float, Float, Target) -> Void
  public let clamp: @Sendable (Target, Int, Float) -> Void
  public let sumOfSquares: @Sendable (Source, Int) -> Float
  public let sumRows: @Sendable (Source, Int, Int, Bool, Target) -> Void
  public let applyMask: @Sendable (Source, UnsafePointer<UInt8>, Int, Float, Target) -> Void
  public let randomMask:
    @Sendable (SIMD2<UInt32>, SIMD4<UInt32>, UInt32, Int, UnsafeMutablePointer<UInt8>) -> Void
  public let moments: @Sendable (Source, Int, Int, Target, Target) -> Void
  public let scaleShiftRows: @Sendable (Source, Int, Int, Source, Source, Bool, Target) -> Void
  public let batchNormSums:
    @Sendable (Source, Source, Int, Int, Source, Source, Source, Bool, Target, Target) -> Void
  public let batchNormBackward:
    @Sendable (
      Source, Source, Int, Int, Source, Source, Source, Source, Source, Bool, Target
    ) -> Void
  public let poolNormalized:
    @Sendable (
      Source, Int, Int, Int, Source, Source, Target, UnsafeMutablePointer<UInt8>?
    ) -> Void
  public let pooledBatchNormSums:
    @Sendable (
      Source, UnsafePointer<UInt8>, Source, Int, Int, Int, Source, Target, Target
    ) -> Void
  public let pooledBatchNormBackward:
    @Sendable (
      Source, UnsafePointer<UInt8>, Source, Int, Int, Int, Source, Source, Source, Source, Target
    ) -> Void
  public let maxPool: @Sendable (PoolGeometry, Source, Target, UnsafeMutablePointer<UInt8>?) -> Void
  public let maxPoolBackward: @Sendable (PoolGeometry, Source, UnsafePointer<UInt8>, Target) -> Void
  public let poolWindows:
    @Sendable (Source, Int, Int, Int, Bool, Target, UnsafeMutablePointer<UInt8>?) -> Void
  public let spreadWindows: @Sendable (Source, UnsafePointer<UInt8>, Int, Int, Int, Target) -> Void
  public let maskWindows: @Sendable (Target, UnsafePointer<UInt8>, Int) -> Void
  public let averagePool: @Sendable (PoolGeometry, Source, Target) -> Void
  public let averagePoolBackward: @Sendable (PoolGeometry, Source, Target) -> Void
  public let logarithms: @Sendable (Source, Int, Target) -> Void
  public let softmaxRow: @Sendable (Source, Int, Target) -> (maximum: Float, sum: Float)
  public let softmaxRowBackward: @Sendable (Source, Source, Int, Float, Target) -> Void
  public let layerNorm: @Sendable (Source, Int, Int, Source, Source, Float, Target, Target) -> Void
  public let layerNormBackward:
    @Sendable (Source, Source, Int, Int, Source, Source, Target, Target, Target?) -> Void
  public let sgdUpdate: @Sendable (Target, Source, Target, Int, Float, Float, Float, Bool) -> Void
  public let adamUpdate: @Sendable (Target, Source, Target, Target, Int, AdamStep) -> Void
  public let rmspropUpdate: @Sendable (Target, Source, Target, Target, Int, RMSpropStep) -> Void
  public let adagradUpdate: @Sendable (Target, Source, Target, Int, Float, Float, Float) -> Void
  public let addPenaltyGradient: @Sendable (Source, Int, Float, Float, Target) -> Void
  public let multiplyAddChains: @Sendable (Int, Float, Float, Target) -> Void

  public init(
    tileRows: Int,
    tileLanes: Int,
    tile: @escaping @Sendable (UnsafePointer<TileArguments>) -> Void,
    rowTile: @escaping @Sendable (UnsafePointer<RowArguments>) -> Void,
    packRows: @escaping @Sendable (Source, Int, Int, Int, Int, Target) -> Void,
    packColumns: @escaping @Sendable (Source, Int, Int, Int, Int, Target) -> Void,
    activate: @escaping @Sendable (ActivationKind, Source, Int, Float, Target) -> Void,
    activateBackward:
      @escaping @Sendable (ActivationKind, Source, Source, Int, Float, Target) -> Void,
    normalizeBytes: @escaping @Sendable (UnsafePointer<UInt8>, Int, Float, Float, Target) -> Void,
    packCorners:
      @escaping @Sendable (UnsafePointer<UInt8>, Int, Int, Int, UnsafeMutablePointer<UInt32>)
      -> Void,
    thicken:
      @escaping @Sendable (
        UnsafePointer<UInt8>, Int, Int, Int, Int32, UnsafeMutablePointer<UInt8>
      ) -> Void,
    resample: @escaping @Sendable (UnsafePointer<ResamplingArguments>) -> Void,
    add: @escaping @Sendable (Source, Int, Target) -> Void,
    scale: @escaping @Sendable (Source, Int, Float, Target) -> Void,
    blend: @escaping @Sendable (Source, Int, Float, Float, Target) -> Void,
    clamp: @escaping @Sendable (Target, Int, Float) -> Void,
    sumOfSquares: @escaping @Sendable (Source, Int) -> Float,
    sumRows: @escaping @Sendable (Source, Int, Int, Bool, Target) -> Void,
    applyMask: @escaping @Sendable (Source, UnsafePointer<UInt8>, Int, Float, Target) -> Void,
    randomMask:
      @escaping @Sendable (SIMD2<UInt32>, SIMD4<UInt32>, UInt32, Int, UnsafeMutablePointer<UInt8>)
      -> Void,
    moments: @escaping @Sendable (Source, Int, Int, Target, Target) -> Void,
    scaleShiftRows: @escaping @Sendable (Source, Int, Int, Source, Source, Bool, Target) -> Void,
    batchNormSums:
      @escaping @Sendable (Source, Source, Int, Int, Source, Source, Source, Bool, Target, Target)
      -> Void,
    batchNormBackward:
      @escaping @Sendable (
        Source, Source, Int, Int, Source, Source, Source, Source, Source, Bool, Target
      ) -> Void,
    poolNormalized:
      @escaping @Sendable (
        Source, Int, Int, Int, Source, Source, Target, UnsafeMutablePointer<UInt8>?
      ) -> Void,
    pooledBatchNormSums:
      @escaping @Sendable (
        Source, UnsafePointer<UInt8>, Source, Int, Int, Int, Source, Target, Target
      ) -> Void,
    pooledBatchNormBackward:
      @escaping @Sendable (
        Source, UnsafePointer<UInt8>, Source, Int, Int, Int, Source, Source, Source, Source,
        Target
      ) -> Void,
    maxPool:
      @escaping @Sendable (PoolGeometry, Source, Target, UnsafeMutablePointer<UInt8>?) -> Void,
    maxPoolBackward:
      @escaping @Sendable (PoolGeometry, Source, UnsafePointer<UInt8>, Target) -> Void,
    poolWindows:
      @escaping @Sendable (
        Source, Int, Int, Int, Bool, Target, UnsafeMutablePointer<UInt8>?
      ) -> Void,
    spreadWindows:
      @escaping @Sendable (
        Source, UnsafePointer<UInt8>, Int, Int, Int, Target
      ) -> Void,
    maskWindows: @escaping @Sendable (Target, UnsafePointer<UInt8>, Int) -> Void,
    averagePool: @escaping @Sendable (PoolGeometry, Source, Target) -> Void,
    averagePoolBackward: @escaping @Sendable (PoolGeometry, Source, Target) -> Void,
    logarithms: @escaping @Sendable (Source, Int, Target) -> Void,
    softmaxRow: @escaping @Sendable (Source, Int, Target) -> (maximum: Float, sum: Float),
    softmaxRowBackward: @escaping @Sendable (Source, Source, Int, Float, Target) -> Void,
    layerNorm:
      @escaping @Sendable (Source, Int, Int, Source, Source, Float, Target, Target) -> Void,
    layerNormBackward:
      @escaping @Sendable (Source, Source, Int, Int, Source, Source, Target, Target, Target?)
      -> Void,
    sgdUpdate: @escaping @Sendable (Target, Source, Target, Int, Float, Float, Float, Bool) -> Void,
    adamUpdate: @escaping @Sendable (Target, Source, Target, Target, Int, AdamStep) -> Void,
    rmspropUpdate: @escaping @Sendable (Target, Source, Target, Target, Int, RMSpropStep) -> Void,
    adagradUpdate: @escaping @Sendable (Target, Source, Target, Int, Float, Float, Float) -> Void,
    addPenaltyGradient: @escaping @Sendable (Source, Int, Float, Float, Target) -> Void,
    multiplyAddChains: @escaping @Sendable (Int, Float, Float, Target) -> Void
  ) {
    self.tileRows = tileRows
    self.tileLanes = tileLanes
    self.tile = tile
    self.rowTile = rowTile
    self.packRows = packRows
    self.packColumns = packColumns
    self.activate = activate
    self.activateBackward = activateBackward
    self.normalizeBytes = normalizeBytes
    self.packCorners = packCorners
    self.thicken = thicken
    self.resample = resample
    self.add = add
    self.scale = scale
    self.blend = blend
    self.clamp = clamp
    self.sumOfSquares = sumOfSquares
    self.sumRows = sumRows
    self.applyMask = applyMask
    self.randomMask = randomMask
    self.moments = moments
    self.scaleShiftRows = scaleShiftRows
    self.batchNormSums = batchNormSums
    self.batchNormBackward = batchNormBackward
    self.poolNormalized = poolNormalized
    self.pooledBatchNormSums = pooledBatchNormSums
    self.pooledBatchNormBackward = pooledBatchNormBackward
    self.maxPool = maxPool
    self.maxPoolBackward = maxPoolBackward
    self.poolWindows = poolWindows
    self.spreadWindows = spreadWindows
    self.maskWindows = maskWindows
    self.averagePool = averagePool
    self.averagePoolBackward = averagePoolBackward
    self.logarithms = logarithms
    self.softmaxRow = softmaxRow
    self.softmaxRowBackward = softmaxRowBackward
    self.layerNorm = layerNorm
    self.layerNormBackward = layerNormBackward
    self.sgdUpdate = sgdUpdate
    self.adamUpdate = adamUpdate
    self.rmspropUpdate = rmspropUpdate
    self.adagradUpdate = adagradUpdate
    self.addPenaltyGradient = addPenaltyGradient
    self.multiplyAddChains = multiplyAddChains
  }
}
