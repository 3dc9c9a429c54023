"""How everything looks: one set of tokens, light and dark, the palette and the few style lines."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from stationdesk.paths import resource

UNIT = 8
RADIUS = 6


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, as #rrggbb."""

    ground: str
    card: str
    line: str
    text: str
    quiet: str
    accent: str
    accent_soft: str
    on_accent: str
    wrong: str
    good: str
    warn: str
    warn_soft: str
    wrong_soft: str
    shade: str


LIGHT = Tokens(
    ground="#f3f5f9",
    card="#ffffff",
    line="#d9dee7",
    text="#1b2330",
    quiet="#5c6778",
    accent="#1d63b3",
    accent_soft="#e1ecf9",
    on_accent="#ffffff",
    wrong="#b3261e",
    good="#1c7a43",
    warn="#9a5b00",
    warn_soft="#fdf1dc",
    wrong_soft="#fbe6e4",
    shade="#eceff4",
)
DARK = Tokens(
    ground="#171b22",
    card="#20252e",
    line="#39414e",
    text="#e6eaf0",
    quiet="#a3adbb",
    accent="#6aa8ee",
    accent_soft="#26364b",
    on_accent="#0d1420",
    wrong="#ff8a80",
    good="#7fd19b",
    warn="#f0b45c",
    warn_soft="#3a2e1a",
    wrong_soft="#42211f",
    shade="#1a1f27",
)

# The four risk colours, only where risk is meant and always with the word beside them: on light
# ground, on dark ground.
_RISK = {
    "RED": ("#b3261e", "#ff8a80"),
    "YELLOW": ("#8a6100", "#f0c24f"),
    "BLUE": ("#1d63b3", "#6aa8ee"),
    "GREEN": ("#1c7a43", "#7fd19b"),
}

_current = LIGHT


def risk_colour(code: str) -> str:
    """The colour of a risk level in the theme in use."""
    return _RISK[code][0 if _current is LIGHT else 1]


def tokens() -> Tokens:
    """The colours in use."""
    return _current


def add_fonts() -> None:
    """Bring our own Chinese font, so that a machine without any still shows Chinese."""
    if "Noto Sans SC" not in QFontDatabase.families():
        QFontDatabase.addApplicationFont(str(resource("fonts", "NotoSansSC-Regular.ttf")))


def add_more_fonts() -> None:
    """Bold and Uyghur letters, which may come a moment after the first window."""
    if "Noto Naskh Arabic" not in QFontDatabase.families():
        for name in ("NotoSansSC-Bold.ttf", "NotoNaskhArabic-Regular.ttf"):
            QFontDatabase.addApplicationFont(str(resource("fonts", name)))


def apply(app: QApplication, theme: str, text_size: int) -> None:
    """Dress the whole program: `theme` is system, light or dark, `text_size` in px."""
    global _current
    scheme = QGuiApplication.styleHints().colorScheme()
    dark = theme == "dark" or (theme == "system" and scheme is Qt.ColorScheme.Dark)
    _current = DARK if dark else LIGHT
    icon.cache_clear()
    app.setStyle("Fusion")
    app.setPalette(_palette(_current))
    font = QFont(["Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Noto Naskh Arabic"])
    font.setPixelSize(text_size)
    app.setFont(font)
    app.setStyleSheet(_style(_current, text_size))


def _palette(t: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, color in {
        role.Window: t.ground,
        role.Base: t.card,
        role.AlternateBase: t.shade,
        role.Button: t.card,
        role.ToolTipBase: t.card,
        role.WindowText: t.text,
        role.Text: t.text,
        role.ButtonText: t.text,
        role.ToolTipText: t.text,
        role.BrightText: t.wrong,
        role.PlaceholderText: t.quiet,
        role.Highlight: t.accent,
        role.HighlightedText: t.on_accent,
        role.Link: t.accent,
        role.LinkVisited: t.accent,
        role.Mid: t.line,
        role.Midlight: t.line,
        role.Dark: t.quiet,
        role.Light: t.card,
        role.Shadow: t.line,
        role.Accent: t.accent,
    }.items():
        palette.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(t.quiet))
    return palette


