// The bodies, instantiated for this module's instruction set. The modules of the other instruction
// sets link to this file; each compiles it with its own flags and its own `TargetSet`.

import KernelBodies

/// This module's kernels.
public func kernelTable() -> KernelTable {
  KernelTable(
    tileRows: tileRows, tileLanes: TargetSet.Vector.scalarCount, tile: tileKernel,
    rowTile: rowTileKernel, packRows: packRowsKernel,
    packColumns: packColumnsKernel,
    activate: activateKernel,
    activateBackward: activateBackwardKernel,
    normalizeBytes: normalizeBytesKernel,
    packCorners: packCornersKernel, thicken: thickenKernel, resample: resampleKernel,
    add: addKernel,
    scale: scaleKernel,
    blend: blendKernel,
    clamp: clampKernel,
    sumOfSquares: sumOfSquaresKernel,
    sumRows: sumRowsKernel,
    applyMask: applyMaskKernel,
    randomMask: randomMaskKernel,
    moments: momentsKernel,
    scaleShiftRows: scaleShiftRowsKernel,
    batchNormSums: batchNormSumsKernel,
    batchNormBackward: batchNormBackwardKernel, poolNormalized: poolNormalizedKernel,
    pooledBatchNormSums: pooledBatchNormSumsKernel,
    pooledBatchNormBackward: pooledBatchNormBackwardKernel,
    maxPool: maxPoolKernel,
    maxPoolBackward: maxPoolBackwardKernel,
    poolWindows: poolWindowsKernel, spreadWindows: spreadWindowsKernel,
    maskWindows: maskWindowsKernel, averagePool: averagePoolKernel,
    averagePoolBackward: averagePoolBackwardKernel,
    logarithms: logarithmsKernel,
    softmaxRow: softmaxRowKernel,
    softmaxRowBackward: softmaxRowBackwardKernel,
    layerNorm: layerNormKernel,
    layerNormBackward: layerNormBackwardKernel,
    sgdUpdate: sgdUpdateKernel,
    adamUpdate: adamUpdateKernel,
    rmspropUpdate: rmspropUpdateKernel,
    adagradUpdate: adagradUpdateKernel,
    addPenaltyGradient: addPenaltyGradientKernel,
    multiplyAddChains: multiplyAddChainsKernel)
}

@inline(never) @Sendable
public func packRowsKernel(
  _ x: Source, _ stride: Int, _ rows: Int, _ columns: Int, _ width: Int, _ y: Target
) {
  KernelBodies.packRows(x, stride: stride, rows: rows, columns: columns, width: width, y)
}

@inline(never) @Sendable
public func packColumnsKernel(
  _ x: Source, _ stride: Int, _ rows: Int, _ columns: Int, _ width: Int, _ y: Target
) {
  KernelBodies.packColumns(x, stride: stride, rows: rows, columns: columns, width: width, y)
}

@inline(never) @Sendable
public func normalizeBytesKernel(
  _ bytes: UnsafePointer<UInt8>, _ count: Int, _ scale: Float, _ shift: Float, _ y: Target
) {
  KernelBodies.normalizeBytes(TargetSet.self, bytes, count: count, scale: scale, shift: shift, y)
}

@inline(never) @Sendable
public func addKernel(_ x: Source, _ count: Int, _ y: Target) {
  KernelBodies.add(x, count: count, y)
}

@inline(never) @Sendable
public func scaleKernel(_ x: Source, _ count: Int, _ factor: Float, _ y: Target) {
  KernelBodies.scale(x, count: count, by: factor, y)
}

@inline(never) @Sendable
public func blendKernel(
  _ x: Source, _ count: Int, _ factor: Float, _ rest: Float, _ y: Target
) {
  KernelBodies.blend(TargetSet.self, x, count: count, by: factor, rest, y)
}

@inline(never) @Sendable
public func clampKernel(_ x: Target, _ count: Int, _ limit: Float) {
  KernelBodies.clamp(x, count: count, limit: limit)
}

