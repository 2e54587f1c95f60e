/// What drawings look like: one style sheet for all of them, light or dark as the reader has it.
///
/// The colours of lines are Okabe's and Ito's, which readers with any colour vision tell apart
/// (Okabe and Ito, "Color Universal Design", 2008), in the order that stands out best from white,
/// and in another from black. Dashes and markers differ too. Those of an order, from bad to good,
/// grow darker on white and lighter on black (Cynthia Brewer's YlGnBu, ColorBrewer, 2002).
enum ChartStyle {
  /// The width of a drawing that does not need more: a column of a page, and not much more than a
  /// phone has, so that texts stay large enough there.
  static let width = 430.0

  /// Sizes of text, in units of the drawing.
  static let title = 13.0
  static let label = 12.0
  static let small = 10.0

  /// The number of colours; more series take them again with other dashes.
  static let colorCount = 6

  /// The number of colours of an order.
  static let levelCount = 7

  /// The colours, for whatever document a drawing stands in.
  static let variables = """
    :root{color-scheme:light dark;\(light)}
    @media (prefers-color-scheme:dark){:root{\(dark)}}
    @media print{:root{color-scheme:light;\(light)}}
    """

  private static let light =
    "--ink:#1f2328;--edge:#c2c9d1;--soft:#59636e;--line:#d8dee4;--paper:#ffffff;--flat:#e4e8ec;--heat:#003f66;"
    + "--s0:#0072b2;--s1:#d55e00;--s2:#009e73;--s3:#b0568a;--s4:#a87400;--s5:#2f8fc4;"
    + "--pixels:none;--weights:none;"
    + "--v0:#c7e9b4;--v1:#7fcdbb;--v2:#41b6c4;--v3:#1d91c0;--v4:#225ea8;--v5:#253494;--v6:#081d58;"

  private static let dark =
    "--ink:#e6edf3;--edge:#4d5863;--soft:#a3adb8;--line:#343b44;--paper:#0f141a;--flat:#2a323c;--heat:#56b4e9;"
    + "--s0:#56b4e9;--s1:#e69f00;--s2:#22b58a;--s3:#e09cc4;--s4:#f0e442;--s5:#e8743b;"
    + "--pixels:invert(1);--weights:invert(1) hue-rotate(180deg);"
    + "--v0:#33439c;--v1:#2a64ac;--v2:#1d91c0;--v3:#41b6c4;--v4:#7fcdbb;--v5:#c7e9b4;--v6:#ffffd9;"

  /// Markup whose variables are their values on white paper, for programs that know none.
  static func onPaper(_ markup: String) -> String {
    var plain = markup
    for variable in light.split(separator: ";") {
      let parts = variable.split(separator: ":", maxSplits: 1).map(String.init)
      plain = plain.replacing("var(\(parts[0]))", with: parts[1])
    }
    return plain
  }

  /// The shapes and texts of drawings.
  static let shapes =
    """
    .chart{font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}
    .chart text{fill:var(--ink);font-size:\(label.attributeText)px;stroke:none}
    .chart .title{font-size:\(title.attributeText)px;font-weight:600}
    .chart .soft{fill:var(--soft)}
    .chart .small{font-size:\(small.attributeText)px}
    .chart .over{fill:var(--paper)}
    .chart .end{text-anchor:end}
    .chart .middle{text-anchor:middle}
    .chart .grid{stroke:var(--line);stroke-width:1;fill:none}
    .chart .hair{stroke:var(--line);stroke-width:.5;fill:none}
    .chart .frame{stroke:var(--soft);stroke-width:1;fill:none}
    .chart .mark{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 3;fill:none}
    .chart .reference{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:4 3}
    .chart .ring{stroke:var(--ink);stroke-width:1.5;fill:none}
    .chart .series{stroke-width:2;fill:none;stroke-linejoin:round}
    .chart .band{stroke:none;fill-opacity:.16}
    .chart .point{stroke:var(--paper);stroke-width:1}
    .chart .part{fill:none;stroke-width:1;stroke-opacity:.7}
    .chart .span{stroke:var(--soft);stroke-width:2;stroke-opacity:.55}
    .chart .hover{fill:transparent;stroke:none}
    .chart .heat{fill:var(--heat)}
    .chart .flat{fill:var(--flat)}
    .chart .gap{fill:var(--s1);fill-opacity:.35;stroke:var(--s1);stroke-width:1}
    .chart .level{stroke:var(--s0);stroke-width:2.5}
    .chart .trial{stroke:currentColor;fill:none;stroke-width:1.2;stroke-linejoin:round}
    .chart .dot{fill:currentColor;stroke:var(--paper);stroke-width:.6}
    .chart .area{fill:currentColor;stroke:none}
    .chart .field{opacity:.8;shape-rendering:crispEdges}
    .chart .spot{fill:currentColor;stroke:var(--ink);stroke-width:.8}
    .chart .halo{paint-order:stroke;stroke:var(--paper);stroke-width:3;stroke-linejoin:round}
    .chart .plain{color:var(--s0)}
    .chart .best{color:var(--s1);stroke-width:2.4}
    .chart .faint{color:var(--soft);opacity:.4}
    .chart .crowd .trial{stroke-width:.8;opacity:.45}
    .chart .crowd .faint{opacity:.2}
    .chart .pixels{image-rendering:pixelated;filter:var(--pixels)}
    .chart .weights{image-rendering:pixelated;filter:var(--weights)}
    """
    + (0..<colorCount).map {
      "\n.chart .l\($0){stroke:var(--s\($0))}\n.chart .f\($0){fill:var(--s\($0))}"
    }.joined()
    + (0..<levelCount).map { "\n.chart .v\($0){color:var(--v\($0))}" }.joined()
}
