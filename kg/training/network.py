"""The reader's network in torch: a MiniLM encoder that also sees the shape of words and where reference names stand, three
layers of tags, and a head for pairs of mentions. Exported to ONNX, it is what `kg.reader` runs.

The encoder is BERT's (Devlin et al. 2019), sized and pre-trained as MiniLM-L6 (Wang et al. 2020). Both tasks share its lower
blocks; above them relations have blocks of their own, which are told where the mentions stand and what they are, as typed
markers tell it in Zhong & Chen 2021 (PURE). The pair head pools the context that both mentions attend to, as Zhou et al. 2021
(ATLOP) do."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from kg.reader.labels import DISTANCES, GAZETTEER, LAYERS, SHAPES, STATUSES, TYPES, tags

HIDDEN, HEADS, BLOCKS, INNER, VOCABULARY, POSITIONS = 384, 12, 6, 1536, 30522, 512
SHARED = 4
"""Blocks that tags and relations share, of BLOCKS."""
CLS, SEP = 101, 102


class Block(nn.Module):
    """One transformer block."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.inner, self.outer = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)
        self.norm, self.last_norm = nn.LayerNorm(HIDDEN, eps=1e-12), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        query, key, value = (_heads(part(x)) for part in (self.query, self.key, self.value))
        context = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        x = self.norm(x + self.dropout(self.output(context.transpose(1, 2).reshape(x.shape))))
        return self.last_norm(x + self.dropout(self.outer(nn.functional.gelu(self.inner(x)))))

    def attention(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """Whom each piece attends to: windows × heads × pieces × pieces."""
        scores = _heads(self.query(x)) @ _heads(self.key(x)).transpose(2, 3) / math.sqrt(HIDDEN // HEADS)
        return torch.softmax(scores if bias is None else scores + bias, dim=-1)


def _heads(x: Tensor) -> Tensor:
    return x.reshape(x.shape[0], x.shape[1], HEADS, HIDDEN // HEADS).transpose(1, 2)


class Encoder(nn.Module):
    """Pieces to the hidden states that relations start from, and tag logits of all layers side by side."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.words, self.positions = nn.Embedding(VOCABULARY, HIDDEN), nn.Embedding(POSITIONS, HIDDEN)
        self.kind = nn.Parameter(torch.zeros(HIDDEN))
        self.shape, self.known = nn.Embedding(SHAPES, HIDDEN), nn.Linear(len(GAZETTEER), HIDDEN, bias=False)
        nn.init.normal_(self.shape.weight, std=0.02)
        nn.init.normal_(self.known.weight, std=0.02)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.blocks = nn.ModuleList(Block(dropout) for _ in range(BLOCKS))
        self.before = nn.Linear(2 * HIDDEN, HIDDEN)
        self.tag = nn.Linear(HIDDEN, sum(len(tags(layer)) for layer in LAYERS))
        self.dropout = nn.Dropout(dropout)

    def forward(self, ids: Tensor, shapes: Tensor, gazetteer: Tensor, bias: Tensor | None) -> tuple[Tensor, Tensor]:
        where = torch.arange(ids.shape[1], device=ids.device).unsqueeze(0)
        x = self.words(ids) + self.positions(where) + self.kind + self.shape(shapes) + self.known(gazetteer)
        x = self.dropout(self.norm(x))
        first = x
        for block in self.blocks[:SHARED]:
            x = block(x, bias)
        shared = x
        for block in self.blocks[SHARED:]:
            x = block(x, bias)
        seen = torch.nn.functional.gelu(self.before(torch.cat([x, first], dim=-1)))
        return shared, self.tag(self.dropout(seen))


class Pairs(nn.Module):
    """What holds between two mentions of one window: logits a relation, then logits a status."""

    def __init__(self, relations: int, width: int = 320, dropout: float = 0.2) -> None:
        super().__init__()
        self.marks = nn.Embedding(2 * len(TYPES), HIDDEN)
        self.blocks = nn.ModuleList(Block(0.1) for _ in range(BLOCKS - SHARED))
        self.subject, self.object, self.middle, self.context = (nn.Linear(HIDDEN, width) for _ in range(4))
        self.left, self.right, self.product = nn.Linear(HIDDEN, 128), nn.Linear(HIDDEN, 128), nn.Linear(128, width)
        self.as_subject, self.as_object = nn.Embedding(2 * len(TYPES), width), nn.Embedding(2 * len(TYPES), width)
        self.distance = nn.Embedding(DISTANCES, width)
        self.hidden = nn.Linear(width, width)
        self.relation, self.status = nn.Linear(width, relations), nn.Linear(width, len(STATUSES))
        nn.init.constant_(self.relation.bias, -4.0)  # few pairs stand in any relation: begin there
        self.dropout = nn.Dropout(dropout)
        for table in (self.as_subject, self.as_object, self.distance):
            nn.init.normal_(table.weight, std=0.1)
        nn.init.normal_(self.marks.weight, std=0.02)

    def marked(self, states: Tensor, pool: Tensor, kinds: Tensor) -> Tensor:
        """The states of a window's pieces (pieces × hidden), each told of the mentions that it belongs to."""
        return states + (pool > 0).to(states.dtype).T @ self.marks(kinds)

    def contextual(self, states: Tensor, bias: Tensor | None) -> tuple[Tensor, Tensor]:
        """Marked states of windows (windows × pieces × hidden) after the relations' own blocks, and the last attention."""
        blocks: list[Any] = list(self.blocks)
        *earlier, last = blocks
        for block in earlier:
            states = block(states, bias)
        return last(states, bias), last.attention(states, bias)

    def forward(
        self,
        states: Tensor,
        pool: Tensor,
        between: Tensor,
        kinds: Tensor,
        distance: Tensor,
        subjects: Tensor,
        objects: Tensor,
    ) -> Tensor:
        """The logits of one window's pairs, from the states that the encoder gives of its pieces."""
        own, attention = self.contextual(self.marked(states, pool, kinds).unsqueeze(0), None)
        return self.judged(own[0], attention[0], pool, between, kinds, distance, subjects, objects)

    def judged(
        self,
        states: Tensor,
        attention: Tensor,
        pool: Tensor,
        between: Tensor,
        kinds: Tensor,
        distance: Tensor,
        subjects: Tensor,
        objects: Tensor,
    ) -> Tensor:
        """`states` is pieces × hidden, `attention` heads × pieces × pieces, `pool` mentions × pieces, the rest one a pair."""
        mention = pool @ states
        attends = (pool.unsqueeze(0) @ attention).transpose(0, 1)
        both = (attends[subjects] * attends[objects]).sum(1)
        context = (both / (both.sum(-1, keepdim=True) + 1e-9)) @ states
        x = self.subject(mention)[subjects] + self.object(mention)[objects] + between @ self.middle(states)
        x = x + self.context(context) + self.product(self.left(mention)[subjects] * self.right(mention)[objects])
        x = x + self.as_subject(kinds)[subjects] + self.as_object(kinds)[objects] + self.distance(distance)
        x = self.dropout(nn.functional.gelu(x))
        x = x + nn.functional.gelu(self.hidden(x))
        x = self.dropout(x)
        return torch.cat([self.relation(x), self.status(x)], dim=-1)


class Network(nn.Module):
    """Encoder and pair head together."""

    def __init__(self, relations: int) -> None:
        super().__init__()
        self.encoder, self.pairs = Encoder(), Pairs(relations)

    def load_base(self, weights: dict[str, Any]) -> None:
        """Take the encoder's weights from a BERT checkpoint by their usual names."""
        own = self.encoder
        own.words.weight.data.copy_(weights["embeddings.word_embeddings.weight"])
        own.positions.weight.data.copy_(weights["embeddings.position_embeddings.weight"])
        own.kind.data.copy_(weights["embeddings.token_type_embeddings.weight"][0])
        own.norm.weight.data.copy_(weights["embeddings.LayerNorm.weight"])
        own.norm.bias.data.copy_(weights["embeddings.LayerNorm.bias"])
        places = {
            "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
            "output": "attention.output.dense", "norm": "attention.output.LayerNorm", "inner": "intermediate.dense",
            "outer": "output.dense", "last_norm": "output.LayerNorm",
        }  # fmt: skip
        own.words.weight.requires_grad_(False)  # what it knows of words that teaching does not show stays as good
        for number, block in [*enumerate(own.blocks), *enumerate(self.pairs.blocks, SHARED)]:
            for mine, theirs in places.items():
                for part in ("weight", "bias"):
                    getattr(getattr(block, mine), part).data.copy_(weights[f"encoder.layer.{number}.{theirs}.{part}"])
