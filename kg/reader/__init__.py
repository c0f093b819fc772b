"""The trained reader: a document's sentences in, mentions and candidate claims out. The only room that knows ONNX Runtime
and the tokenizer; everything is imported where it is used, because importing them costs a tenth of a second."""
