// The functions of a network in whole numbers, in C. Images are [H, W, C]; weights [K, R, S, C] and
// [out, in].

extension CSource {
  static let requantization = """
    /* A sum as a number of eight bits: halves up, and what lies beyond the ends becomes them. */
    static int8_t requantize(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero)
    {
      const int64_t product = (int64_t)sum * multiplier + ((int64_t)1 << (shift - 1));
      /* Rounded down: what a shift makes of negative numbers is not said by C. */
      const int64_t value = (product >= 0 ? product >> shift : ~(~product >> shift)) + zero;
      return (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
    }

    """
}

extension CFunction {
  static func quantizedConvolution(ofBytes: Bool) -> CFunction {
    let name = ofBytes ? "convolution_of_image" : "convolution"
    let (type, value) = ofBytes ? ("uint8_t", "v[c] - 128 - zero") : ("int8_t", "v[c] - zero")
    return CFunction(
      name: name,
      text: """
        static void \(name)(const \(type) *x, int height, int width, int inputs, int zero,
                            const int8_t *weight, const int32_t *bias, const int32_t *multiplier,
                            const int8_t *shift, int size, int stride, int padding, int rows,
                            int columns, int outputs, int target, int8_t *y)
        {
          for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) {
              const int8_t *w = weight;
              for (int k = 0; k < outputs; k++) {
                int32_t sum = EMNIST_INT32(bias + k);
                for (int r = 0; r < size; r++)
                  for (int s = 0; s < size; s++, w += inputs) {
                    const int i = row * stride + r - padding, j = column * stride + s - padding;
                    if (i < 0 || i >= height || j < 0 || j >= width) continue;
                    const \(type) *v = x + (i * width + j) * inputs;
                    for (int c = 0; c < inputs; c++)
                      sum += (int32_t)(\(value)) * EMNIST_INT8(w + c);
                  }
                *y++ = requantize(sum, EMNIST_INT32(multiplier + k), EMNIST_INT8(shift + k), target);
              }
            }
        }

        """)
  }

  static func quantizedDense(ofBytes: Bool) -> CFunction {
    let name = ofBytes ? "dense_of_image" : "dense"
    let (type, value) = ofBytes ? ("uint8_t", "x[i] - 128 - zero") : ("int8_t", "x[i] - zero")
    return CFunction(
      name: name,
      text: """
        static void \(name)(const \(type) *x, int inputs, int zero, const int8_t *weight,
                            const int32_t *bias, const int32_t *multiplier, const int8_t *shift,
                            int outputs, int target, int8_t *y)
        {
          for (int k = 0; k < outputs; k++, weight += inputs) {
            int32_t sum = EMNIST_INT32(bias + k);
            for (int i = 0; i < inputs; i++)
              sum += (int32_t)(\(value)) * EMNIST_INT8(weight + i);
            y[k] = requantize(sum, EMNIST_INT32(multiplier + k), EMNIST_INT8(shift + k), target);
          }
        }

        """)
  }

  static let quantizedScaleShift = CFunction(
    name: "scale_shift",
    text: """
      static void scale_shift(const int8_t *x, int count, int zero, const int8_t *weight,
                              const int32_t *bias, const int32_t *multiplier, const int8_t *shift,
                              int channels, int target, int8_t *y)
      {
        for (int i = 0; i < count; i++) {
          const int k = i % channels;
          const int32_t sum =
              (int32_t)(x[i] - zero) * EMNIST_INT8(weight + k) + EMNIST_INT32(bias + k);
          y[i] = requantize(sum, EMNIST_INT32(multiplier + k), EMNIST_INT8(shift + k), target);
        }
      }

      """)

  static let table = CFunction(
    name: "look_up",
    text: """
      static void look_up(const int8_t *x, int count, const int8_t *values, int8_t *y)
      {
        for (int i = 0; i < count; i++) y[i] = EMNIST_INT8(values + x[i] + 128);
      }

      """)

  private static func quantizedPool(
    _ name: String, start: String, step: String, end: String
  ) -> CFunction {
    CFunction(
      name: name,
      text: """
        static void \(name)(const int8_t *x, int width, int channels, int size, int stride,
                            int rows, int columns, int8_t *y)
        {
          for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
              for (int c = 0; c < channels; c++) {
                const int8_t *v = x + (row * stride * width + column * stride) * channels + c;
                int32_t value = \(start);
                for (int i = 0; i < size * size; i++) {
                  const int32_t next = v[(i / size * width + i % size) * channels];
                  \(step)
                }
                \(end)
              }
        }

        """)
  }

  static let quantizedMaxPool = quantizedPool(
    "max_pool", start: "-128", step: "if (next > value) value = next;",
    end: "*y++ = (int8_t)value;")
  static let quantizedAveragePool = quantizedPool(
    "average_pool", start: "0", step: "value += next;",
    end: """
      /* Rounded, halves away from zero. */
                const int32_t n = size * size;
                *y++ = (int8_t)((value >= 0 ? value + n / 2 : value - n / 2) / n);
      """)

  static let quantizedMean = CFunction(
    name: "mean_of_rows",
    text: """
      static void mean_of_rows(const int8_t *x, int rows, int columns, int zero,
                               const int32_t *factor, int target, int8_t *y)
      {
        for (int c = 0; c < columns; c++) {
          int32_t sum = 0;
          for (int r = 0; r < rows; r++) sum += x[r * columns + c] - zero;
          y[c] = requantize(sum, EMNIST_INT32(factor), EMNIST_INT32(factor + 1), target);
        }
      }

      """)

  static let quantizedAdd = CFunction(
    name: "add",
    text: """
      static void add(const int8_t *a, int first, const int8_t *b, int second, int count,
                      const int32_t *factors, int target, int8_t *y)
      {
        for (int i = 0; i < count; i++) {
          const int64_t sum = (int64_t)(a[i] - first) * EMNIST_INT32(factors)
                              + (int64_t)(b[i] - second) * EMNIST_INT32(factors + 1)
                              + ((int64_t)1 << 19);
          const int64_t value = (sum >= 0 ? sum >> 20 : ~(~sum >> 20)) + target;
          y[i] = (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
        }
      }

      """)

  static let quantizedConcatenate = CFunction(
    name: "concatenate",
    text: """
      static void concatenate(const int8_t *a, int first, const int8_t *b, int second, int rows,
                              int8_t *y)
      {
        for (int r = 0; r < rows; r++) {
          for (int i = 0; i < first; i++) *y++ = *a++;
          for (int i = 0; i < second; i++) *y++ = *b++;
        }
      }

      """)
}
