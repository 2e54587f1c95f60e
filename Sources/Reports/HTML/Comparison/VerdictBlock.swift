import Analysis

/// What a page comes to, at its top: a sentence, and what it rests on.
struct VerdictBlock {
  private let headline: String
  private let evidence: String
  /// The colour of whoever is ahead by more than chance.
  private let color: Int?

  init(_ headline: String, _ evidence: String, color: Int? = nil) {
    self.headline = headline
    self.evidence = evidence
    self.color = color
  }

  init(_ verdict: Verdict) {
    self.init(
      verdict.headline, verdict.evidence, color: verdict.isBeyondChance ? verdict.best : nil)
  }

  var markup: Markup {
    let style = color.map { " k\($0 % ChartStyle.colorCount)" } ?? ""
    return .element(
      "div", ["class": "verdict\(style)"],
      .element("p", ["class": "headline"], Markup(headline + ".")),
      .element("p", ["class": "evidence"], Markup(evidence + ".")))
  }
}
