"""How does a formula read in plain text? As Unicode where that is faithful, as TeX otherwise."""

import re
import unicodedata

from pelican_mlnotes._patterns import pattern

DEEPEST = 12
"""Groups nested deeper than this are left as TeX."""

_RAISED = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ*′†‡",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ*′†‡",
        strict=True,
    )
)
_LOWERED = dict(
    zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)
)


def _pairs(text: str) -> dict[str, str]:
    items = text.split()
    return dict(zip(items[::2], items[1::2], strict=True))


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Commands that stand for a character, set close to its neighbours.
_SYMBOLS = _pairs(
    """
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
    lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ
    varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ
    Omega Ω infty ∞ partial ∂ nabla ∇ ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ emptyset ∅ varnothing ∅ forall ∀
    exists ∃ nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ triangle △ sum ∑ prod ∏ coprod ∐ int ∫ iint ∬
    iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ prime ′ dagger † ddagger ‡ ldots … dots …
    dotsc … dotsb ⋯ cdots ⋯ vdots ⋮ ddots ⋱ degree ° imath ı jmath ȷ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋
    lceil ⌈ rceil ⌉ vert | lvert | rvert | Vert ‖ lVert ‖ rVert ‖ checkmark ✓ square □ Box □ star ⋆
    bullet • circ ∘ ast * lbrace { rbrace } lbrack [ rbrack ] wp ℘ colon : | ‖ { { } } % % # #
    R ℝ N ℕ Z ℤ Reals ℝ & & _ _ $ $ cdotp · backslash \\
    """
)
# Commands that stand for an operator or a relation, set with a space on either side.
_OPERATORS = _pairs(
    """
    times × cdot · div ÷ pm ± mp ∓ le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ne ≠ neq ≠ ll ≪ gg ≫
    approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃
    supseteq ⊇ cup ∪ cap ∩ setminus ∖ to → rightarrow → longrightarrow ⟶ leftarrow ← gets ←
    leftrightarrow ↔ mapsto ↦ longmapsto ⟼ Rightarrow ⇒ Longrightarrow ⟹ implies ⟹ Leftarrow ⇐
    Leftrightarrow ⇔ iff ⟺ uparrow ↑ downarrow ↓ wedge ∧ land ∧ vee ∨ lor ∨ oplus ⊕ ominus ⊖ otimes ⊗
    odot ⊙ perp ⊥ parallel ∥ mid | models ⊨ vdash ⊢ dashv ⊣ prec ≺ succ ≻ preceq ⪯ succeq ⪰ coloneqq ≔
    triangleq ≜ doteq ≐ asymp ≍ lt < gt >
    """
)
_NAMES = _names(
    "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min arg argmax argmin"
    " sup inf lim limsup liminf det dim ker deg gcd hom Pr mod bmod softmax tr rank diag sgn sign"
)
_ACCENTS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0304",
    "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "check": "\u030c",
    "acute": "\u0301",
    "grave": "\u0300",
    "breve": "\u0306",
    "mathring": "\u030a",
}
# Weight and slant are lost in plain text anyway; the letters are not.
_UPRIGHT = _names(
    "mathrm mathbf boldsymbol bm bf rm it pmb mathit mathsf mathtt mathnormal operatorname text textbf textit"
    " textrm texttt textsf textnormal mbox hbox emph mathop mathrel mathbin mathord"
)
_IGNORED = _names(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr middle displaystyle textstyle"
    " scriptstyle limits nolimits nonumber notag ! mathstrut strut"
)
_COLORED = {"color": 1, "textcolor": 1, "definecolor": 3}
_SPACES = {",": " ", ";": " ", ":": " ", ">": " ", " ": " ", "quad": " ", "qquad": " ", "thinspace": " "}

_ALPHABETS = {
    "mathbb": ("DOUBLE-STRUCK", ""),
    "mathcal": ("SCRIPT", ""),
    "mathscr": ("SCRIPT", ""),
    "mathfrak": ("FRAKTUR", "BLACK-LETTER"),
}

