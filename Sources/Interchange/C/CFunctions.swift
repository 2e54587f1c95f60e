import Tensor

// The functions of a network in C. Images are [H, W, C]; weights [R, S, C, K] and [in, out].

/// A function in C: its name, its text, and whether it calls the mathematical library.
struct CFunction {
  let name: String
  let text: String
  var mathematics = false
}

extension CFunction {
  /// Reads the normalized pixel of an image of bytes, or a number of an image of floats.
  static func convolution(ofBytes: Bool) -> CFunction {
    let name = ofBytes ? "convolution_of_image" : "convolution"
    let (type, value) =
      ofBytes ? ("uint8_t", "EMNIST_SCALE * v[c] + EMNIST_SHIFT") : ("float", "v[c]")
    return CFunction(
      name: name,
      text: """
        static void \(name)(const \(type) *x, int height, int width, int inputs,
                            const float *weight, const float *bias, int size, int stride,
                            int padding, int rows, int columns, int outputs, float *y)
        {
          for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++, y += outputs) {
              const float *w = weight;
              for (int k = 0; k < outputs; k++) y[k] = EMNIST_FLOAT(bias + k);
              for (int r = 0; r < size; r++)
                for (int s = 0; s < size; s++, w += inputs * outputs) {
                  const int i = row * stride + r - padding, j = column * stride + s - padding;
                  if (i < 0 || i >= height || j < 0 || j >= width) continue;
                  const \(type) *v = x + (i * width + j) * inputs;
                  for (int c = 0; c < inputs; c++) {
                    const float value = \(value);
                    for (int k = 0; k < outputs; k++)
                      y[k] += value * EMNIST_FLOAT(w + c * outputs + k);
                  }
                }
            }
        }

        """)
  }

  static func dense(ofBytes: Bool) -> CFunction {
    let name = ofBytes ? "dense_of_image" : "dense"
    let (type, value) =
      ofBytes ? ("uint8_t", "EMNIST_SCALE * x[i] + EMNIST_SHIFT") : ("float", "x[i]")
    return CFunction(
      name: name,
      text: """
        static void \(name)(const \(type) *x, int inputs, const float *weight, const float *bias,
                            int outputs, float *y)
        {
          for (int k = 0; k < outputs; k++) y[k] = EMNIST_FLOAT(bias + k);
          for (int i = 0; i < inputs; i++, weight += outputs) {
            const float value = \(value);
            for (int k = 0; k < outputs; k++) y[k] += value * EMNIST_FLOAT(weight + k);
          }
        }

        """)
  }

  static let normalize = CFunction(
    name: "normalize",
    text: """
      static void normalize(const uint8_t *x, int count, float *y)
      {
        for (int i = 0; i < count; i++) y[i] = EMNIST_SCALE * x[i] + EMNIST_SHIFT;
      }

      """)

  static let scaleShift = CFunction(
    name: "scale_shift",
    text: """
      static void scale_shift(const float *x, int count, const float *scale, const float *shift,
                              int channels, float *y)
      {
        for (int i = 0; i < count; i++)
          y[i] = EMNIST_FLOAT(scale + i % channels) * x[i] + EMNIST_FLOAT(shift + i % channels);
      }

      """)

  /// - Parameters:
  ///   - start: what a window begins with.
  ///   - step: what a number `v` makes of `value`.
  ///   - end: what becomes of `value` at the end.
  private static func pool(_ name: String, start: String, step: String, end: String) -> CFunction {
    CFunction(
      name: name,
      text: """
        static void \(name)(const float *x, int width, int channels, int size, int stride,
                            int rows, int columns, float *y)
        {
          for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
              for (int c = 0; c < channels; c++) {
                const float *v = x + (row * stride * width + column * stride) * channels + c;
                float value = \(start);
                for (int i = 0; i < size * size; i++) {
                  const float next = v[(i / size * width + i % size) * channels];
                  \(step)
                }
                *y++ = \(end);
              }
        }

        """)
  }

  static let maxPool = pool(
    "max_pool", start: "v[0]", step: "if (next > value) value = next;", end: "value")
  static let averagePool = pool(
    "average_pool", start: "0", step: "value += next;", end: "value / (float)(size * size)")

