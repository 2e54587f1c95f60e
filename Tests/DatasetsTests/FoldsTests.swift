import Support
import Tensor
import Testing

@testable import Datasets

@Suite struct FoldsTests {
  /// 10 images of a, 6 of b, none of c, 7 of d, mixed.
  private let selection: Selection = {
    var labels = [UInt16](repeating: 0, count: 10) + [UInt16](repeating: 1, count: 6)
    labels += [UInt16](repeating: 3, count: 7)
    var random = RandomStream(seed: 1, purpose: .testing)
    random.shuffle(&labels)
    let images = ImageSet(
      height: 1, width: 1, pixels: [UInt8](repeating: 0, count: 23), labels: labels)
    return Selection(images)
  }()
  private let classes = ["a", "b", "c", "d"]

  @Test(arguments: [2, 3, 5, 6]) func everyImageIsValidatedOnOnce(_ count: Int) throws {
    let folds = try selection.folds(count, seed: 4, classes: classes)
    #expect(folds.count == count)
    #expect(folds.flatMap(\.validation.indices).sorted() == selection.indices)
    for fold in folds {
      #expect((fold.training.indices + fold.validation.indices).sorted() == selection.indices)
      #expect(fold.validation.indices == fold.validation.indices.sorted())
      #expect(fold.training.indices == fold.training.indices.sorted())
    }
  }

  @Test(arguments: [2, 3, 5, 6]) func foldsAndClassesDifferByOneImageAtMost(_ count: Int) throws {
    let folds = try selection.folds(count, seed: 4, classes: classes)
    let sizes = folds.map(\.validation.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    let counts = folds.map { $0.validation.counts(classCount: 4) }
    for c in 0..<4 {
      let ofClass = counts.map { $0[c] }
      #expect((ofClass.max() ?? 0) - (ofClass.min() ?? 0) <= 1)
    }
  }

  @Test func theSeedDecides() throws {
    func parts(_ seed: UInt64) throws -> [Selection] {
      try selection.folds(3, seed: seed, classes: classes).map(\.validation)
    }
    #expect(try parts(1) == parts(1))
    #expect(try parts(1) != parts(2))
  }

  @Test func aClassThatIsTooSmallIsNamed() {
    let expected = FoldsError.classTooSmall(label: "b", images: 6, folds: 7)
    #expect(throws: expected) { _ = try selection.folds(7, seed: 0, classes: classes) }
    #expect(expected.exitCode == .dataError)
    #expect(
      expected.description
        == "class 'b' has 6 training images, too few for 7 folds")
  }
}
