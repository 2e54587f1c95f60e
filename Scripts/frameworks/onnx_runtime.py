"""ONNX Runtime: inference, with tensors bound beforehand."""

import os

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

VERSION = f"ONNX Runtime {onnxruntime.__version__}"


class Graph:
    """A chain of nodes with random weights."""

    def __init__(self):
        self.nodes, self.weights = [], []
        self.random = np.random.default_rng(1)
        self.last = "images"

    def add(self, kind, *shapes, **attributes):
        inputs = [self.last]
        for shape in shapes:
            name = f"w{len(self.weights)}"
            scale = (2 / np.prod(shape[1:])) ** 0.5 if len(shape) > 1 else 0.1
            value = (self.random.standard_normal(shape) * scale).astype(np.float32)
            self.weights.append(numpy_helper.from_array(value, name))
            inputs.append(name)
        self.last = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [self.last], **attributes))

    def conv(self, inputs, filters):
        self.add("Conv", (filters, inputs, 3, 3), (filters,), kernel_shape=[3, 3])
        self.add("Relu")
        self.add("MaxPool", kernel_shape=[2, 2], strides=[2, 2])

    def dense(self, inputs, outputs, rectified=True):
        self.add("Gemm", (outputs, inputs), (outputs,), transB=1)
        if rectified:
            self.add("Relu")

    def model(self, batch):
        def tensor(name, shape):
            return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

        graph = helper.make_graph(
            self.nodes, "network", [tensor("images", [batch, 1, 28, 28])],
            [tensor(self.last, [batch, 47])], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        onnx.checker.check_model(model)
        return model.SerializeToString()


def cnn():
    graph = Graph()
    graph.conv(1, 32)
    graph.conv(32, 64)
    graph.add("Flatten")
    graph.dense(1600, 128)
    graph.dense(128, 47, rectified=False)
    return graph


def mlp():
    graph = Graph()
    graph.add("Flatten")
    for inputs, outputs in [(784, 512), (512, 256), (256, 128)]:
        graph.dense(inputs, outputs)
    graph.dense(128, 47, rectified=False)
    return graph


def prepare(work, model, batch, variant):
    assert work == "inference"
    graph = {"cnn": cnn, "mlp": mlp}[model]()
    options = onnxruntime.SessionOptions()
    threads = int(os.environ["FRAMEWORK_THREADS"])
    options.intra_op_num_threads = 1 if variant == "1 thread" else threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(
        graph.model(batch), options, providers=["CPUExecutionProvider"])
    images = np.random.default_rng(2).standard_normal((batch, 1, 28, 28)).astype(np.float32)
    binding = session.io_binding()
    binding.bind_ortvalue_input("images", onnxruntime.OrtValue.ortvalue_from_numpy(images))
    logits = onnxruntime.OrtValue.ortvalue_from_numpy(np.zeros((batch, 47), np.float32))
    binding.bind_ortvalue_output(graph.last, logits)

    def run(steps):
        for _ in range(steps):
            session.run_with_iobinding(binding)

    return run
