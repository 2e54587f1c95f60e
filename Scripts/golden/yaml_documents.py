#!/usr/bin/env python3
"""What PyYAML reads in sweep files and other settings: Tests/SupportTests/Golden/yaml_documents.json.

    python3 Scripts/golden/yaml_documents.py

Made with PyYAML 6.0.4, which reads plain texts as YAML 1.1 has it; here they mean what the core schema of
YAML 1.2.2 says (chapter 10.3), and keys are texts.
"""

import json
import pathlib
import re

import yaml

DOCUMENTS = {
    "tags": """a: !!float 1e-5
b: !!float 3
c: !!str 12
d: !!int "7"
e: [!!float 1, !!str true]
f: !!map {g: !!seq [1, !!null ""]}
h: !!seq
- !!str 1e3
- !!float .5
i: !!str
""",
    "anchors": """range: &range {min: 0.001, max: 0.1}
lr: *range
values: &values
- 1
- &two 2.5
again: [*values, *two , &three three, *three]
block: &block
  a: 1
  b: &inner
    c: 2
copy: *block
deep: *inner
both: &x !!float 1
other: !!str &y 2
sum: [*x, *y]
""",
    "merge keys": """first: &first {min: 0.001, max: 0.1, q: 3}
second: &second
  max: 1.0
  mu: 2
one: {<<: *first, max: 0.002}
two:
  sigma: 1
  <<: *first
  q: 4
three:
  <<: *second
four: {"<<": 1}
""",
    "W&B's first example": """program: train.py
method: bayes
metric:
  name: validation_loss
  goal: minimize
parameters:
  learning_rate:
    min: 0.0001
    max: 0.1
  optimizer:
    values: ["adam", "sgd"]
""",
    "a grid with items as far left as their key": """# a comment at the top
method: grid
metric: {name: val_loss, goal: minimize}
parameters:
  batch_size:
    values:
    - 16
    - 32   # twice
    - 64
  epochs: {value: 5}
""",
    "hyperband": """early_terminate:
  type: hyperband
  max_iter: 27
  s: 2
  eta: 3
  strict: true
run_cap: 50
""",
    "a command": """command:
  - ${env}
  - python3
  - ${program}
  - --lr=0.1
  - "--name=a b"
  - ${args}
""",
    "nested parameters": """parameters:
  optimizer:
    parameters:
      lr:
        distribution: log_uniform_values
        min: 1.0e-5
        max: 1.0e-1
      name: {values: [adam, sgd, 'rmsprop']}
  layers:
    values:
      - [512, 256]
      - [128]
      -
        - 64
        - 32
""",
    "choices that are objects": """optimizer:
  values:
    - adam
    - value: sgd
      parameters:
        momentum: {min: 0.5, max: 0.99}
    - {value: muon, parameters: {lr: {values: [0.1, 0.2]}}}
""",
    "numbers": "[1, 1.0, -1, +1, 0, 0.0, -0.0, 1., .5, -.5, 1e3, 1E3, 1e-3, 1.5e-3, 1.5E+3, 12345678901234567890, 0x1F, 0o17, 9223372036854775807, -9223372036854775808]\n",
    "texts that are nearly numbers": "[1.2.3, 1_000, 1e, e3, '.', '-', +, 1:30, 0x, 0xG, --1, 2020-01-01, 1 2, 0o8, infinity, nan]\n",
    "texts that YAML 1.1 takes for truth values": "[yes, no, on, off, y, n, Yes, NO, true, True, TRUE, false, False, FALSE, tRue]\n",
    "nothing": "a: null\nb: ~\nc:\nd: Null\ne: NULL\nf: ''\ng: {a: , b: }\nh: nUll\n",
    "quotes": """a: "x\\ty \\u00e9 \\x41 \\U0001F600 \\\\ \\" \\/"
b: 'it''s'
c: "two
  lines"
d: 'with

  an empty one'
e: "con\\
  tinued"
f: "kept\\x20
  space"
"g h": 1
'i': 2
j: ""
k: ''
""",
    "plain texts": """a: one two  three
b: http://example.org/a#b
c: a:b
d: x, y [z] {w}
e: a 'quoted' "word"
f: it's
g: -x
h: ?x
i: :x
j: a#b
k: a # comment
l: one
  two
   three

  four
m: {a: x y, b: http://a.b/c, c: it's}
""",
    "block texts": """a: |
  one
    two

  three
b: >
  one
  two

  three
    four
  five
c: |-
  no break
d: |+
  both breaks

e: >-
  folded
  line
f: |2
    two more
g: |
h: |  # with a comment
  # not a comment
  x
i: end
""",
    "a block text at the end": "description: >\n  folded\n  here",
    "a block text of items": "- |\n  a\n  b\n- >-\n  c\n  d\n-   |+\n  e\n\n- f\n",
    "flow over lines": """parameters: {
  lr: {
    values: [
      0.1,   # first
      0.2,
    ],
  },
  "model":{"value":"cnn"},
}
""",
    "JSON": '{"method": "grid", "parameters": {"lr": {"values": [1, 2.5e-3, true, null, "a\\u00e9\\ud83d\\ude00"]}}}\n',
    "a document's start and end": "---\nmethod: grid\n...\n",
    "a start with a comment": "# one\n--- # two\n# three\nmethod: grid\n",
    "a start with a value": "--- [1, 2]\n",
    "empty": "",
    "only comments": "# a\n\n  # b\n",
    "windows line breaks": "a: 1\r\nb:\r\n  - x\r\n  - y\r\nc: |\r\n  t\r\n  u\r\n",
    "no line break at the end": "a:\n  b: 1",
    "a mapping of sequences of sequences": "a:\n- - 1\n  - 2\n- - 3\nb:\n  -   - 4\n      - 5\n",
    "a compact mapping": "- a: 1\n  b:\n    c: 2\n- d: [3]\n-   e: 4\n    f: 5\n",
    "comments between": """a:   # one
  # two
# three
  b: 1

      # deep
  c: 2
# end
d: 3
""",
    "blanks": "a:    1   \nb:  2  # two\nc: [ 1 , 2 ]\n   \n\nd :  3\n",
    "empty collections": "a: []\nb: {}\nc: [[], {}]\nd: [ ]\ne: { }\n",
    "a text alone": "just a text\n",
    "a number alone": "42\n",
    "keys": "a b: 1\n1: 2\n1.5: 3\na.b-c_d: 4\n\"q\" : 5\ntrue: 6\n",
    "letters beyond ASCII": "名前: ü\nб: \"é😀\"\n'ñ': [ä, 'ö']\n",
    "a base": """emnist:
  trials: 40
  max_time: 1h
  base: {hidden: [16], epochs: 2}
  dataset: balanced
""",
    "probabilities": "p: {values: [a, b], probabilities: [0.25, 0.75]}\n",
    "trailing comma": "[1, 2, ]\n",
    "items with nothing": "-\n- 1\n-\n-   # comment\n- 2\n",
    "every distribution": """method: random
parameters:
  a: {distribution: constant, value: 1}
  b: {distribution: categorical, values: [1, 2.0, x, true, null]}
  c: {distribution: categorical_w_probabilities, values: [1, 2], probabilities: [0.5, 0.5]}
  d: {distribution: int_uniform, min: 1, max: 5}
  e: {distribution: uniform, min: 1, max: 5.0}
  f: {distribution: q_uniform, min: 0, max: 1, q: 0.05}
  g: {distribution: log_uniform, min: -9.21, max: -2.3}
  h: {distribution: q_log_uniform_values, q: 8, min: 32, max: 256}
  i: {distribution: inv_log_uniform_values, min: 1e-5, max: 1e-1}
  j: {distribution: normal, mu: 0, sigma: .5}
  k: {distribution: beta, a: 2, b: 5.}
""",
    "everything that only W&B uses": """apiVersion: wandb/v1
kind: Sweep
name: "first: a try"
description: >
  Looks for a learning rate.

  Twice.
project: digits
entity: me
program: train.py
image_uri: registry/image:latest
controller: {type: local}
job: me/digits/job:v1
method: bayes
metric: {name: val/loss, goal: minimize, target: 1e-2, impute: best}
parameters: {lr: {min: 1e-4, max: 1e-1, distribution: log_uniform_values}}
""",
}


