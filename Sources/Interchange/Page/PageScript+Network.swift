extension PageScript {
  /// Computes the network.
  static let network = #"""
    // The network: the graph of nodes that the page holds, from raw pixels to logits, an image at a time.
    // Images are [H, W, C], tokens [T, D]; weights are [k, k, in, out] and [in, out].

    const page = JSON.parse(document.getElementById("network").textContent);
    const weights = (() => {
      const text = atob(page.weights), bytes = new Uint8Array(text.length);
      for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
      return new Float32Array(bytes.buffer);
    })();

    /** A parameter's numbers: [first, count]. */
    const numbers = (place) => weights.subarray(place[0], place[0] + place[1]);

    function addRow(sums, x, from, count, w, at) {
      const columns = sums.length;
      for (let i = 0; i < count; i++, at += columns) {
        const value = x[from + i];
        if (value !== 0) for (let o = 0; o < columns; o++) sums[o] += value * w[at + o];
      }
    }

    function dense(x, layer) {
      const w = numbers(layer.weight), bias = numbers(layer.bias), rows = x.length / layer.features;
      const y = new Float32Array(rows * bias.length), sums = new Float32Array(bias.length);
      for (let row = 0; row < rows; row++) {
        sums.set(bias);
        addRow(sums, x, row * layer.features, layer.features, w, 0);
        y.set(sums, row * bias.length);
      }
      return y;
    }

    function convolution(x, node, shape) {
      const [height, width, inputs] = shape, [rows, columns, outputs] = node.shape;
      const w = numbers(node.weight), bias = numbers(node.bias), k = node.kernel;
      const y = new Float32Array(rows * columns * outputs), sums = new Float32Array(outputs);
      for (let row = 0, at = 0; row < rows; row++)
        for (let column = 0; column < columns; column++, at += outputs) {
          sums.set(bias);
          for (let tap = 0; tap < k * k; tap++) {
            const v = row * node.stride + Math.floor(tap / k) - node.padding;
            const h = column * node.stride + (tap % k) - node.padding;
            if (v >= 0 && v < height && h >= 0 && h < width)
              addRow(sums, x, (v * width + h) * inputs, inputs, w, tap * inputs * outputs);
          }
          y.set(sums, at);
        }
      return y;
    }

    function pooled(x, node, shape, isMax) {
      const [, width, channels] = shape, [rows, columns] = node.shape, size = node.size;
      const y = new Float32Array(rows * columns * channels);
      for (let row = 0, at = 0; row < rows; row++)
        for (let column = 0; column < columns; column++)
          for (let c = 0; c < channels; c++, at++) {
            let value = isMax ? -Infinity : 0;
            for (let i = 0; i < size; i++)
              for (let j = 0; j < size; j++) {
                const here = x[((row * node.stride + i) * width + column * node.stride + j) * channels + c];
                value = isMax ? Math.max(value, here) : value + here;
              }
            y[at] = isMax ? value : value / (size * size);
          }
      return y;
    }

    function means(x, columns) {
      const y = new Float32Array(columns);
      for (let i = 0; i < x.length; i++) y[i % columns] += x[i];
      return y.map((sum) => sum / (x.length / columns));
    }

    /** Over the channels of each group at all places, or, without groups, over each row. */
    function normalized(x, node) {
      const scale = numbers(node.scale), shift = numbers(node.shift), columns = scale.length;
      const sets = node.groups ?? x.length / columns, y = new Float32Array(x.length);
      const setOf = node.groups
        ? (i) => Math.floor((i % columns) / (columns / node.groups)) : (i) => Math.floor(i / columns);
      const sums = new Float64Array(sets), squares = new Float64Array(sets), count = x.length / sets;
      for (let i = 0; i < x.length; i++) sums[setOf(i)] += x[i] / count;
      for (let i = 0; i < x.length; i++) squares[setOf(i)] += (x[i] - sums[setOf(i)]) ** 2 / count;
      for (let i = 0; i < x.length; i++) {
        const set = setOf(i);
        const value = (x[i] - sums[set]) / Math.sqrt(squares[set] + node.epsilon);
        y[i] = value * scale[i % columns] + shift[i % columns];
      }
      return y;
    }

    function patches(x, node, shape) {
      const [height, width, channels] = shape, size = node.size, y = new Float32Array(x.length);
      let at = 0;
      for (let top = 0; top < height; top += size)
        for (let left = 0; left < width; left += size)
          for (let row = 0; row < size; row++) {
            const from = ((top + row) * width + left) * channels;
            y.set(x.subarray(from, from + size * channels), at);
            at += size * channels;
          }
      return y;
    }

    function concatenated(a, b, columns, rows) {
      const others = b.length / rows, y = new Float32Array(a.length + b.length);
      for (let row = 0; row < rows; row++) {
        y.set(a.subarray(row * columns, (row + 1) * columns), row * (columns + others));
        y.set(b.subarray(row * others, (row + 1) * others), row * (columns + others) + columns);
      }
      return y;
    }

    function attention(x, node) {
      const width = node.width, size = width / node.heads, tokens = x.length / width;
      const projected = dense(x, node.projection), mixed = new Float32Array(x.length);
      const start = (token, part, head) => (3 * token + part) * width + head * size;
      for (let head = 0; head < node.heads; head++)
        for (let token = 0; token < tokens; token++) {
          const scores = new Float64Array(tokens);
          for (let other = 0; other < tokens; other++) {
            const q = start(token, 0, head), k = start(other, 1, head);
            for (let i = 0; i < size; i++) scores[other] += projected[q + i] * projected[k + i];
            scores[other] /= Math.sqrt(size);
          }
          const shares = softmax(scores);
          for (let other = 0; other < tokens; other++) {
            const v = start(other, 2, head);
            for (let i = 0; i < size; i++)
              mixed[token * width + head * size + i] += shares[other] * projected[v + i];
          }
        }
      return dense(mixed, node.output);
    }

    function softmax(logits, temperature = 1) {
      const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
      const powers = Array.from(logits, (z) => Math.exp((z - largest) / temperature));
      const sum = powers.reduce((a, b) => a + b, 0);
      return powers.map((power) => power / sum);
    }

    /** The error function: Abramowitz and Stegun's series 7.1.5 and continued fraction 7.1.14. */
    function erf(x) {
      const t = Math.abs(x);
      if (t > 5) return Math.sign(x);
      if (t < 2.5) {
        let term = t, sum = t;
        for (let n = 1; n < 60; n++) sum += (term *= (-t * t) / n) / (2 * n + 1);
        return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
      }
      let fraction = t;
      for (let n = 60; n > 0; n--) fraction = t + n / 2 / fraction;
      return Math.sign(x) * (1 - Math.exp(-t * t) / Math.sqrt(Math.PI) / fraction);
    }

    const logistic = (x) => 1 / (1 + Math.exp(-x));
    const functions = {
      relu: () => (x) => Math.max(x, 0),
      leaky_relu: (slope) => (x) => (x > 0 ? x : slope * x),
      elu: (alpha) => (x) => (x > 0 ? x : alpha * Math.expm1(x)),
      gelu: () => (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
      gelu_tanh: () => (x) => x * logistic(x * (x * x * 0.071354813 + 1.59576912)),
      silu: () => (x) => x * logistic(x),
      tanh: () => Math.tanh,
      sigmoid: () => logistic,
      hard_swish: () => (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
      mish: () => (x) => {
        const e = Math.exp(Math.min(x, 20)), n = e * (e + 2);
        return (x * n) / (n + 2);
      },
    };

    /** What each kind of node computes of its inputs. */
    const operations = {
      scale_shift: ([x], node) => {
        const scale = numbers(node.scale), shift = numbers(node.shift), columns = scale.length;
        return x.map((value, i) => Math.fround(value * scale[i % columns]) + shift[i % columns]);
      },
      convolution: ([x], node, shape) => convolution(x, node, shape),
      dense: ([x], node) => dense(x, node),
      activation: ([x], node) => x.map(functions[node.function](node.parameter)),
      max_pool: ([x], node, shape) => pooled(x, node, shape, true),
      average_pool: ([x], node, shape) => pooled(x, node, shape, false),
      mean: ([x], node) => means(x, node.shape[0]),
      flatten: ([x]) => x,
      add: ([a, b]) => a.map((value, i) => value + b[i]),
      concatenate: ([a, b], node, shape) => concatenated(a, b, shape.at(-1), a.length / shape.at(-1)),
      normalization: ([x], node) => normalized(x, node),
      patches: ([x], node, shape) => patches(x, node, shape),
      add_constant: ([x], node) => x.map((value, i) => value + numbers(node.values)[i]),
      attention: ([x], node) => attention(x, node),
    };

    /** The output of every node for an image of pixels from 0 to 255; the last one's are the logits. */
    function run(pixels) {
      const values = [];
      for (const node of page.nodes)
        values.push(
          node.inputs.length === 0 ? Float32Array.from(pixels)
            : operations[node.operation](
                node.inputs.map((i) => values[i]), node, page.nodes[node.inputs[0]].shape));
      return values;
    }

    /** The seventeen numbers that tell a character from what is none. */
    function evidence(pixels, height, width, logits, isInkDark) {
      const ink = (row, column) =>
        row < 0 || row >= height || column < 0 || column >= width ? 0
          : (isInkDark ? 255 - pixels[row * width + column] : pixels[row * width + column]) / 255;
      let [sum, across, down, outline, between, bend, margin, pieces] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let row = 0; row <= height; row++)
        for (let column = 0; column <= width; column++) {
          const here = ink(row, column), left = ink(row, column - 1), above = ink(row - 1, column);
          across += Math.abs(here - left);
          down += Math.abs(here - above);
          outline += Math.sqrt((here - left) ** 2 + (here - above) ** 2);
          const corner = ink(row - 1, column - 1);
          const count = [here, left, above, corner].filter((value) => value > 0.5).length;
          if (count === 1) pieces += 1;
          if (count === 3) pieces -= 1;
          if (count === 2 && here > 0.5 === corner > 0.5) pieces -= 2;
          if (row === height || column === width) continue;
          sum += here;
          between += here * (1 - here);
          bend += Math.abs(left - 2 * here + ink(row, column + 1)) + Math.abs(above - 2 * here + ink(row + 1, column));
          if (Math.min(row, column, height - 1 - row, width - 1 - column) < 2) margin += here;
        }
      const crossings = (lines, length, at) => {
        let most = 0;
        for (let line = 0; line < lines; line++) {
          let sum = 0;
          for (let i = 0; i <= length; i++) sum += Math.abs(at(line, i) - at(line, i - 1));
          most = Math.max(most, sum);
        }
        return most;
      };
      const core = (side) => {
        let sum = 0;
        for (let row = 0; row + side <= height; row++)
          for (let column = 0; column + side <= width; column++) {
            let least = 1;
            for (let i = 0; i < side * side; i++)
              least = Math.min(least, ink(row + Math.floor(i / side), column + i % side));
            sum += least;
          }
        return Math.log(sum + 1);
      };
      const ordered = Array.from(logits).sort((a, b) => b - a), count = logits.length;
      const mean = ordered.reduce((a, b) => a + b, 0) / count;
      const squares = ordered.reduce((a, b) => a + b * b, 0) / count;
      const p = softmax(logits);
      return [
        Math.log(sum + 5), Math.log(across + 5), Math.log(down + 5), (2 * sum + 1) / (outline + 1),
        (6 * between + 1) / (outline + 1), (bend + 1) / (outline + 1), margin, ordered[0],
        count > 1 ? ordered[0] - ordered[1] : 0, mean, Math.sqrt(Math.max(0, squares - mean * mean)),
        p.reduce((a, b) => a + (b > 0 ? b * Math.log(b) : 0), 0), pieces / 4,
        crossings(height, width, ink), crossings(width, height, (column, row) => ink(row, column)), core(3), core(4),
      ];
    }

    /** The logarithm of the odds that an image is a character; null if the network has no such score. */
    function score(pixels, logits) {
      const rule = page.score;
      if (!rule) return null;
      const z = evidence(pixels, page.height, page.width, logits, page.form.ink === "dark").slice(0, rule.means.length).map(
        (value, i) => Math.min(Math.max((value - rule.means[i]) / rule.deviations[i], -6), 6));
      return z.reduce(
        (sum, value, i) => sum + rule.weights[1 + i] * value + rule.weights[1 + z.length + i] * value * value,
        rule.weights[0]);
    }
    """#
}
