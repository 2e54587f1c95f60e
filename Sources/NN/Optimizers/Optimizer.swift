import Tensor

/// Changes parameters after their gradients. What it remembers is indexed like the parameters.
public protocol Optimizer: AnyObject {
  /// One update of every parameter.
  ///
  /// - Parameter rate: the learning rate.
  func step(_ parameters: [Parameter], rate: Double, on device: Device)

  /// What a bit-exact resume needs, by name: `fc1.weight.velocity`.
  func state(of parameters: [Parameter]) -> [StateTensor]

  /// The updates made so far.
  var stepCount: Int { get set }
}
