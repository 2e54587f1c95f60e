// The kernels of bytes of this module: the bodies, instantiated for its instruction set. This folder is
// linked into the folder of every way to multiply bytes; each module compiles it with its own flags and
// its own tiles.

import KernelBodies

/// Not public, so that the functions that the bodies are inlined into are this module's own.
enum TargetByteKernels: ByteKernels {
  static var tileLanes: Int { TargetIntegers.scalarCount }
}

/// This module's kernels of bytes.
public func targetByteKernels() -> any ByteKernels.Type { TargetByteKernels.self }
