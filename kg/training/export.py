"""From torch to what ships: two ONNX files with 8-bit weights, and the manifest that says what they are.

Weights are quantised to 7 bits' range: 8-bit products of full range saturate on processors without VNNI, so that the same
weights would give other claims there."""

from __future__ import annotations

import hashlib
import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from kg.reader.labels import DISTANCES, GAZETTEER, TYPES
from kg.training.network import HIDDEN, Network

FILES = ("encoder.onnx", "pairs.onnx")


def export(network: Network, folder: Path, manifest: dict[str, Any]) -> None:
    """Write `encoder.onnx`, `pairs.onnx` and `manifest.json` into a folder."""
    network.eval()
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        encoder, pairs = Path(scratch, "encoder.onnx"), Path(scratch, "pairs.onnx")
        _export_encoder(network, encoder)
        _export_pairs(network, pairs)
        quantize_dynamic(
            encoder,
            folder / "encoder.onnx",
            op_types_to_quantize=["MatMul", "Gather"],
            weight_type=QuantType.QInt8,
            reduce_range=True,
            per_channel=True,
        )
        quantize_dynamic(
            pairs,
            folder / "pairs.onnx",
            op_types_to_quantize=["MatMul"],
            weight_type=QuantType.QInt8,
            reduce_range=True,
            per_channel=True,
        )
    for name in FILES:
        _optimise(folder / name)
        _without_doc(folder / name)
    manifest = {**manifest, "files": {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in FILES}}
    (folder / "manifest.json").write_text(
        json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
    )


class _Alone(torch.nn.Module):
    """The encoder for one unpadded window: no attention bias."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.encoder = network.encoder

    def forward(self, ids: torch.Tensor, shapes: torch.Tensor, gazetteer: torch.Tensor) -> Any:
        return self.encoder(ids, shapes, gazetteer, None)


def _export_encoder(network: Network, path: Path) -> None:
    given = (torch.ones(1, 9, dtype=torch.long), torch.ones(1, 9, dtype=torch.long), torch.zeros(1, 9, len(GAZETTEER)))
    names = ["ids", "shapes", "gazetteer"]
    torch.onnx.export(
        _Alone(network), given, str(path), dynamo=False, input_names=names, output_names=["states", "tags"],
        dynamic_axes={n: {1: "pieces"} for n in names}, opset_version=17,
    )  # fmt: skip


def _export_pairs(network: Network, path: Path) -> None:
    pieces, mentions, pairs = 9, 3, 4
    given = {
        "states": torch.rand(pieces, HIDDEN), "pool": torch.rand(mentions, pieces),
        "between": torch.rand(pairs, pieces), "kinds": torch.randint(0, len(TYPES), (mentions,)),
        "distance": torch.randint(0, DISTANCES, (pairs,)), "subjects": torch.randint(0, mentions, (pairs,)),
        "objects": torch.randint(0, mentions, (pairs,)),
    }  # fmt: skip
    axes = {
        "states": {0: "pieces"},
        "pool": {0: "mentions", 1: "pieces"},
        "between": {0: "pairs", 1: "pieces"},
    }
    axes |= {"kinds": {0: "mentions"}, "distance": {0: "pairs"}, "subjects": {0: "pairs"}, "objects": {0: "pairs"}}
    torch.onnx.export(
        network.pairs, tuple(given.values()), str(path), dynamo=False, input_names=list(given), output_names=["logits"],
        dynamic_axes=axes, opset_version=17,
    )  # fmt: skip


def _optimise(path: Path) -> None:
    """Fuse what can be fused on any processor, once and for all, so that the reader need not each time it starts."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])


def _without_doc(path: Path) -> None:
    """Drop what names the machine that exported."""
    model = onnx.load(path)
    for node in model.graph.node:
        node.doc_string = ""
    path.write_bytes(model.SerializeToString(deterministic=True))