def _style(t: Tokens, size: int) -> str:
    # Fusion's own tick box is dark on dark.
    tick = resource("icons", "tick-white.svg" if t is LIGHT else "tick-dark.svg").as_posix()
    return f"""
    QFrame#card {{ background: {t.card}; border: 1px solid {t.line}; border-radius: {RADIUS}px; }}
    QLabel#title {{ font-size: {size + 8}px; font-weight: 600; }}
    QLabel#section {{ font-size: {size + 2}px; font-weight: 600; }}
    QLabel#figure {{ font-size: {size + 12}px; font-weight: 600; color: {t.accent}; }}
    QLabel#quiet {{ color: {t.quiet}; }}
    QLabel#problem {{ color: {t.wrong}; }}
    QLabel#notice {{ background: {t.accent_soft}; border-radius: {RADIUS}px; padding: {UNIT}px; }}
    QFrame#banner-notice {{ background: {t.accent_soft}; border-bottom: 1px solid {t.line}; }}
    QFrame#banner-warning {{ background: {t.warn_soft}; border-bottom: 1px solid {t.warn}; }}
    QFrame#banner-wrong {{ background: {t.wrong_soft}; border-bottom: 1px solid {t.wrong}; }}
    QLabel#pressing {{ background: {t.warn_soft}; border-radius: {RADIUS}px; padding: {UNIT}px; }}
    QLabel#demo {{ background: {t.warn}; color: {t.on_accent}; padding: 2px {UNIT}px; }}
    QPushButton {{ background: {t.card}; border: 1px solid {t.line}; border-radius: {RADIUS}px;
        padding: {UNIT // 2 + 1}px {UNIT + 4}px; }}
    QPushButton:hover, QToolButton:hover {{ background: {t.accent_soft}; }}
    QPushButton:focus, QToolButton:focus {{ border: 1px solid {t.accent}; }}
    QPushButton:disabled {{ color: {t.quiet}; background: {t.ground}; }}
    QPushButton#main {{ background: {t.accent}; color: {t.on_accent}; border: 1px solid {t.accent}; font-weight: 600; }}
    QPushButton#main:disabled {{ background: {t.line}; color: {t.quiet}; border-color: {t.line}; }}
    QToolButton {{ border: 1px solid transparent; border-radius: {RADIUS}px; padding: {UNIT // 2}px {UNIT}px; }}
    QToolButton:checked {{ background: {t.accent_soft}; color: {t.accent}; font-weight: 600; }}
    QListWidget#sidebar {{ background: {t.shade}; border: none; outline: none; }}
    QListWidget#sidebar::item {{ padding: {UNIT}px; margin: 1px {UNIT}px; border-radius: {RADIUS}px; }}
    QListWidget#sidebar::item:selected {{ background: {t.accent_soft}; color: {t.accent}; font-weight: 600; }}
    QTableView, QListView, QTextBrowser, QTreeView {{ border: 1px solid {t.line}; border-radius: {RADIUS}px;
        selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
    QTableView {{ gridline-color: transparent; }}
    QCheckBox::indicator {{ width: {size}px; height: {size}px; border: 1px solid {t.quiet};
        border-radius: 3px; background: {t.card}; }}
    QCheckBox::indicator:focus {{ border: 2px solid {t.accent}; }}
    QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent};
        image: url("{tick}"); }}
    QListView#plain {{ border: none; }}
    QListView#plain::item {{ padding: {UNIT // 2}px; }}
    QHeaderView::section {{ background: {t.shade}; border: none; border-bottom: 1px solid {t.line};
        padding: {UNIT // 2}px {UNIT}px; font-weight: 600; }}
    QToolTip {{ border: 1px solid {t.line}; padding: {UNIT // 2}px; }}
    """


@lru_cache(maxsize=200)
def icon(name: str, color: str = "") -> QIcon:
    """One of our drawings in a colour of the theme (the text's, if none is named)."""
    path = resource("icons", f"{name}.svg")
    source = path.read_bytes().replace(b"currentColor", (color or tokens().text).encode())
    drawing = QSvgRenderer(QByteArray(source))
    found = QIcon()
    for size in (16, 20, 32, 40):
        picture = QPixmap(QSize(size, size))
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        drawing.render(painter)
        painter.end()
        found.addPixmap(picture)
    return found
