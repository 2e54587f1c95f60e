// The bodies of `Resampling.swift`, instantiated like the rest of the kernels.

import KernelBodies

@inline(never) @Sendable
public func packCornersKernel(
  _ plane: UnsafePointer<UInt8>, _ height: Int, _ width: Int, _ stride: Int,
  _ words: UnsafeMutablePointer<UInt32>
) {
  packCorners(plane, height: height, width: width, stride: stride, words)
}

@inline(never) @Sendable
public func thickenKernel(
  _ plane: UnsafePointer<UInt8>, _ height: Int, _ width: Int, _ stride: Int, _ amount: Int32,
  _ result: UnsafeMutablePointer<UInt8>
) {
  thicken(plane, height: height, width: width, stride: stride, amount: amount, result)
}

@inline(never) @Sendable
public func resampleKernel(_ arguments: UnsafePointer<ResamplingArguments>) {
  resample(TargetSet.self, arguments)
}
