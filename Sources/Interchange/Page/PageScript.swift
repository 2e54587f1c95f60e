import Support

/// What a page to draw on is made of beside its network: HTML, style, and a script by hand.
enum PageScript {
  /// The whole script; what it defines is its own but for `emnist`, by which tests reach it.
  static let all =
    "\"use strict\";\n(() => {\n" + network + "\n" + preparation + "\n" + drawing
    + "\nwindow.emnist = { run, prepared, score, page };\n})();\n"

  /// How EMNIST's characters sit in their images, for networks that do not say how theirs do.
  static let usualForm: JSONValue = [
    "centering": "box", "ink": "bright", "longer_side": [18, 20.6, 22.5, 23.7, 25],
    "x": [13.2, 13.8, 14.01, 14.2, 14.8], "y": [13.3, 13.9, 14.01, 14.2, 14.8],
    "stroke": [1.4, 2.08, 2.84, 3.92, 5.6], "softness": [0.8, 1.2, 1.67, 2.2, 3.2],
  ]

  static let style = """
    :root { color-scheme: light dark; --text: #1b1f24; --soft: #57606a; --ground: #fff; --line: #d0d7de; --accent: #0b6e4f; }
    @media (prefers-color-scheme: dark) {
      :root { --text: #e6edf3; --soft: #9aa5b1; --ground: #12161b; --line: #343b44; --accent: #4cc38a; }
    }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 68rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); }
    h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
    h2 { font-size: 1rem; margin: 0 0 .5rem; }
    p { margin: 0 0 .5rem; }
    .soft, figcaption { color: var(--soft); font-size: .875rem; }
    main { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); margin: 1rem 0; }
    .sheet { position: relative; max-width: 22rem; }
    #sheet { width: 100%; aspect-ratio: 1; display: block; border: 1px solid var(--line); border-radius: .5rem; touch-action: none; cursor: crosshair; background: #fff; }
    #sheet:focus-visible, button:focus-visible, label:focus-within { outline: 3px solid var(--accent); outline-offset: 2px; }
    #tip { position: absolute; width: 14px; height: 14px; margin: -7px; border: 2px solid #0b6e4f; border-radius: 50%; pointer-events: none; }
    .buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem; }
    button, .buttons label { display: inline-flex; align-items: center; font: inherit; color: inherit; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: transparent; cursor: pointer; }
    #file { position: absolute; width: 1px; height: 1px; opacity: 0; }
    #answer { font-size: 1.4rem; font-weight: 600; min-height: 2.1rem; }
    #bars { list-style: none; margin: 0; padding: 0; min-height: 9.5rem; }
    #bars li { display: grid; grid-template-columns: 2.5rem 1fr 4.5rem; align-items: center; gap: .5rem; min-height: 1.9rem; }
    #bars b { font-size: 1.1rem; overflow: hidden; text-overflow: ellipsis; }
    #bars span { text-align: right; font-variant-numeric: tabular-nums; }
    #bars.faint { opacity: .55; }
    meter { width: 100%; height: 1rem; }
    #seen { width: 11rem; image-rendering: pixelated; border: 1px solid var(--line); display: block; }
    #maps { display: grid; gap: 1rem; }
    #maps figure { margin: 0; }
    #maps canvas { width: 100%; max-width: 60rem; image-rendering: pixelated; background: var(--line); display: block; }
    [hidden] { display: none; }
    @media print { .buttons, .help { display: none; } body { max-width: none; } }
    """

  static let body = #"""
    <h1>Draw a character</h1>
    <p class="soft">TITLE Nothing leaves this page.</p>
    <main>
    <section aria-label="The sheet">
    <div class="sheet"><canvas id="sheet" width="280" height="280" tabindex="0" role="img" aria-label="Sheet to draw a character on" aria-describedby="help"></canvas><div id="tip" hidden></div></div>
    <div class="buttons"><button id="undo" type="button">Undo</button><button id="clear" type="button">Clear</button><label>Open a picture<input id="file" type="file" accept="image/*"></label></div>
    <p class="soft help" id="help">Draw with mouse, finger or pen, or drop or paste a picture. With the keyboard: arrow keys move the pen, the space bar puts it down and lifts it; Ctrl+Z undoes, Escape clears.</p>
    </section>
    <section aria-label="The answer">
    <p id="answer" role="status" aria-live="polite"></p>
    <ol id="bars" aria-label="The most probable classes"></ol>
    <p class="soft" id="pace" hidden>The network took <span id="time"></span>.</p>
    </section>
    <section aria-label="What the network sees">
    <h2>What the network sees</h2>
    <canvas id="seen" role="img" aria-label="The drawing as the network takes it"></canvas>
    <p class="soft">SIZE pixels: the character in the middle, as large and with strokes as wide and as soft as in the training images.</p>
    </section>
    </main>
    <h2 id="maps-title">What its convolutions make of it</h2>
    <div id="maps"></div>
    """#
}
