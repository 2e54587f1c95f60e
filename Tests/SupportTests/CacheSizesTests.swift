import Testing

@testable import Support

@Suite struct CacheSizesTests {
  @Test func theVariableOverridesWhatTheProcessorSays() throws {
    let sizes = try CacheSizes.chosen(environment: ["EMNIST_CACHE": "32k,2M"])
    #expect(sizes == CacheSizes(level1Bytes: 32_768, level2Bytes: 2_097_152))
    #expect(sizes.text == "32K and 2M")
    #expect(try CacheSizes.chosen(environment: ["EMNIST_CACHE": ""]) == CacheSizes(of: .current))
  }

  @Test func thereAreSizesWhereTheProcessorSaysNothing() throws {
    let sizes = try CacheSizes.chosen(environment: [:])
    #expect(sizes.level1Bytes >= 1024 && sizes.level2Bytes >= 1024)
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
