import Support
import Tensor
import Testing

@Suite struct SIMDLevelTests {
  @Test func theWidestUsableLevelIsTheDefault() throws {
    #expect(SIMDLevel.usable.contains(.portable))
    #expect(SIMDLevel.widest == SIMDLevel.usable.first)
    #expect(try SIMDLevel.chosen(environment: [:]) == .widest)
    #expect(try SIMDLevel.chosen(environment: ["EMNIST_SIMD": ""]) == .widest)
  }

  @Test func everyUsableLevelCanBeForced() throws {
    for level in SIMDLevel.usable {
      #expect(try SIMDLevel.chosen(environment: ["EMNIST_SIMD": level.rawValue]) == level)
      #expect(Device(level: level, threads: 2).level == level)
    }
  }

  @Test func anUnknownLevelNamesTheChoices() {
    let error = #expect(throws: SIMDError.self) {
      try SIMDLevel.chosen(environment: ["EMNIST_SIMD": "sse9"])
    }
    #expect(error?.exitCode == .usage)
    #expect(
      error?.description
        == "EMNIST_SIMD: unknown instruction set 'sse9'; choose avx512, avx2 or portable")
  }

  @Test func aLevelThatIsNotThereNamesThoseThatAre() {
    let error = SIMDError.notUsable(name: "avx512")
    let choices = SIMDLevel.usable.map(\.rawValue).asChoices
    #expect(error.exitCode == .unavailable)
    #expect(
      error.description
        == "EMNIST_SIMD: this processor has no 'avx512'; choose \(choices), or unset it")
  }

  @Test(arguments: SIMDLevel.allCases.filter { !$0.isUsable })
  func aLevelThatIsNotThereCannotBeForced(_ level: SIMDLevel) {
    #expect(throws: SIMDError.notUsable(name: level.rawValue)) {
      try SIMDLevel.chosen(environment: ["EMNIST_SIMD": level.rawValue])
    }
  }
}
