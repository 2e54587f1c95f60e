import Foundation
import NN
import TestSupport
import Testing

@testable import Interchange

@Suite struct CSourceTests {
  @Test(arguments: ExportCase.all)
  func theNumbersInTheTextAreTheNetwork(_ example: ExportCase) throws {
    let model = try example.model()
    let network = try ExportCase.network(model)
    guard model.description.name != "vit" else {
      let error = #expect(throws: ExportError.self) {
        try NetworkFormat.c.encode(network, ExportOptions())
      }
      #expect(
        error?.description
          == "layer 'patches1' is one over tokens, which 'c' is not written with; choose another format"
      )
      return
    }
    try NetworkFormat.c.expectToCompute(example)
  }

  @Test func whatIsReadNoMoreMakesRoom() throws {
    for example in ExportCase.all {
      let graph = try ExportCase.graph(of: example.model())
      let (plan, consumers) = (BufferPlan(graph, skipping: [0]), graph.consumers)
      for (place, node) in graph.nodes.enumerated() where place > 0 {
        // Nothing that is read later lies where a node writes.
        let start = try #require(plan.places[place])
        let written = start..<start + node.count
        for (other, before) in graph.nodes.enumerated() where (1..<place).contains(other) {
          let isRead = consumers[other].contains { $0 > place }
          let from = try #require(plan.places[other])
          #expect(!isRead || !written.overlaps(from..<from + before.count), "\(node.name)")
        }
        #expect(written.upperBound <= plan.size)
      }
    }
  }

  @Test func textsCannotEndCommentsOrLiterals() {
    #expect(CSource.literal("\"\\é?") == #""\"\\\303\251\?""#)
    #expect(CSource.comment("a*/b") == "a* /b")
    #expect(CSource.identifier("res1.shortcut.conv1") == "res1_shortcut_conv1")
  }
}
