extension PageScript {
  /// Lets one draw, and shows what comes of it.
  static let drawing = #"""
    // The sheet to draw on, and what is shown of the network beside it.

    const $ = (id) => document.getElementById(id);
    const sheet = $("sheet"), pen = sheet.getContext("2d", { willReadFrequently: true });
    const penWidth = sheet.width / 15;
    /** What lies on the sheet: strokes as lists of points, and pictures. */
    let things = [], current = null, isWaiting = false;

    function redraw() {
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, sheet.width, sheet.height);
      for (const thing of things) {
        if (thing.picture) { pen.drawImage(thing.picture, thing.x, thing.y, thing.width, thing.height); continue; }
        const [first, ...rest] = thing;
        pen.beginPath();
        pen.moveTo(...first);
        // A point is a dot.
        for (const point of rest.length ? rest : [[first[0] + 0.01, first[1]]]) pen.lineTo(...point);
        pen.strokeStyle = "#000";
        pen.lineWidth = penWidth;
        pen.lineCap = pen.lineJoin = "round";
        pen.stroke();
      }
      if (!isWaiting) requestAnimationFrame(look);
      isWaiting = true;
    }

    /** The sheet in grey, as ITU-R BT.601 weighs colours. */
    function gray() {
      const { data } = pen.getImageData(0, 0, sheet.width, sheet.height), result = new Uint8Array(data.length / 4);
      for (let i = 0; i < result.length; i++)
        result[i] = (data[4 * i] * 19595 + data[4 * i + 1] * 38470 + data[4 * i + 2] * 7471 + 0x8000) >> 16;
      return result;
    }

    /** Classifies what lies on the sheet, and shows it. */
    function look() {
      isWaiting = false;
      const pixels = things.length ? prepared(gray(), sheet.width, sheet.height) : null;
      show($("seen"), pixels, page.width, page.height);
      $("pace").hidden = !pixels;
      if (!pixels) return tell("Nothing is drawn yet.", [], run(new Uint8Array(page.width * page.height).fill(page.form.ink === "dark" ? 255 : 0)), true);
      const start = performance.now(), values = run(pixels), milliseconds = performance.now() - start;
      const logits = values.at(-1), p = softmax(logits, page.temperature), points = score(pixels, logits);
      const best = Array.from(p.keys()).sort((a, b) => p[b] - p[a]).slice(0, 5);
      const isRejected = points !== null && page.threshold !== null && !(points >= page.threshold);
      const percent = (value) => `${(100 * value).toFixed(1)} %`;
      tell(
        isRejected ? `Not a character; the nearest is ${page.labels[best[0]]}.`
          : `${page.labels[best[0]]}, ${percent(p[best[0]])}`,
        best.map((index) => [page.labels[index], p[index], percent(p[index])]), values, isRejected);
      $("time").textContent = `${milliseconds.toFixed(1)} ms`;
    }

    function tell(sentence, bars, values, isFaint) {
      $("answer").textContent = sentence;
      const list = $("bars");
      list.classList.toggle("faint", isFaint);
      list.replaceChildren(...bars.map(([label, share, text]) => {
        const item = document.createElement("li"), name = document.createElement("b");
        const bar = document.createElement("meter"), number = document.createElement("span");
        name.textContent = label;
        bar.value = share;
        bar.setAttribute("aria-hidden", "true");
        number.textContent = text;
        item.append(name, bar, number);
        return item;
      }));
      showMaps(values);
    }

    /** Draws numbers from 0 to 255, row by row. */
    function show(canvas, pixels, width, height) {
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext("2d"), image = context.createImageData(width, height);
      for (let i = 0; i < width * height; i++) {
        const value = pixels ? pixels[i] : page.form.ink === "dark" ? 255 : 0;
        image.data.set([value, value, value, 255], 4 * i);
      }
      context.putImageData(image, 0, 0);
    }

    /** The nodes whose outputs are drawn: convolutions, behind their activation if one follows. */
    const layers = page.nodes.flatMap((node, i) => {
      if (node.operation !== "convolution") return [];
      const after = page.nodes[i + 1];
      const isActivated = after?.operation === "activation" && after.inputs[0] === i;
      return [{ name: node.name, place: isActivated ? i + 1 : i, shape: node.shape }];
    });

    /** The maps of a layer, side by side, each from its own darkest to its own brightest. */
    function showMaps(values) {
      layers.forEach((layer, number) => {
        const [height, width, channels] = layer.shape, across = Math.min(channels, 16);
        const columns = across * (width + 1) - 1, rows = Math.ceil(channels / across) * (height + 1) - 1;
        const canvas = $(`map-${number}`), x = values[layer.place];
        canvas.width = columns;
        canvas.height = rows;
        const context = canvas.getContext("2d"), image = context.createImageData(columns, rows);
        for (let c = 0; c < channels; c++) {
          let [low, high] = [Infinity, -Infinity];
          for (let i = c; i < x.length; i += channels) { low = Math.min(low, x[i]); high = Math.max(high, x[i]); }
          const [top, left] = [Math.floor(c / across) * (height + 1), (c % across) * (width + 1)];
          for (let i = 0; i < height * width; i++) {
            const light = high > low ? (x[i * channels + c] - low) / (high - low) : 0;
            const at = 4 * ((top + Math.floor(i / width)) * columns + left + (i % width));
            image.data.set([255 * light, 40 + 190 * light, 90 + 60 * light, 255], at);
          }
        }
        context.putImageData(image, 0, 0);
      });
    }

    layers.forEach((layer, number) => {
      const figure = document.createElement("figure"), canvas = document.createElement("canvas");
      const caption = document.createElement("figcaption");
      canvas.id = `map-${number}`;
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `${layer.shape[2]} maps of layer ${layer.name}`);
      caption.textContent = `${layer.name}: ${layer.shape[2]} maps of ${layer.shape[0]} × ${layer.shape[1]}`;
      figure.append(canvas, caption);
      $("maps").append(figure);
    });
    $("maps-title").hidden = layers.length === 0;

    const placeOf = (event) => {
      const box = sheet.getBoundingClientRect();
      return [((event.clientX - box.left) * sheet.width) / box.width, ((event.clientY - box.top) * sheet.height) / box.height];
    };
    sheet.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      sheet.setPointerCapture(event.pointerId);
      things.push((current = [placeOf(event)]));
      redraw();
    });
    sheet.addEventListener("pointermove", (event) => {
      if (!current) return;
      for (const part of event.getCoalescedEvents?.() ?? [event]) current.push(placeOf(part));
      redraw();
    });
    for (const end of ["pointerup", "pointercancel"]) sheet.addEventListener(end, () => (current = null));

    const undo = () => { things.pop(); current = null; redraw(); };
    const clear = () => { things = []; current = null; redraw(); };
    $("undo").addEventListener("click", undo);
    $("clear").addEventListener("click", clear);

    /** Puts a picture on the sheet instead of what lies there, as large as it fits. */
    async function open(file) {
      let picture;
      try { picture = await createImageBitmap(file); } catch {
        $("answer").textContent = "That is no picture that this browser can read.";
        return;
      }
      const scale = Math.min(sheet.width / picture.width, sheet.height / picture.height);
      const [width, height] = [picture.width * scale, picture.height * scale];
      things = [{ picture, x: (sheet.width - width) / 2, y: (sheet.height - height) / 2, width, height }];
      redraw();
    }
    $("file").addEventListener("change", (event) => event.target.files[0] && open(event.target.files[0]));
    document.addEventListener("paste", (event) => event.clipboardData.files[0] && open(event.clipboardData.files[0]));
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
    });

    // With the keyboard: arrows move a pen over the sheet, the space bar puts it down or lifts it.
    let tip = [sheet.width / 2, sheet.height / 2];
    function moveTip(x, y) {
      tip = [within(tip[0] + x, 0, sheet.width), within(tip[1] + y, 0, sheet.height)];
      const dot = $("tip");
      dot.hidden = false;
      dot.style.left = `${(100 * tip[0]) / sheet.width}%`;
      dot.style.top = `${(100 * tip[1]) / sheet.height}%`;
      if (current) { current.push(tip.slice()); redraw(); }
    }
    sheet.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 4 : 14;
      const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
      if (moves[event.key]) moveTip(...moves[event.key]);
      else if (event.key === " ") {
        if (current) current = null; else { things.push((current = [tip.slice()])); redraw(); }
        moveTip(0, 0);
      } else return;
      event.preventDefault();
    });
    sheet.addEventListener("blur", () => { $("tip").hidden = true; current = null; });
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "z") { event.preventDefault(); undo(); }
      if (event.key === "Escape") clear();
    });

    redraw();
    """#
}
