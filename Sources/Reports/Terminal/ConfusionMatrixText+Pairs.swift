import Metrics
import Support

// The list under the matrix: `4 → 9   37 of 980   3.8 %   3.6 %  ▇▇▇▇▇▇▇▇`.
extension ConfusionMatrixText {
  func pairLines(_ limit: Int) -> [String] {
    let pairs = matrix.topConfusions(limit)
    guard !pairs.isEmpty else { return ["No class was mixed up with another."] }
    let supports = matrix.supports
    let shown = pairs.map { label($0.trueClass) + arrow + label($0.predictedClass) }
    let parts = pairs.map { "\(grouped($0.count)) of \(grouped(supports[$0.trueClass]))" }
    let (shownWidth, partWidth) = (width(of: shown), width(of: parts))
    let lines = pairs.indices.map { index in
      "  " + style(.bold, shown[index].filled(right: shownWidth))
        + "  " + parts[index].filled(left: partWidth)
        + "  " + percent(pairs[index].shareOfTrue, 1).filled(left: 7)
        + "  " + percent(pairs[index].shareOfPredicted, 1).filled(left: 7)
        + "  "
        + bar(pairs[index].count, of: pairs[0].count, support: supports[pairs[index].trueClass])
    }
    return [
      style(.bold, "Most often mixed up")
        + "  true\(arrow)predicted: count, share of true, share of predicted"
    ] + lines
  }

  private var arrow: String { terminal.allowsUnicode ? " → " : " -> " }

  private func label(_ index: Int) -> String { matrix.labels[index].cut(to: 10) }

  private func width(of texts: [String]) -> Int { texts.map(\.columnCount).max() ?? 0 }

  /// A bar in the colour of the matrix' shade; the worst pair has 20 characters.
  private func bar(_ count: Int, of most: Int, support: Int) -> String {
    let length = max(1, (count * 20 + most / 2) / most)
    let weight = MatrixShade(count: count, of: support)?.textWeight
    return style(weight, String(repeating: terminal.allowsUnicode ? "▇" : "#", count: length))
  }
}
