import NN
import Support
import Tensor
import Testing

@testable import Interchange

@Suite struct DrawingPageTests {
  @Test(arguments: ExportCase.all)
  func everyModelIsReadBackFromItsPage(_ tried: ExportCase) throws {
    let network = try ExportCase.network(try tried.model())
    let description = GraphDescription(network.graph)
    #expect(
      InferenceGraph(describedBy: .array(description.nodes), numbers: description.encodedNumbers)
        != nil)
    let graph = try #require(DrawingPage.graph(in: Array(DrawingPage(network).html.utf8)))
    let pixels = ExportCase.images(1)[0]
    #expect(
      GraphEvaluator(graph).logits(of: pixels) == GraphEvaluator(network.graph).logits(of: pixels))
  }

  @Test func namesEndNoElement() throws {
    let model = try #require(ExportCase.all.first).model()
    let labels = (0..<model.classes).map { _ in "</script><script>alert(1)</script>" }
    let page = DrawingPage(
      ExportedNetwork(
        name: "<b>", graph: try ExportCase.graph(of: model), labels: labels,
        facts: [("emnist.dataset", "<img src=x>")]))
    #expect(!page.html.contains("alert(1)</script>") && !page.html.contains("<img"))
    #expect(page.html.contains(page.policy))
    #expect(DrawingPage.graph(in: Array(page.html.utf8)) != nil)
  }

  @Test func whatIsNoPageIsNoNetwork() {
    for text in ["", "<html>", "<script type=\"application/json\" id=\"network\">{}</script>"] {
      #expect(DrawingPage.graph(in: Array(text.utf8)) == nil)
    }
    #expect(InferenceGraph(describedBy: [], numbers: "") == nil)
    #expect(
      InferenceGraph(
        describedBy: [["name": "a", "operation": "add", "inputs": [0, 7], "shape": [1]]],
        numbers: "") == nil)
  }
}
