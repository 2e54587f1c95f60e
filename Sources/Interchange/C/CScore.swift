import Support

/// Whether an image is a character, as a C function: the score that a checkpoint keeps as
/// `emnist.score`, of twelve numbers of the image and five of the logits (`CharacterEvidence` in
/// `Metrics`), compared with the threshold.
struct CScore {
  private let means: [Double]
  private let deviations: [Double]
  private let weights: [Double]
  private let threshold: Double
  private let isInkDark: Bool

  /// - Returns: `nil` if the network has no such score.
  init?(_ network: ExportedNetwork) {
    func json(_ key: String) -> JSONValue? {
      try? JSONValue(parsing: Array(network.fact(key).utf8), path: key)
    }
    guard let score = json("score"), score["name"]?.string == "character evidence",
      let threshold = Double(network.fact("threshold")), threshold.isFinite
    else { return nil }
    func numbers(_ key: String) -> [Double] { score[key]?.array?.compactMap(\.double) ?? [] }
    (means, deviations, weights) = (numbers("means"), numbers("deviations"), numbers("weights"))
    // Scores of before the last numbers of the image have twelve or thirteen.
    guard [12, 13, 17].contains(means.count), deviations.count == means.count,
      weights.count == 2 * means.count + 1
    else { return nil }
    self.threshold = threshold
    isInkDark = json("form")?["ink"]?.string == "dark"
  }

  private static func constants(_ name: String, _ values: [Double]) -> String {
    "  static const double \(name)[\(values.count)] = {\n    "
      + values.map { "\($0)" }.joined(separator: ",\n    ") + "\n  };\n"
  }

  /// The functions.
  ///
  /// - Parameters:
  ///   - logits: the type of what `run` gives.
  ///   - logit: the logit of class `i`, a float, of `logits`.
  func functions(logit: String, logits: String) -> String {
    let ink = isInkDark ? "255 - pixels" : "pixels"
    return """
      static double ink(const uint8_t *pixels, int row, int column)
      {
        if (row < 0 || row >= EMNIST_HEIGHT || column < 0 || column >= EMNIST_WIDTH) return 0;
        return (\(ink)[row * EMNIST_WIDTH + column]) / 255.0;
      }

      /* How often the row, or the column, that does so most crosses strokes. */
      static double crossings(const uint8_t *pixels, int rows, int columns, int isColumn)
      {
        double most = 0;
        for (int row = 0; row < rows; row++) {
          double sum = 0, before = 0;
          for (int column = 0; column <= columns; column++) {
            double here = isColumn ? ink(pixels, column, row) : ink(pixels, row, column);
            sum += fabs(here - before);
            before = here;
          }
          if (sum > most) most = sum;
        }
        return most;
      }

      /* The ink that fills squares of a side: what strokes are too narrow for. */
      static double core(const uint8_t *pixels, int side)
      {
        double sum = 0;
        for (int row = 0; row + side <= EMNIST_HEIGHT; row++)
          for (int column = 0; column + side <= EMNIST_WIDTH; column++) {
            double least = 1;
            for (int place = 0; place < side * side; place++) {
              double here = ink(pixels, row + place / side, column + place % side);
              if (here < least) least = here;
            }
            sum += least;
          }
        return log(sum + 1);
      }

      /* Numbers of the image: how much ink, how its strokes and their edges are, and, behind those of the
         logits, pieces of ink less holes, crossings and ink that is too wide. */
      static void measure(const uint8_t *pixels, double *result)
      {
        double sum = 0, across = 0, down = 0, outline = 0, between = 0, bend = 0, margin = 0;
        int squares = 0;
        for (int row = 0; row <= EMNIST_HEIGHT; row++)
          for (int column = 0; column <= EMNIST_WIDTH; column++) {
            double here = ink(pixels, row, column), left = ink(pixels, row, column - 1);
            double above = ink(pixels, row - 1, column), dx = here - left, dy = here - above;
            across += fabs(dx);
            down += fabs(dy);
            double corner = ink(pixels, row - 1, column - 1);
            int count = (here > 0.5) + (left > 0.5) + (above > 0.5) + (corner > 0.5);
            outline += sqrt(dx * dx + dy * dy);
            if (count == 1) squares++;
            if (count == 3) squares--;
            if (count == 2 && (here > 0.5) == (corner > 0.5)) squares -= 2;
            if (row == EMNIST_HEIGHT || column == EMNIST_WIDTH) continue;
            sum += here;
            between += here * (1 - here);
            bend += fabs(left - 2 * here + ink(pixels, row, column + 1));
            bend += fabs(above - 2 * here + ink(pixels, row + 1, column));
            if (row < 2 || column < 2 || row >= EMNIST_HEIGHT - 2 || column >= EMNIST_WIDTH - 2)
              margin += here;
          }
        result[0] = log(sum + 5);
        result[1] = log(across + 5);
        result[2] = log(down + 5);
        result[3] = (2 * sum + 1) / (outline + 1);
        result[4] = (6 * between + 1) / (outline + 1);
        result[5] = (bend + 1) / (outline + 1);
        result[6] = margin;
        result[12] = squares / 4.0;
        result[13] = crossings(pixels, EMNIST_HEIGHT, EMNIST_WIDTH, 0);
        result[14] = crossings(pixels, EMNIST_WIDTH, EMNIST_HEIGHT, 1);
        result[15] = core(pixels, 3);
        result[16] = core(pixels, 4);
      }

      int emnist_accepts(const uint8_t pixels[EMNIST_HEIGHT * EMNIST_WIDTH])
      {
      \(Self.constants("means", means))\(Self.constants("deviations", deviations))\
      \(Self.constants("weights", weights))  \(logits)logits = run(pixels);
        double evidence[17], top = -1e38, second = -1e38, sum = 0, squares = 0;
        double total = 0, weighted = 0, score = weights[0];
        for (int i = 0; i < EMNIST_CLASSES; i++) {
          double z = \(logit);
          if (z > top) { second = top; top = z; } else if (z > second) second = z;
          sum += z;
          squares += z * z;
        }
        for (int i = 0; i < EMNIST_CLASSES; i++) {
          double distance = \(logit) - top, power = exp(distance);
          total += power;
          weighted += power * distance;
        }
        sum /= EMNIST_CLASSES;
        squares = squares / EMNIST_CLASSES - sum * sum;
        measure(pixels, evidence);
        evidence[7] = top;
        evidence[8] = EMNIST_CLASSES > 1 ? top - second : 0;
        evidence[9] = sum;
        evidence[10] = squares > 0 ? sqrt(squares) : 0;
        evidence[11] = weighted / total - log(total);
        for (int i = 0; i < \(means.count); i++) {
          double z = (evidence[i] - means[i]) / deviations[i];
          z = z < -6 ? -6 : z > 6 ? 6 : z;
          score += weights[1 + i] * z + weights[\(means.count + 1) + i] * z * z;
        }
        return score >= \(threshold);
      }

      """
  }
}