COMMANDS = frozenset(
    name
    for names in (_SYMBOLS, _OPERATORS, _NAMES, _ACCENTS, _UPRIGHT, _IGNORED, _ALPHABETS)
    for name in names
    if name.isalpha() and len(name) > 1
) | _names(
    "frac dfrac tfrac sqrt begin end label tag underset overset underbrace overbrace binom substack quad"
)
"""Names that make a text with backslashes TeX, rather than a path or a pattern."""

# The space behind a command only ends its name, but for one before a sign that has a space on its other side.
_TOKEN = pattern(
    r"\\([a-zA-Z]+)(?:(?<=operatorname)\*)?(?:[ \t]+(?![=<>+\-|/ \t][ \t]))?"
    r"|\\(.)|([{}^_&~%])|(\s+)|([^\\{}^_&~%\s])",
    re.DOTALL,
)
_CLOSERS = frozenset(")]}")
_CLOSING = _names("rVert rvert rangle rfloor rceil right")
_LARGE = frozenset("∑∏∐∫∬∭∮⋃⋂⨁⨂")
_SPACED_SIGN = pattern(r" ?([^\w\s]) ?")
_ATOM = pattern(r"[∂∇√]?[\w.⁰-₟]+|\([^()]*\)")
_LONGEST_LETTER = 10  # characters, its accents among them
_SPACE_RUN = pattern(r"\s+")
_DELIMITER = pattern(r"\\[()\[\]]")
_UNREAD = pattern(r"\\(?:displaystyle|textstyle|limits|nonumber|label\{[^{}]*\}|tag\{[^{}]*\})")
_SHORT_WORD = pattern(r"[^\W\d_]{3}")


class _NotFaithfulError(Exception):
    """The formula has no faithful form in Unicode."""


def tex_to_text(tex: str) -> str:
    """Return the formula ``tex`` (without delimiters) as one line of plain text.

    Unicode where nothing is lost (``O(n^2)`` gives ``O(n²)``), else the TeX with white space collapsed.
    """
    if tex.isalnum():
        return tex
    try:
        tokens = _TOKEN.findall(tex)
        text, end = _row(tokens, 0, 0)
        if end < len(tokens):
            raise _NotFaithfulError
    except _NotFaithfulError:
        text = tex.replace("\\\\[", "\\\\ [").replace("$", "")
        text = _UNREAD.sub("", _DELIMITER.sub("", text))
    return _SPACE_RUN.sub(" ", text).strip()


def raised(text: str) -> str | None:
    """Return ``text`` in superscript characters, or None where one is missing."""
    return _shifted(text, _RAISED)


def lowered(text: str) -> str | None:
    """Return ``text`` in subscript characters, or None where one is missing."""
    return _shifted(text, _LOWERED)


def _shifted(text: str, table: dict[str, str]) -> str | None:
    found = [table.get(character) for character in text if character != " "]
    return "".join(filter(None, found)) if found and None not in found else None


Token = tuple[str, str, str, str, str]


def _row(tokens: list[Token], at: int, depth: int) -> tuple[str, int]:
    """Read tokens from ``at`` up to the closing brace of the group, or the end."""
    if depth > DEEPEST:
        raise _NotFaithfulError
    out: list[str] = []
    while at < len(tokens):
        _word, _sign, special, space, _plain = tokens[at]
        if special == "}":
            break
        if space:
            out.append(" ")
            at += 1
        elif special in ("^", "_"):
            text, at = _argument(tokens, at + 1, depth)
            out.append(_script(special, text))
        else:
            name = tokens[at][0]
            text, at = _atom(tokens, at, depth)
            last = out[-1] if out else ""
            if text and _needs_space(last, name, text):
                text = " " + text
            elif last == " " and (name in _CLOSING or text[:1] in _CLOSERS):
                del out[-1]
            out.append(text)
    return "".join(out), at


def _needs_space(last: str, name: str, text: str) -> bool:
    """Return whether two parts of a formula would be read as one without a space."""
    if not last[-1:].isalnum() and last[-1:] not in _RAISED.values():
        return False
    return name in _NAMES or text[0] in _LARGE or (last[0] in "_^" and text[0].isalnum())