  static let mean = CFunction(
    name: "mean_of_rows",
    text: """
      static void mean_of_rows(const float *x, int rows, int columns, float *y)
      {
        for (int c = 0; c < columns; c++) {
          float sum = 0;
          for (int r = 0; r < rows; r++) sum += x[r * columns + c];
          y[c] = sum / (float)rows;
        }
      }

      """)

  static let add = CFunction(
    name: "add",
    text: """
      static void add(const float *a, const float *b, int count, float *y)
      {
        for (int i = 0; i < count; i++) y[i] = a[i] + b[i];
      }

      """)

  static let concatenate = CFunction(
    name: "concatenate",
    text: """
      static void concatenate(const float *a, int first, const float *b, int second, int rows,
                              float *y)
      {
        for (int r = 0; r < rows; r++) {
          for (int i = 0; i < first; i++) *y++ = *a++;
          for (int i = 0; i < second; i++) *y++ = *b++;
        }
      }

      """)

  static let groupNorm = CFunction(
    name: "group_norm",
    text: """
      static void group_norm(const float *x, int rows, int columns, int groups, float epsilon,
                             const float *scale, const float *shift, float *y)
      {
        const int size = columns / groups;
        for (int g = 0; g < groups; g++) {
          float mean = 0, variance = 0;
          for (int r = 0; r < rows; r++)
            for (int c = g * size; c < (g + 1) * size; c++) mean += x[r * columns + c];
          mean /= (float)(rows * size);
          for (int r = 0; r < rows; r++)
            for (int c = g * size; c < (g + 1) * size; c++) {
              const float distance = x[r * columns + c] - mean;
              variance += distance * distance;
            }
          const float factor = 1 / sqrtf(variance / (float)(rows * size) + epsilon);
          for (int r = 0; r < rows; r++)
            for (int c = g * size; c < (g + 1) * size; c++)
              y[r * columns + c] = (x[r * columns + c] - mean) * factor * EMNIST_FLOAT(scale + c)
                                   + EMNIST_FLOAT(shift + c);
        }
      }

      """, mathematics: true)

  /// The function itself as `NAME_of`, and `NAME`, which applies it.
  static func activation(_ f: ActivationFunction, _ formula: ActivationFormula) -> CFunction {
    // One with another parameter is another function.
    let name = CSource.identifier(f.kind.parameter == nil ? f.name : "\(f.name)_\(f.parameter)")
    return CFunction(
      name: name,
      text: """
        static float \(name)_of(float x) { return \(formula.cText); }

        static void \(name)(const float *x, int count, float *y)
        {
          for (int i = 0; i < count; i++) y[i] = \(name)_of(x[i]);
        }

        """, mathematics: formula.callsLibrary)
  }
}

extension ActivationFormula {
  fileprivate var cText: String {
    switch self {
    case .x: "x"
    case .constant(let value): value < 0 ? "(\(value)f)" : "\(value)f"
    case .sum(let a, let b): "(\(a.cText) + \(b.cText))"
    case .product(let a, let b): "\(a.cText) * \(b.cText)"
    case .quotient(let a, let b): "(\(a.cText) / \(b.grouped))"
    case .smaller(let a, let b): "(\(a.cText) < \(b.cText) ? \(a.cText) : \(b.cText))"
    case .larger(let a, let b): "(\(a.cText) > \(b.cText) ? \(a.cText) : \(b.cText))"
    case .exponential(let a): "expf(\(a.cText))"
    case .hyperbolicTangent(let a): "tanhf(\(a.cText))"
    case .logistic(let a): "(1 / (1 + expf(-\(a.grouped))))"
    case .errorFunction(let a): "erff(\(a.cText))"
    }
  }

  private var grouped: String { if case .product = self { "(\(cText))" } else { cText } }

  fileprivate var callsLibrary: Bool {
    switch self {
    case .exponential, .hyperbolicTangent, .logistic, .errorFunction: true
    default: operands.contains { $0.callsLibrary }
    }
  }
}