@inline(never) @Sendable
public func sumOfSquaresKernel(_ x: Source, _ count: Int) -> Float {
  KernelBodies.sumOfSquares(TargetSet.self, x, count: count)
}

@inline(never) @Sendable
public func sumRowsKernel(
  _ x: Source, _ rows: Int, _ columns: Int, _ accumulating: Bool, _ sums: Target
) {
  KernelBodies.sumRows(x, rows: rows, columns: columns, accumulating: accumulating, sums)
}

@inline(never) @Sendable
public func applyMaskKernel(
  _ x: Source, _ keep: UnsafePointer<UInt8>, _ count: Int, _ factor: Float, _ y: Target
) {
  KernelBodies.applyMask(x, keep, count: count, factor: factor, y)
}

@inline(never) @Sendable
public func randomMaskKernel(
  _ key: SIMD2<UInt32>, _ counter: SIMD4<UInt32>, _ threshold: UInt32, _ count: Int,
  _ mask: UnsafeMutablePointer<UInt8>
) {
  KernelBodies.randomMask(key: key, counter: counter, threshold: threshold, count: count, mask)
}

@inline(never) @Sendable
public func momentsKernel(
  _ x: Source, _ rows: Int, _ channels: Int, _ mean: Target, _ squares: Target
) {
  KernelBodies.moments(TargetSet.self, x, rows: rows, channels: channels, mean, squares)
}

@inline(never) @Sendable
public func scaleShiftRowsKernel(
  _ x: Source, _ rows: Int, _ channels: Int, _ scale: Source, _ shift: Source, _ rectifying: Bool,
  _ y: Target
) {
  KernelBodies.scaleShiftRows(
    TargetSet.self, x, rows: rows, channels: channels, scale: scale, shift: shift,
    rectifying: rectifying, y)
}

@inline(never) @Sendable
public func batchNormSumsKernel(
  _ dy: Source, _ x: Source, _ rows: Int, _ channels: Int, _ mean: Source, _ scale: Source,
  _ shift: Source, _ rectifying: Bool, _ sums: Target, _ products: Target
) {
  KernelBodies.batchNormSums(
    TargetSet.self, dy, x, rows: rows, channels: channels, mean: mean, scale: scale, shift: shift,
    rectifying: rectifying, sums, products)
}

@inline(never) @Sendable
public func batchNormBackwardKernel(
  _ dy: Source, _ x: Source, _ rows: Int, _ channels: Int, _ mean: Source, _ scale: Source,
  _ shift: Source, _ slope: Source, _ offset: Source, _ rectifying: Bool, _ dx: Target
) {
  batchNormBackward(
    TargetSet.self, dy, x, rows: rows, channels: channels, mean: mean, scale: scale, shift: shift,
    slope: slope, offset: offset, rectifying: rectifying, dx)
}

@inline(never) @Sendable
public func poolNormalizedKernel(
  _ x: Source, _ pairs: Int, _ width: Int, _ channels: Int, _ scale: Source, _ shift: Source,
  _ y: Target, _ choice: UnsafeMutablePointer<UInt8>?
) {
  poolNormalized(
    TargetSet.self, x, pairs: pairs, width: width, channels: channels, scale: scale, shift: shift,
    y, choice)
}

@inline(never) @Sendable
public func pooledBatchNormSumsKernel(
  _ dy: Source, _ choice: UnsafePointer<UInt8>, _ x: Source, _ pairs: Int, _ width: Int,
  _ channels: Int, _ mean: Source, _ sums: Target, _ products: Target
) {
  pooledBatchNormSums(
    TargetSet.self, dy, choice, x, pairs: pairs, width: width, channels: channels, mean: mean,
    sums, products)
}

@inline(never) @Sendable
public func pooledBatchNormBackwardKernel(
  _ dy: Source, _ choice: UnsafePointer<UInt8>, _ x: Source, _ pairs: Int, _ width: Int,
  _ channels: Int, _ mean: Source, _ scale: Source, _ slope: Source, _ offset: Source,
  _ dx: Target
) {
  pooledBatchNormBackward(
    TargetSet.self, dy, choice, x, pairs: pairs, width: width, channels: channels, mean: mean,
    scale: scale, slope: slope, offset: offset, dx)
}

