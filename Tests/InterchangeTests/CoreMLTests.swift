import NN
import TestSupport
import Testing

@testable import Interchange

@Suite struct CoreMLTests {
  @Test(arguments: ExportCase.all)
  func theFileComputesWhatTheModelDoes(_ example: ExportCase) throws {
    try NetworkFormat.coreML.expectToCompute(example, refusing: isOverTokens)
  }
}
