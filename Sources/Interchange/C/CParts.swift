import Support

/// What stands around the layers in a C program: what a person must know, and what other files call.
enum CParts {
  /// Sizes, macros and the functions for others.
  static func declarations(
    of network: ExportedNetwork, needsMathematics: Bool, isQuantized: Bool = false
  ) -> String {
    let graph = network.graph
    guard case .scaleShift(let scale, let shift) = graph.nodes[1].operation else {
      preconditionFailure("the second node is not the normalization")
    }
    let pixel =
      isQuantized
      ? ""
      : """
      /* A pixel becomes EMNIST_SCALE * pixel + EMNIST_SHIFT. */
      #define EMNIST_SCALE \(scale[0])f
      #define EMNIST_SHIFT \(shift[0] < 0 ? "(\(shift[0])f)" : "\(shift[0])f")

      """
    return """
      #include <stdint.h>\(needsMathematics ? "\n#include <math.h>" : "")

      #define EMNIST_HEIGHT \(graph.height)
      #define EMNIST_WIDTH \(graph.width)
      #define EMNIST_CLASSES \(graph.classes)
      \(pixel)
      /* Weights stay in program memory where that is not the one of data. */
      #ifdef __AVR__
      #include <avr/pgmspace.h>
      #define EMNIST_FLASH PROGMEM
      #define EMNIST_FLOAT(p) pgm_read_float(p)
      #define EMNIST_INT8(p) ((int8_t)pgm_read_byte(p))
      #define EMNIST_INT32(p) ((int32_t)pgm_read_dword(p))
      #else
      #define EMNIST_FLASH
      #define EMNIST_FLOAT(p) (*(p))
      #define EMNIST_INT8(p) (*(p))
      #define EMNIST_INT32(p) (*(p))
      #endif

      extern const char *const emnist_labels[EMNIST_CLASSES];
      int emnist_classify(const uint8_t pixels[EMNIST_HEIGHT * EMNIST_WIDTH]);
      int emnist_accepts(const uint8_t pixels[EMNIST_HEIGHT * EMNIST_WIDTH]);
      void emnist_logits(const uint8_t pixels[EMNIST_HEIGHT * EMNIST_WIDTH],
                         float logits[EMNIST_CLASSES]);


      """
  }

  /// The functions for others.
  ///
  /// - Parameters:
  ///   - logits: the type of what `run` gives.
  ///   - logit: the logit of class `i`, a float, of `logits`.
  static func entryPoints(of network: ExportedNetwork, logit: String, logits: String) -> String {
    let names = network.labels.map(CSource.literal)
    let lines = stride(from: 0, to: names.count, by: 12).map {
      "  " + names[$0..<min($0 + 12, names.count)].joined(separator: ", ")
    }
    return """
      const char *const emnist_labels[EMNIST_CLASSES] = {
      \(lines.joined(separator: ",\n"))
      };

      int emnist_classify(const uint8_t pixels[EMNIST_HEIGHT * EMNIST_WIDTH])
      {
        \(logits)logits = run(pixels);
        int best = 0;
        for (int i = 1; i < EMNIST_CLASSES; i++)
          if (logits[i] > logits[best]) best = i;
        return best;
      }

      void emnist_logits(const uint8_t pixels[EMNIST_HEIGHT * EMNIST_WIDTH],
                         float result[EMNIST_CLASSES])
      {
        \(logits)logits = run(pixels);
        for (int i = 0; i < EMNIST_CLASSES; i++) result[i] = \(logit);
      }

      \(acceptance(of: network, logit: logit, logits: logits))
      """
  }

  private static func acceptance(
    of network: ExportedNetwork, logit: String, logits: String
  ) -> String {
    CScore(network)?.functions(logit: logit, logits: logits)
      ?? """
      int emnist_accepts(const uint8_t pixels[EMNIST_HEIGHT * EMNIST_WIDTH])
      {
        /* The network has no threshold. */
        (void)pixels;
        return 1;
      }

      """
  }
}

extension CSource {
  /// The comment that the program begins with.
  func head(of network: ExportedNetwork, ramBytes: Int, arithmetic: String = "float") -> String {
    let graph = network.graph
    let facts = [
      "\(network.name), written by emnist \(network.version), arithmetic: \(arithmetic)",
      "",
      "int emnist_classify(pixels)           the index of the most probable class; it never rejects",
      "int emnist_accepts(pixels)            1 for a character, 0 for what is none",
      "void emnist_logits(pixels, logits)    what the last layer gives",
      "emnist_labels[index]                  what people call a class",
      "",
      "Pixels are \(graph.height) rows of \(graph.width), 0 to 255, upright, ink bright. Nothing is allocated; the",
      "buffers are static, so only one image at a time.",
      "",
      "Constants: \(grouped(constantBytes)) bytes. Buffers: \(grouped(ramBytes)) bytes of RAM.",
      "Multiply-adds for an image: \(grouped(graph.multiplyAdds)).",
      "Trained on: \(network.fact("dataset")). Classes: \(network.labels.joined(separator: " "))",
    ]
    let lines = facts.map { line in line.isEmpty ? " *" : " * \(Self.comment(line))" }
    return "/*\n" + lines.joined(separator: "\n") + "\n */\n\n"
  }
}
