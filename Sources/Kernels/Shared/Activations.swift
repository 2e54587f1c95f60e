// The activation functions, instantiated like the rest of the kernels: a function each, because a
// function that held them all would be too large to have everything inlined.

import KernelBodies

extension TargetKernels {
  static func activate(
    _ kind: ActivationKind, _ x: Source, count: Int, alpha: Float, to y: Target
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

  static func activateBackward(
    _ kind: ActivationKind, saved: Source, dy: Source, count: Int, alpha: Float, to dx: Target
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
}

@inline(never)
func relu(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  KernelBodies.activate(TargetKernels.self, ReLU.self, x, count: count, alpha: alpha, y)
}

@inline(never)
func reluBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  KernelBodies.activateBackward(
    TargetKernels.self, ReLU.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
func leakyReLU(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  KernelBodies.activate(TargetKernels.self, LeakyReLU.self, x, count: count, alpha: alpha, y)
}

@inline(never)
func leakyReLUBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  KernelBodies.activateBackward(
    TargetKernels.self, LeakyReLU.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
func elu(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  KernelBodies.activate(TargetKernels.self, ELU.self, x, count: count, alpha: alpha, y)
}

@inline(never)
func eluBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  KernelBodies.activateBackward(
    TargetKernels.self, ELU.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
func gelu(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  KernelBodies.activate(TargetKernels.self, GELU.self, x, count: count, alpha: alpha, y)
}

@inline(never)
func geluBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  KernelBodies.activateBackward(
    TargetKernels.self, GELU.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
func geluTanh(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  KernelBodies.activate(TargetKernels.self, GELUTanh.self, x, count: count, alpha: alpha, y)
}

@inline(never)
func geluTanhBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  KernelBodies.activateBackward(
    TargetKernels.self, GELUTanh.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
func silu(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  KernelBodies.activate(TargetKernels.self, SiLU.self, x, count: count, alpha: alpha, y)
}

@inline(never)
func siluBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  KernelBodies.activateBackward(
    TargetKernels.self, SiLU.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
func tanh(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  KernelBodies.activate(TargetKernels.self, Tanh.self, x, count: count, alpha: alpha, y)
}

@inline(never)
func tanhBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  KernelBodies.activateBackward(
    TargetKernels.self, Tanh.self, saved, dy, count: count, alpha: alpha, dx)
}

@inline(never)
func sigmoid(_ x: Source, _ count: Int, _ alpha: Float, _ y: Target) {
  KernelBodies.activate(TargetKernels.self, Sigmoid.self, x, count: count, alpha: alpha, y)
}

@inline(never)
func sigmoidBackward(
  _ saved: Source, _ dy: Source, _ count: Int, _ alpha: Float, _ dx: Target
) {
  KernelBodies.activateBackward(
    TargetKernels.self, Sigmoid.self, saved, dy, count: count, alpha: alpha, dx)
}
