import AllocationCount
import Foundation
import NN
import Support
import Tensor
import TestSupport
import Testing
import TestSupport

/// A network to train for a while.
enum SteadyModel: String, CaseIterable, Codable {
  case convolutions, dense, preset, composites, transformer

  var description: ModelDescription {
    get throws {
      switch self {
      case .convolutions:
        ModelDescription(
          name: rawValue,
          layers: [
            Conv2D(8, kernelSize: 3), Activation(.relu), MaxPool(2),
            Conv2D(16, kernelSize: 3), Activation(.relu), MaxPool(2), Flatten(),
            Dense(.count(32)), Activation(.relu), Dropout(0.5), Dense(.classes),
          ])
      case .dense:
        ModelDescription(
          name: rawValue,
          layers: [
            Flatten(), Dense(.count(64)), Activation(.relu), Dropout(0.3), Dense(.count(32)),
            Activation(.tanh), Dropout(0.3), Dense(.classes),
          ])
      case .preset: try ModelPreset.cnn.description()
      case .transformer:
        ModelDescription(
          name: rawValue,
          layers: [
            Patches(2), Dense(.count(16)), PositionalEmbedding(),
            Residual([LayerNorm(), Attention(heads: 2), SpatialDropout(0.1)]), GlobalAvgPool(),
            Dense(.classes),
          ])
      case .composites:
        ModelDescription(
          name: rawValue,
          layers: [
            Conv2D(16, kernelSize: 3), BatchNorm(), Activation(.relu),
            Residual(
              [Conv2D(16, kernelSize: 3, padding: 1), BatchNorm()],
              shortcut: [Conv2D(16, kernelSize: 1)], dropPath: 0.2),
            Concatenate([Activation(.relu), Conv2D(16, kernelSize: 1)]),
            GlobalAvgPool(), Dense(.classes),
          ])
      }
    }
  }
}

extension SteadyModel {
  func loss(batch: Int) -> any Loss {
    let weights = (0..<10).map { 0.5 + 0.1 * Double($0) }
    return switch self {
    case .dense: FocalLoss(gamma: 2, labelSmoothing: 0.1, weights: weights, batch: batch)
    case .composites: MeanSquaredError(classes: 10, batch: batch)
    default: SoftmaxCrossEntropy(labelSmoothing: 0.1, batch: batch)
    }
  }

  /// The others keep the fused loss of whole labels.
  var mixes: Bool { self == .dense || self == .convolutions }
}

/// A training that is past its first steps, in which buffers grow.
private final class SteadyTraining {
  private let plan: TrainingPlan
  private let loss: any Loss
  private let mixer: BatchMixer?
  private let accumulator: GradientAccumulator
  private let optimizer: any Optimizer
  private let rules = GradientRules(l1: 1e-5, l2: 1e-5, clipValue: 1, clipNorm: 0.1)
  private let average: WeightAverage
  private let parameters: [Parameter]
  private var targets: Targets
  private var step = 0

  static let batch = 8

  init(_ model: SteadyModel, _ optimizer: OptimizerDescriptor, threads: Int) throws {
    let network = try Model(
      model.description, inputShape: [14, 14, 1], classes: 10, on: Device(threads: threads))
    plan = TrainingPlan(network, batch: Self.batch)
    loss = model.loss(batch: Self.batch)
    mixer =
      model.mixes
      ? BatchMixer(mixup: 0.2, cutmix: 1, shape: network.inputShape, batch: Self.batch) : nil
    parameters = network.parameters
    self.optimizer = optimizer.makeOptimizer(for: parameters)
    average = WeightAverage(network, decay: 0.99)
    accumulator = GradientAccumulator(parameters)
    targets = Targets(labels: (0..<Self.batch).map { UInt16($0) })
    var random = RandomStream(seed: 1, purpose: .testing)
    let images = plan.input(Self.batch)
    for i in 0..<images.count { images[i] = random.uniform() }
    run(steps: 3)
  }

  func run(steps: Int) {
    for _ in 0..<steps {
      for pass in 2 * step...2 * step + 1 {
        mixer?.mix(
          plan.input(Self.batch), &targets, seed: 1, index: pass, on: plan.model.device)
        let logits = plan.forward(Self.batch, seed: 1, step: pass)
        _ = loss(logits, targets, on: plan.model.device)
        plan.backward(logits, seed: 1, step: pass)
        accumulator.add(images: 1, on: plan.model.device)
      }
      accumulator.takeMean(on: plan.model.device)
      rules.apply(to: parameters, on: plan.model.device)
      optimizer.step(parameters, rate: 0.001, on: plan.model.device)
      average.update(step: step, on: plan.model.device)
      step += 1
    }
  }
}

@Suite(
  .enabled(if: allocation_count_is_available(), "allocations are counted with glibc only"),
  .enabled(if: isOptimized, "run Scripts/check_allocations.sh, which builds optimized tests"))
struct AllocationTests {
  @Test(arguments: SteadyModel.allCases, [1, 2])
  func aHundredStepsAllocateNothing(model: SteadyModel, threads: Int) async throws {
    try await expectNoAllocations(model, OptimizerDescriptor.adam.name, threads: threads)
  }

  @Test(arguments: OptimizerDescriptor.all.map(\.name), [1, 2])
  func aHundredUpdatesAllocateNothing(optimizer: String, threads: Int) async throws {
    try await expectNoAllocations(.dense, optimizer, threads: threads)
  }

  /// In a process of its own, because all threads are counted and other tests allocate. It writes
  /// where the allocations were made.
  private func expectNoAllocations(
    _ model: SteadyModel, _ optimizer: String, threads: Int
  ) async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) { [model, optimizer, threads] in
      let kind = try #require(OptimizerDescriptor.named(optimizer))
      let training = try SteadyTraining(model, kind, threads: threads)
      allocation_count_begin()
      training.run(steps: 100)
      let count = allocation_count_end()
      guard count > 0 else { return }
      FileHandle.standardError.write(Data("\(count) allocations in 100 steps\n".utf8))
      allocation_count_show(2)
    }
    let report = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(report == "")
  }

  @Test func anAllocationIsCounted() async {
    await #expect(processExitsWith: .failure) {
      allocation_count_begin()
      let tensor = Tensor(zeros: [100])
      let count = allocation_count_end()
      exit(count > 0 && tensor.count == 100 ? EXIT_FAILURE : EXIT_SUCCESS)
    }
  }
}
