"""Parameters of papermill as Rust.

The cell with the tag `parameters` declares them as variables that can be changed: `let mut iterations: u64 = 500;`.
papermill then adds a cell that assigns the new values, so each keeps its type: `iterations = 2000;`.
"""

from papermill.engines import NBClientEngine as Engine
from papermill.translators import Translator, papermill_translators

__all__ = ["Engine", "RustTranslator"]


class RustTranslator(Translator):
    """Writes Python's values as Rust's. Text and lists are converted to the variable's own type."""

    @classmethod
    def translate_none(cls, val):
        return "None"

    @classmethod
    def translate_bool(cls, val):
        return "true" if val else "false"

    @classmethod
    def translate_float(cls, val):
        text = repr(float(val))
        return {"inf": "f64::INFINITY", "-inf": "f64::NEG_INFINITY", "nan": "f64::NAN"}.get(text, text)

    @classmethod
    def translate_str(cls, val):
        text = str(val)
        hashes = "#"
        while f'"{hashes}' in text:
            hashes += "#"
        return f'r{hashes}"{text}"{hashes}.into()'

    @classmethod
    def translate_list(cls, val):
        return f"vec![{', '.join(cls.translate(item) for item in val)}].into()"

    @classmethod
    def translate_dict(cls, val):
        raise NotImplementedError("a table cannot be a parameter of a notebook in Rust; pass its values one by one")

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        return f"{name} = {str_val};"


papermill_translators.register("rust", RustTranslator)
