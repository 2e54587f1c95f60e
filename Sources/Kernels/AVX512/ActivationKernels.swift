// The activation functions, instantiated like the rest of the kernels: a function each, because a
// function that held them all would be too large to have everything inlined.

import KernelBodies

@inline(never) @Sendable
public func activateKernel(
  _ kind: ActivationKind, _ x: Source, _ count: Int, _ alpha: Float, _ y: Target
) {
  switch kind {
  case .relu: relu(x, count, alpha, y)
  case .leakyReLU: leakyReLU(x, count, alpha, y)
  case .elu: elu(x, count, alpha, y)
  case .gelu: gelu(x, count, alpha, y)
  case .geluTanh: geluTanh(x, count, alpha, y)
  case .silu: silu(x, count, alpha, y)
  case .tanh: tanh(x, count, alpha, y)
  case .sigmoid: sigmoid(x, count, alpha, y)
  }
}

@inline(never) @Sendable
public func activateBackwardKernel(
  _ kind: ActivationKind, _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  switch kind {
  case .relu: reluBackward(saved, dy, count, alpha, dx)
  case .leakyReLU: leakyReLUBackward(saved, dy, count, alpha, dx)
  case .elu: eluBackward(saved, dy, count, alpha, dx)
  case .gelu: geluBackward(saved, dy, count, alpha, dx)
  case .geluTanh: geluTanhBackward(saved, dy, count, alpha, dx)
  case .silu: siluBackward(saved, dy, count, alpha, dx)
  case .tanh: tanhBackward(saved, dy, count, alpha, dx)
  case .sigmoid: sigmoidBackward(saved, dy, count, alpha, dx)
  }
}

@inline(never)
public func relu(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  activate(TargetSet.self, ReLU.self, x, count: count, alpha: alpha, y)
}

@inline(never)
public func reluBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  activateBackward(TargetSet.self, ReLU.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
public func leakyReLU(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  activate(TargetSet.self, LeakyReLU.self, x, count: count, alpha: alpha, y)
}

@inline(never)
public func leakyReLUBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  activateBackward(TargetSet.self, LeakyReLU.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
public func elu(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  activate(TargetSet.self, ELU.self, x, count: count, alpha: alpha, y)
}

@inline(never)
public func eluBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  activateBackward(TargetSet.self, ELU.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
public func gelu(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  activate(TargetSet.self, GELU.self, x, count: count, alpha: alpha, y)
}

@inline(never)
public func geluBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  activateBackward(TargetSet.self, GELU.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
public func geluTanh(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  activate(TargetSet.self, GELUTanh.self, x, count: count, alpha: alpha, y)
}

@inline(never)
public func geluTanhBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  activateBackward(TargetSet.self, GELUTanh.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
public func silu(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  activate(TargetSet.self, SiLU.self, x, count: count, alpha: alpha, y)
}

@inline(never)
public func siluBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  activateBackward(TargetSet.self, SiLU.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
public func tanh(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  activate(TargetSet.self, Tanh.self, x, count: count, alpha: alpha, y)
}

@inline(never)
public func tanhBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  activateBackward(TargetSet.self, Tanh.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
public func sigmoid(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  activate(TargetSet.self, Sigmoid.self, x, count: count, alpha: alpha, y)
}

@inline(never)
public func sigmoidBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  activateBackward(TargetSet.self, Sigmoid.self, saved, dy, count: count, alpha: alpha, dx)
}
