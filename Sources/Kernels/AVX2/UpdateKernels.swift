// The optimizers' update rules, instantiated like the rest of the kernels.

import KernelBodies

@inline(never) @Sendable
public func sgdUpdateKernel(
  _ w: Target, _ gradient: Source, _ velocity: Target, _ count: Int, _ rate: Float,
  _ momentum: Float, _ decay: Float, _ nesterov: Bool
) {
  KernelBodies.sgdUpdate(
    TargetSet.self, w, gradient, velocity, count: count, rate: rate, momentum: momentum,
    decay: decay, nesterov: nesterov)
}

@inline(never) @Sendable
public func adamUpdateKernel(
  _ w: Target, _ gradient: Source, _ m: Target, _ v: Target, _ count: Int, _ step: AdamStep
) {
  KernelBodies.adamUpdate(TargetSet.self, w, gradient, m, v, count: count, step)
}

@inline(never) @Sendable
public func rmspropUpdateKernel(
  _ w: Target, _ gradient: Source, _ squares: Target, _ velocity: Target, _ count: Int,
  _ step: RMSpropStep
) {
  KernelBodies.rmspropUpdate(TargetSet.self, w, gradient, squares, velocity, count: count, step)
}

@inline(never) @Sendable
public func adagradUpdateKernel(
  _ w: Target, _ gradient: Source, _ squares: Target, _ count: Int, _ rate: Float,
  _ epsilon: Float, _ decay: Float
) {
  KernelBodies.adagradUpdate(
    TargetSet.self, w, gradient, squares, count: count, rate: rate, epsilon: epsilon, decay: decay)
}

@inline(never) @Sendable
public func addPenaltyGradientKernel(
  _ w: Source, _ count: Int, _ l1: Float, _ l2: Float, _ gradient: Target
) {
  KernelBodies.addPenaltyGradient(TargetSet.self, w, count: count, l1: l1, l2: l2, gradient)
}
