/// What a page looks like: one column on a phone, two on a desk, and on paper.
enum PageStyle {
  static let css =
    ChartStyle.variables + "\n" + ChartStyle.shapes
      + """

      *{box-sizing:border-box}
      body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,\
      'Segoe UI',Roboto,Helvetica,Arial,sans-serif}
      main{max-width:1180px;margin:0 auto;padding:1.5rem 1rem 4rem}
      h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0;overflow-wrap:anywhere}
      h2{font-size:1.25rem;margin:2.6rem 0 .8rem;padding-top:.6rem;border-top:1px solid var(--line)}
      p{max-width:46rem}
      a{color:var(--s0)}
      nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:1rem 0}
      .lead,figcaption,small,.soft td{color:var(--soft)}
      .keys{display:grid;grid-template-columns:repeat(auto-fill,minmax(10.5rem,1fr));gap:.7rem;\
      margin:1.2rem 0}
      .keys div{border:1px solid var(--line);border-radius:8px;padding:.6rem .8rem}
      dt{color:var(--soft);font-size:.85rem}
      dd{margin:0}
      dd data{display:block;font-size:1.45rem;font-weight:600;font-variant-numeric:tabular-nums;\
      line-height:1.25;overflow-wrap:anywhere}
      small{display:block;font-size:.8rem;line-height:1.35}
      .grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,29rem),1fr));\
      gap:1.6rem 2rem;align-items:start}
      .grid+.scroll{margin-top:1.6rem}
      .flow{columns:2 29rem;column-gap:2rem}
      .flow figure{break-inside:avoid;padding-bottom:1.6rem}
      .stack{display:grid;gap:1.6rem;min-width:0}
      figure{margin:0;min-width:0}
      .wide{grid-column:1/-1}
      figcaption{font-size:.85rem;line-height:1.4;padding:0 .5rem;max-width:36rem}
      .scroll{overflow-x:auto;min-width:0;background:\
      linear-gradient(to right,var(--paper) 30%,transparent) left/2.5rem 100%,\
      linear-gradient(to left,var(--paper) 30%,transparent) right/2.5rem 100%,\
      linear-gradient(to right,var(--edge),transparent) left/.7rem calc(100% - 2px),\
      linear-gradient(to left,var(--edge),transparent) right/.7rem calc(100% - 2px);\
      background-repeat:no-repeat;background-attachment:local,local,scroll,scroll}
      .verdict{border:1px solid var(--line);border-left:.5rem solid var(--soft);\
      border-radius:8px;padding:.8rem 1.1rem;margin:1.2rem 0}
      .verdict p{margin:0;max-width:none}
      .headline{font-size:1.35rem;font-weight:600;line-height:1.3;overflow-wrap:anywhere}
      .evidence{color:var(--soft);padding-top:.3rem}
      \((0..<ChartStyle.colorCount).map { ".k\($0){border-left-color:var(--s\($0))}" }.joined())
      .chart{display:block;width:100%;height:auto}
      figure{max-width:530px}
      .wide{max-width:none}
      .word{display:inline-block;max-width:100%}
      pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line);\
      border-radius:8px;padding:.6rem .8rem;font-size:.85rem;margin:.6rem 0 1.2rem}
      table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums;\
      width:100%;margin-bottom:1.2rem}
      caption{text-align:left;font-weight:600;padding:.2rem 0 .4rem}
      caption span{display:inline-block;position:sticky;left:0;max-width:min(100%,calc(100vw - 3rem))}
      th{color:var(--soft);font-weight:600}
      th,td{padding:.16rem .5rem;text-align:left;vertical-align:top;\
      border-bottom:1px solid var(--line)}
      td.text{white-space:nowrap}
      td.free{overflow-wrap:anywhere;min-width:8rem}
      .number{text-align:right;white-space:nowrap}
      .total td{border-top:2px solid var(--soft);font-weight:600}
      @media print{
      body{font-size:11pt}
      nav{display:none}
      main{max-width:none;padding:0}
      h2{break-after:avoid}
      figure,tr,.keys div{break-inside:avoid}
      .scroll,.scroll div{overflow:visible;min-width:0!important}
      .grid{grid-template-columns:1fr 1fr}
      }
      """

  /// A whole document.
  static func document(title: String, body: Markup) -> String {
    let head = Markup.element(
      "head", [:], .empty("meta", ["charset": "utf-8"]),
      .empty("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .empty("meta", ["name": "generator", "content": "emnist"]),
      .element("title", [:], Markup(title)), .style(css))
    let html = Markup.element(
      "html", ["lang": "en"], head,
      .element("body", [:], .element("main", [:], body)))
    return "<!DOCTYPE html>\n\(html.text)\n"
  }

  /// How things follow each other.
  enum Arrangement: String {
    /// Beside each other where there is room, in rows.
    case grid
    /// The same, but columns are filled one after the other.
    case flow
    /// Under each other.
    case stack
  }

  /// A command as one types it, which is broken between its words alone: not within `--lr`.
  static func command(_ text: String) -> Markup {
    let words = text.split(separator: " ").map {
      Markup.element("span", ["class": "word"], Markup(String($0)))
    }
    let joined = words.dropFirst().reduce(words.first ?? Markup()) { $0 + Markup(" ") + $1 }
    return .element("pre", [:], .element("code", [:], joined))
  }

  static func arranged(_ arrangement: Arrangement, _ items: [Markup]) -> Markup {
    .element("div", ["class": arrangement.rawValue], items.joined())
  }
}
