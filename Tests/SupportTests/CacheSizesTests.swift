import Testing

@testable import Support

@Suite struct CacheSizesTests {
  @Test func theVariableOverridesWhatTheProcessorSays() throws {
    let sizes = try CacheSizes.chosen(environment: ["EMNIST_CACHE": "32k,2M"])
    #expect(sizes == CacheSizes(level1Bytes: 32_768, level2Bytes: 2_097_152))
    #expect(sizes.text == "32K and 2M")
    #expect(
      try CacheSizes.chosen(environment: ["EMNIST_CACHE": ""])
        == CacheSizes(said: Processor.current.level1Bytes, Processor.current.level2Bytes))
  }

  @Test func thereAreSizesWhereTheProcessorSaysNothing() {
    #expect(CacheSizes(said: 0, 0) == CacheSizes(level1Bytes: 32_768, level2Bytes: 524_288))
    #expect(CacheSizes(said: 49_152, 0) == CacheSizes(level1Bytes: 49_152, level2Bytes: 524_288))
  }

  @Test(arguments: ["32K", "32K,512K,4M", "0,512K", "32K,", "big,512K", "32K,9999G", "-1,-1"])
  func whatIsNotTwoSizesIsRefused(text: String) {
    let error = #expect(throws: CacheSizesError.self) {
      try CacheSizes.chosen(environment: ["EMNIST_CACHE": text])
    }
    #expect(error?.exitCode == .usage)
    #expect(error?.description.contains("'\(text)'") == true)
  }
}