def _atom(tokens: list[Token], at: int, depth: int) -> tuple[str, int]:
    """Read one command, group or character."""
    if depth > DEEPEST:
        raise _NotFaithfulError
    word, sign, special, _space, plain = tokens[at]
    at += 1
    if plain:
        # In the text of a formula, others stand between dollar signs.
        return plain if plain != "$" else "", at
    if special == "~":
        return " ", at
    if special == "{":
        text, at = _row(tokens, at, depth + 1)
        if at == len(tokens):
            raise _NotFaithfulError
        return text, at + 1
    if special:
        raise _NotFaithfulError
    return _command(word or sign, tokens, at, depth)


def _command(name: str, tokens: list[Token], at: int, depth: int) -> tuple[str, int]:
    if name in _SYMBOLS:
        return _SYMBOLS[name], at
    if name in _OPERATORS:
        return f" {_OPERATORS[name]} ", at
    if name in _NAMES:
        following = tokens[at] if at < len(tokens) else None
        return name + (" " if following and (following[0] or following[4].isalnum()) else ""), at
    if name in _SPACES:
        return _SPACES[name], at
    if name in _IGNORED:
        if name in ("left", "right", "middle") and at < len(tokens) and tokens[at][4] == ".":
            at += 1
        return "", at
    if name in _COLORED:
        # Colours are lost in plain text; what is coloured follows.
        for _ in range(_COLORED[name]):
            _, at = _argument(tokens, at, depth)
        return "", at
    if name in _UPRIGHT:
        if (at < len(tokens) and tokens[at][2] == "{") or name not in ("bf", "rm", "it"):
            return _argument(tokens, at, depth)
        return "", at
    if name in _ALPHABETS:
        text, at = _argument(tokens, at, depth)
        return "".join(_styled(letter, *_ALPHABETS[name]) for letter in text), at
    if name in _ACCENTS:
        text, at = _argument(tokens, at, depth)
        letter = unicodedata.normalize("NFC", text[:_LONGEST_LETTER])
        if len(text) > _LONGEST_LETTER or len(letter) != 1 or not text[0].isalnum():
            raise _NotFaithfulError
        return unicodedata.normalize("NFC", text + _ACCENTS[name]), at
    if name in ("frac", "dfrac", "tfrac"):
        above, at = _argument(tokens, at, depth)
        below, at = _argument(tokens, at, depth)
        return f"{_bracketed(above)}/{_bracketed(below)}", at
    if name == "sqrt" and at < len(tokens) and tokens[at][4] != "[":
        text, at = _argument(tokens, at, depth)
        return f"√{text}" if len(text) == 1 else f"√({text})", at
    raise _NotFaithfulError


def _argument(tokens: list[Token], at: int, depth: int) -> tuple[str, int]:
    while at < len(tokens) and tokens[at][3]:
        at += 1
    if at == len(tokens) or tokens[at][2] in ("}", "^", "_"):
        raise _NotFaithfulError
    text, at = _atom(tokens, at, depth + 1)
    return text.strip(), at


def _script(mark: str, text: str) -> str:
    if mark == "^" and text == "∘":
        return "°"
    if mark == "^" and text in ("⊤", "\u2032", "*", "†"):
        return "ᵀ" if text == "⊤" else text
    shifted = (raised if mark == "^" else lowered)(text)
    # A word set small is hard to read: x_max, not xₘₐₓ.
    if shifted is not None and not _SHORT_WORD.search(text):
        return shifted
    if not text:
        raise _NotFaithfulError
    if len(text) == 1 or text.isalnum():
        return mark + text
    return mark + "{" + _SPACED_SIGN.sub(r"\1", _SPACE_RUN.sub(" ", text)) + "}"


def _styled(letter: str, style: str, older: str) -> str:
    if letter == " ":
        return letter
    case = "CAPITAL" if letter.isupper() else "SMALL"
    for name in (
        f"{style} {case} {letter.upper()}",
        f"{older} {case} {letter.upper()}",
        f"MATHEMATICAL {style} {case} {letter.upper()}",
        f"MATHEMATICAL {style} DIGIT {unicodedata.name(letter, '').removeprefix('DIGIT ')}",
    ):
        try:
            return unicodedata.lookup(name)
        except KeyError:
            continue
    raise _NotFaithfulError


def _bracketed(text: str) -> str:
    return text if _ATOM.fullmatch(text) else f"({text})"