class CoreLoader(yaml.SafeLoader):
    """Plain texts by the core schema; an object's keys are texts, each but once."""

    yaml_implicit_resolvers = {}

    def null(self, node):
        return None

    def truth(self, node):
        return self.construct_scalar(node).lower() == "true"

    def whole(self, node):
        text = self.construct_scalar(node)
        base = {"0o": 8, "0x": 16}.get(text[:2])
        value = int(text[2:], base) if base else int(text)
        return value if -(2**63) <= value < 2**63 else float(value)

    def real(self, node):
        return float(self.construct_scalar(node))

    def mapping(self, node):
        keys = [key.value for key, _ in node.value]
        assert len(set(keys)) == len(keys)
        self.flatten_mapping(node)
        members = {}
        for key, value in node.value:
            assert isinstance(key, yaml.ScalarNode)
            members[key.value] = self.construct_object(value, deep=True)
        return members


def add(name, pattern, first, construct):
    tag = f"tag:yaml.org,2002:{name}"
    CoreLoader.add_implicit_resolver(tag, re.compile(rf"^(?:{pattern})$"), first)
    CoreLoader.add_constructor(tag, construct)


add("null", "~|null|Null|NULL|", ["~", "n", "N", ""], CoreLoader.null)
add("bool", "true|True|TRUE|false|False|FALSE", list("tTfF"), CoreLoader.truth)
add("int", "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789"), CoreLoader.whole)
add("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+0123456789."), CoreLoader.real)
add("merge", "<<", ["<"], CoreLoader.construct_scalar)
CoreLoader.add_constructor("tag:yaml.org,2002:map", CoreLoader.mapping)


def joined(value):
    """The value with halves of surrogate pairs put together, as JSON's escapes mean them."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16")
    if isinstance(value, list):
        return [joined(item) for item in value]
    if isinstance(value, dict):
        return {joined(key): joined(item) for key, item in value.items()}
    return value


documents = [
    {"name": name, "text": text, "value": joined(yaml.load(text, CoreLoader))}
    for name, text in DOCUMENTS.items()
]
root = pathlib.Path(__file__).resolve().parents[2]
path = root / "Tests/SupportTests/Golden/yaml_documents.json"
path.parent.mkdir(exist_ok=True)
path.write_text(json.dumps(documents, indent=1, ensure_ascii=False) + "\n")