@inline(never) @Sendable
public func maxPoolKernel(
  _ geometry: PoolGeometry, _ x: Source, _ y: Target, _ choice: UnsafeMutablePointer<UInt8>?
) {
  KernelBodies.maxPool(geometry, x, y, choice)
}

@inline(never) @Sendable
public func maxPoolBackwardKernel(
  _ geometry: PoolGeometry, _ dy: Source, _ choice: UnsafePointer<UInt8>, _ dx: Target
) {
  KernelBodies.maxPoolBackward(geometry, dy, choice, dx)
}

@inline(never) @Sendable
public func poolWindowsKernel(
  _ x: Source, _ stride: Int, _ windows: Int, _ channels: Int, _ rectifying: Bool, _ y: Target,
  _ choice: UnsafeMutablePointer<UInt8>?
) {
  poolWindows(
    x, stride: stride, windows: windows, channels: channels, rectifying: rectifying, y, choice)
}

@inline(never) @Sendable
public func spreadWindowsKernel(
  _ dy: Source, _ choice: UnsafePointer<UInt8>, _ height: Int, _ width: Int, _ channels: Int,
  _ dx: Target
) {
  spreadWindows(dy, choice, height: height, width: width, channels: channels, dx)
}

@inline(never) @Sendable
public func maskWindowsKernel(_ dy: Target, _ choice: UnsafePointer<UInt8>, _ count: Int) {
  maskWindows(dy, choice, count: count)
}

@inline(never) @Sendable
public func averagePoolKernel(_ geometry: PoolGeometry, _ x: Source, _ y: Target) {
  KernelBodies.averagePool(geometry, x, y)
}

@inline(never) @Sendable
public func averagePoolBackwardKernel(_ geometry: PoolGeometry, _ dy: Source, _ dx: Target) {
  KernelBodies.averagePoolBackward(geometry, dy, dx)
}

@inline(never) @Sendable
public func logarithmsKernel(_ x: Source, _ count: Int, _ y: Target) {
  KernelBodies.logarithms(TargetSet.self, x, count: count, y)
}

@inline(never) @Sendable
public func softmaxRowKernel(_ x: Source, _ count: Int, _ p: Target) -> (maximum: Float, sum: Float)
{
  KernelBodies.softmaxRow(TargetSet.self, x, count: count, p)
}

@inline(never) @Sendable
public func multiplyAddChainsKernel(_ steps: Int, _ a: Float, _ b: Float, _ x: Target) {
  KernelBodies.multiplyAddChains(TargetSet.self, steps: steps, a: a, b: b, x)
}

@inline(never) @Sendable
public func softmaxRowBackwardKernel(
  _ p: Source, _ dp: Source, _ count: Int, _ factor: Float, _ dx: Target
) {
  KernelBodies.softmaxRowBackward(TargetSet.self, p, dp, count: count, factor: factor, dx)
}

@inline(never) @Sendable
public func layerNormKernel(
  _ x: Source, _ rows: Int, _ columns: Int, _ gamma: Source, _ beta: Source, _ epsilon: Float,
  _ y: Target, _ statistics: Target
) {
  KernelBodies.layerNorm(
    TargetSet.self, x, rows: rows, columns: columns, gamma: gamma, beta: beta, epsilon: epsilon, y,
    statistics)
}

@inline(never) @Sendable
public func layerNormBackwardKernel(
  _ dy: Source, _ x: Source, _ rows: Int, _ columns: Int, _ gamma: Source, _ statistics: Source,
  _ gammaSums: Target, _ betaSums: Target, _ dx: Target?
) {
  KernelBodies.layerNormBackward(
    TargetSet.self, dy, x, rows: rows, columns: columns, gamma: gamma, statistics: statistics,
    gammaSums: gammaSums, betaSums: betaSums, dx)
}
