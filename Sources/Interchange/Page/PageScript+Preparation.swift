extension PageScript {
  /// Makes of a picture what the network takes.
  static let preparation = #"""
    // From a picture to what the network takes: the same steps as `emnist predict`, in the same numbers.

    const middleOf = (values) => (values.length ? Float64Array.from(values).sort()[values.length >> 1] : 0);
    const within = (value, low, high) => Math.min(Math.max(value, low), high);

    /** The threshold that parts values into two groups with the least spread inside them. */
    function otsu(values) {
      const counts = new Float64Array(256);
      for (const value of values) counts[Math.floor(within(value, 0, 255) + 0.5)]++;
      const total = values.length, sum = counts.reduce((a, count, value) => a + count * value, 0);
      let best = { between: -1, threshold: 0, lower: 0, upper: 0 }, below = 0, belowSum = 0;
      counts.forEach((count, value) => {
        if (count === 0) return;
        below += count;
        belowSum += count * value;
        const above = total - below, lower = belowSum / below;
        const upper = above > 0 ? (sum - belowSum) / above : lower;
        const between = below * above * (upper - lower) * (upper - lower);
        if (between > best.between) best = { between, threshold: value + 0.5, lower, upper };
      });
      return best;
    }

    function borderPlaces(width, height) {
      const places = [];
      for (let place = 0; place < width * height; place++) {
        const x = place % width, y = Math.floor(place / width);
        if (x === 0 || y === 0 || x === width - 1 || y === height - 1) places.push(place);
      }
      return places;
    }

    /** Paper's brightness as a plane fitted to the border, strokes that reach it left out. */
    function paperPlane(values, width, height) {
      let places = borderPlaces(width, height), plane = [0, 0, 0];
      for (let round = 0; round < 3; round++) {
        const points = places.map((p) => [p % width, Math.floor(p / width), values[p]]);
        const mean = (f) => points.reduce((a, point) => a + f(point), 0) / points.length;
        const cx = mean((p) => p[0]), cy = mean((p) => p[1]), cv = mean((p) => p[2]);
        const xx = mean((p) => (p[0] - cx) * (p[0] - cx)), yy = mean((p) => (p[1] - cy) * (p[1] - cy));
        const xy = mean((p) => (p[0] - cx) * (p[1] - cy));
        const xv = mean((p) => (p[0] - cx) * (p[2] - cv)), yv = mean((p) => (p[1] - cy) * (p[2] - cv));
        const determinant = xx * yy - xy * xy, isFlat = determinant <= 1e-9 * Math.max(xx, yy) ** 2;
        const a = isFlat ? 0 : (xv * yy - yv * xy) / determinant;
        const b = isFlat ? 0 : (yv * xx - xv * xy) / determinant;
        plane = [cv - a * cx - b * cy, a, b];
        const level = (p) => plane[0] + plane[1] * (p % width) + plane[2] * Math.floor(p / width);
        const distances = places.map((p) => Math.abs(values[p] - level(p)));
        const most = 2.5 * (1.4826 * middleOf(distances) + 1);
        const kept = places.filter((_, i) => distances[i] < most);
        if (kept.length < 10) break;
        places = kept;
      }
      return plane;
    }

    /** What hangs together in a mask, diagonal neighbours too. */
    function piecesOf(mask, width) {
      const height = mask.length / width, isLeft = Uint8Array.from(mask), pieces = [];
      for (let start = 0; start < mask.length; start++) {
        if (!isLeft[start]) continue;
        isLeft[start] = 0;
        const places = [start];
        let [left, right, top, bottom] = [width, 0, height, 0];
        for (let next = 0; next < places.length; next++) {
          const x = places[next] % width, y = Math.floor(places[next] / width);
          [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
          [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
          for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++)
            for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
              const place = row * width + column;
              if (isLeft[place]) { isLeft[place] = 0; places.push(place); }
            }
        }
        pieces.push({ places, left, right, top, bottom });
      }
      return pieces;
    }

    /** The ink of a picture's only character, from 0 to 1. */
    function inkMask(ink, width, height) {
      const plane = paperPlane(ink, width, height);
      const relief = ink.map((value, p) =>
        Math.max(0, value - (plane[0] + plane[1] * (p % width) + plane[2] * Math.floor(p / width))));
      const parts = otsu(relief);
      const pieces = piecesOf(Array.from(relief, (value) => value > parts.threshold), width);
      const darkness = (piece) => piece.places.reduce((a, p) => a + relief[p], 0) / piece.places.length;
      const main = pieces.reduce((a, b) => (a === null || b.places.length > a.places.length ? b : a), null);
      const touches = (p) => p.left === 0 || p.top === 0 || p.right === width || p.bottom === height;
      const isBeside = (p) => {
        const side = Math.max(main.right - main.left, main.bottom - main.top);
        const gap = Math.max(1, Math.floor(side / 10));
        return p.right + gap <= main.left || main.right + gap <= p.left || p.bottom + gap <= main.top
          || main.bottom + gap <= p.top;
      };
      const kept = new Uint8Array(ink.length);
      for (const piece of pieces) {
        if (piece.places.length / main.places.length < 0.04) continue;
        if (darkness(piece) < 0.5 * darkness(main)) continue;
        if (touches(piece) && !touches(main) && isBeside(piece)) continue;
        for (const place of piece.places) {
          const x = place % width, y = Math.floor(place / width);
          for (let row = Math.max(0, y - 2); row <= Math.min(height - 1, y + 2); row++)
            kept.fill(1, row * width + Math.max(0, x - 2), row * width + Math.min(width - 1, x + 2) + 1);
        }
      }
      return relief.map((value, p) => kept[p] === 1 && parts.upper > parts.lower
        ? within((value - parts.lower) / (parts.upper - parts.lower), 0, 1) : 0);
    }

    /** How a character sits in its image; null if the ink nowhere reaches a half. */
    function measures(ink, width) {
      const height = ink.length / width, rows = new Float64Array(height), columns = new Float64Array(width);
      let [sum, x, y, between, outline] = [0, 0, 0, 0, 0];
      const value = (row, column) =>
        row >= 0 && row < height && column >= 0 && column < width ? ink[row * width + column] : 0;
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++) {
          const here = ink[row * width + column];
          rows[row] = Math.max(rows[row], here);
          columns[column] = Math.max(columns[column], here);
          sum += here;
          x += here * (column + 0.5);
          y += here * (row + 0.5);
          between += here * (1 - here);
        }
      for (let row = -1; row < height; row++)
        for (let column = -1; column < width; column++) {
          const here = value(row, column), dx = value(row, column + 1) - here, dy = value(row + 1, column) - here;
          if (dx !== 0 || dy !== 0) outline += Math.sqrt(dx * dx + dy * dy);
        }
      const edge = (line) => {
        const place = line.findIndex((v) => v >= 0.5);
        return place <= 0 ? (place === 0 ? 0 : null)
          : place + 0.5 - (line[place] - 0.5) / (line[place] - line[place - 1]);
      };
      const left = edge(columns), top = edge(rows);
      if (left === null || top === null) return null;
      const right = width - edge(columns.slice().reverse()), bottom = height - edge(rows.slice().reverse());
      return {
        left, right, top, bottom, massX: x / sum, massY: y / sum, boxX: (left + right) / 2, boxY: (top + bottom) / 2,
        longerSide: Math.max(right - left, bottom - top), stroke: (2 * sum) / outline, softness: (6 * between) / outline,
      };
    }

    /** The weights by which the pixels of a line become those of another (Keys, 1981). */
    function taps(count, source, start, step) {
      const cubic = (value) => {
        const x = Math.abs(value);
        if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
        return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
      };
      const width = Math.max(step, 1);
      return Array.from({ length: count }, (_, pixel) => {
        const middle = start + (pixel + 0.5) * step;
        const low = Math.floor(middle - 2 * width), high = Math.ceil(middle + 2 * width), values = [];
        for (let place = low; place < high; place++) values.push(cubic((place + 0.5 - middle) / width));
        const total = values.reduce((a, b) => a + b, 0);
        const first = within(low, 0, source), end = Math.max(first, Math.min(high, source)), weights = [];
        for (let place = first; place < end; place++) weights.push(values[place - low] / total);
        return { first, weights };
      });
    }

    /** A character as the distance of each place of a fine raster from the outline of its strokes. */
    const fine = 4, reach = 16;

    function outlineDepths(mask, width, height, image, from, step) {
      const [rows, columns] = [image.height * fine, image.width * fine];
      const across = taps(columns, width, from.x, step / fine), along = taps(rows, height, from.y, step / fine);
      const half = new Float64Array(height * columns);
      for (let row = 0; row < height; row++)
        for (let column = 0; column < columns; column++) {
          const tap = across[column];
          let sum = 0;
          for (let i = 0; i < tap.weights.length; i++) sum += tap.weights[i] * mask[row * width + tap.first + i];
          half[row * columns + column] = sum;
        }
      const isInk = new Uint8Array(rows * columns);
      let hasInk = false;
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const tap = along[row];
          let sum = 0;
          for (let i = 0; i < tap.weights.length; i++) sum += tap.weights[i] * half[(tap.first + i) * columns + column];
          if (sum >= 0.5) hasInk = isInk[row * columns + column] = 1;
        }
      if (!hasInk) return null;
      const inside = distances(isInk, 0, rows, columns), outside = distances(isInk, 1, rows, columns);
      return inside.map((depth, i) => (depth > 0 ? depth - 0.5 : 0.5 - outside[i]) / fine);
    }

    function distances(mask, value, rows, columns) {
      const far = reach + 1, down = new Int32Array(mask.length).fill(far);
      for (let column = 0; column < columns; column++) {
        let distance = far;
        for (let row = 0; row < rows; row++) {
          distance = mask[row * columns + column] === value ? 0 : Math.min(distance + 1, far);
          down[row * columns + column] = distance;
        }
        distance = far;
        for (let row = rows - 1; row >= 0; row--) {
          const place = row * columns + column;
          distance = mask[place] === value ? 0 : Math.min(distance + 1, far);
          down[place] = Math.min(down[place], distance);
        }
      }
      const result = new Float64Array(mask.length);
      for (let place = 0; place < mask.length; place++) {
        if (down[place] === 0) continue;
        const column = place % columns, row = place - column;
        let least = far * far;
        for (let other = Math.max(0, column - reach); other <= Math.min(columns - 1, column + reach); other++)
          least = Math.min(least, (other - column) ** 2 + down[row + other] ** 2);
        result[place] = Math.sqrt(least);
      }
      return result;
    }

    /** The image with strokes 2 · growth pixels wider and edges that take `ramp` pixels. */
    function drawnImage(depths, growth, ramp, image) {
      const result = new Float64Array(image.height * image.width), columns = image.width * fine;
      for (let place = 0; place < depths.length; place++) {
        const row = Math.floor(Math.floor(place / columns) / fine), column = Math.floor((place % columns) / fine);
        result[row * image.width + column] += within(0.5 + (depths[place] + growth) / ramp, 0, 1);
      }
      const most = result.reduce((a, b) => Math.max(a, b), 0);
      return most > 0 ? result.map((value) => value / most) : result;
    }

    /** Where a rising function comes to `value`, by halving the range. */
    function solution(value, low, high, f) {
      for (let round = 0; round < 12; round++) {
        const middle = (low + high) / 2;
        if (f(middle) < value) low = middle; else high = middle;
      }
      return (low + high) / 2;
    }

    /** A character as large, in the same place, with strokes as wide and soft as in the training images. */
    function fitted(mask, width, height, form, image) {
      const [LOW, MEDIAN, HIGH] = [1, 2, 3], source = measures(mask, width);
      if (!source) return null;
      const middleIn = (m) => (form.centering === "box" ? { x: m.boxX, y: m.boxY } : { x: m.massX, y: m.massY });
      const least = Math.max((source.right - source.left) / image.width, (source.bottom - source.top) / image.height);
      let step = Math.max(source.longerSide / form.longer_side[MEDIAN], least), middle = middleIn(source), drawn = null;
      for (let round = 0; round < 3; round++) {
        const from = { x: middle.x - step * form.x[MEDIAN], y: middle.y - step * form.y[MEDIAN] };
        const depths = outlineDepths(mask, width, height, image, from, step);
        if (!depths) break;
        const measured = (growth, ramp) => measures(drawnImage(depths, growth, ramp, image), image.width);
        const ramp = solution(form.softness[MEDIAN], 0.05, 4, (r) => measured(0, r)?.softness ?? 0);
        const stroke = measured(0, ramp)?.stroke;
        if (stroke === undefined) break;
        const wanted = within(stroke, form.stroke[LOW], form.stroke[HIGH]);
        const growth = wanted === stroke ? 0 : solution(wanted, -1.5, 2, (g) => measured(g, ramp)?.stroke ?? 0);
        const pixels = drawnImage(depths, growth, ramp, image), next = measures(pixels, image.width);
        if (!next) break;
        drawn = pixels;
        const now = middleIn(next);
        middle = { x: middle.x + (now.x - form.x[MEDIAN]) * step, y: middle.y + (now.y - form.y[MEDIAN]) * step };
        step = Math.max((step * next.longerSide) / form.longer_side[MEDIAN], least);
      }
      return drawn;
    }

    /** The means of squares of pixels, as large as it takes for no side to be longer than 1024. */
    function shrunk(pixels, width, height) {
      const factor = Math.floor((Math.max(width, height) + 1023) / 1024);
      if (factor <= 1) return { pixels, width, height };
      const columns = Math.max(1, Math.floor(width / factor)), rows = Math.max(1, Math.floor(height / factor));
      const [across, down] = [Math.min(factor, width), Math.min(factor, height)], result = new Uint8Array(columns * rows);
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          for (let y = row * factor; y < row * factor + down; y++)
            for (let x = column * factor; x < column * factor + across; x++) sum += pixels[y * width + x];
          result[row * columns + column] = Math.floor(sum / (across * down));
        }
      return { pixels: result, width: columns, height: rows };
    }

    /** Whether a picture is of the form already, so that it stays as it is. */
    function isInForm(ink, width, height, border, form) {
      if (width !== page.width || height !== page.height || border > 32) return false;
      const most = ink.reduce((a, b) => Math.max(a, b), 0);
      const found = most > 0 ? measures(ink.map((value) => value / most), width) : null;
      if (!found) return false;
      const holds = (spread, value) => spread[0] <= value && value <= spread[4];
      const [x, y] = form.centering === "box" ? [found.boxX, found.boxY] : [found.massX, found.massY];
      return holds(form.longer_side, found.longerSide) && holds(form.stroke, found.stroke)
        && holds(form.softness, found.softness) && holds(form.x, x) && holds(form.y, y);
    }

    /** A grey picture as the network takes it; null if nothing stands out from its border. */
    function prepared(gray, grayWidth, grayHeight) {
      if (gray.every((value) => value === gray[0])) return null;
      const { pixels, width, height } = shrunk(gray, grayWidth, grayHeight), form = page.form;
      const border = middleOf(borderPlaces(width, height).map((place) => pixels[place]));
      const isInverted = border > otsu(pixels).threshold, paper = isInverted ? 255 - border : border;
      const ink = Float64Array.from(pixels, (value) => (isInverted ? 255 - value : value));
      const values = isInForm(ink, width, height, paper, form) ? ink.map((value) => value / 255)
        : fitted(inkMask(ink, width, height), width, height, form, { width: page.width, height: page.height });
      if (!values) return null;
      return Uint8Array.from(values, (value) => {
        const bright = Math.floor(255 * value + 0.5);
        return form.ink === "dark" ? 255 - bright : bright;
      });
    }
    """#
}
