import NN
import TestSupport
import Testing

@testable import Interchange

@Suite struct ONNXTests {
  @Test(arguments: ExportCase.all)
  func theFileComputesWhatTheModelDoes(_ example: ExportCase) throws {
    try NetworkFormat.onnx.expectToCompute(example)
  }

  @Test func aDenseLayerHasTheBytesOfTheReference() {
    var builder = ONNXBuilder(name: "g")
    let (w, b) = (
      builder.constant("w", [1, 2, 3, 4], [2, 2]), builder.constant("b", [0.5, -0.5], [2])
    )
    _ = builder.add("Gemm", "fc", "x", w, b, attributes: ["transB": .integer(1)])
    builder.renameLast("y")
    builder.addInput("x", .float, shape: [2])
    builder.addOutput("y", shape: [2])
    let bytes = builder.model.encoded(version: "")
    let text = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    // Fields as onnx's own serializer orders them.
    #expect(text.hasPrefix("08081206656d6e697374"))
    #expect(
      text.contains(
        "0a250a01780a01770a0162120179" + "1a02666322" + "0447656d6d2a0d0a067472616e7342"
          + "1801a00102"))
    #expect(text.contains("2a1b0802080210014201774a100000803f000000400000404000008040"))
    #expect(text.hasSuffix("42021011"))
  }

  @Test func aDamagedFileIsAnErrorAndNoTrap() throws {
    let network = try ExportCase.network(ExportCase.all[0].model())
    let bytes = try NetworkFormat.onnx.encode(network, ExportOptions())
    for count in [0, 1, 20, bytes.count / 2, bytes.count - 1] {
      #expect(throws: (any Error).self) {
        try ONNXModel(parsing: Array(bytes.prefix(count)), path: "x.onnx")
      }
    }
  }
}
