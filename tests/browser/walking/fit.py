"""Everything fits: nothing beyond the window's edge, nothing cut off, nothing too small to hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

SMALLEST_TARGET = 24
"""CSS pixels (WCAG 2.5.8)."""

_SHARED = """
const hidden = (element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const forReaders = style.position === "absolute" && box.width <= 1.5 && box.height <= 1.5;
    return !element.checkVisibility({ visibilityProperty: true }) || forReaders
        || box.bottom + scrollY <= 0 || box.right + scrollX <= 0;
};
const named = (element) => {
    const text = (element.innerText || element.value || "").trim().slice(0, 40);
    const classes = [...element.classList].map((one) => `.${one}`).join("");
    const name = element.id ? `#${element.id}` : classes;
    return `${element.localName}${name} "${text}"`;
};
const anyHidden = (element) => {
    for (let one = element; one; one = one.parentElement) if (hidden(one)) return true;
    return false;
};
"""

_OVERFLOW = f"""() => {{
    {_SHARED}
    const found = [];
    const edge = document.documentElement.clientWidth;
    const widest = document.documentElement.scrollWidth;
    if (widest > edge) found.push(`the page is ${{widest}} px wide in ${{edge}} px`);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {{
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || anyHidden(element)) continue;
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        const box = range.getBoundingClientRect();
        if (!box.width) continue;
        if (box.right > edge + 1 || box.left < -1)
            found.push(`beyond the edge: ${{named(element)}}`);
        for (let one = element; one && one !== document.body; one = one.parentElement) {{
            const style = getComputedStyle(one);
            const frame = one.getBoundingClientRect();
            const cutX = ["hidden", "clip"].includes(style.overflowX);
            const cutY = ["hidden", "clip"].includes(style.overflowY);
            if ((cutX && (box.right > frame.right + 1 || box.left < frame.left - 1))
                || (cutY && (box.bottom > frame.bottom + 2 || box.top < frame.top - 2))) {{
                found.push(`cut off: ${{named(element)}} by ${{named(one)}}`);
                break;
            }}
        }}
    }}
    return found;
}}"""

_TARGETS = f"""(smallest) => {{
    {_SHARED}
    const united = (boxes) => ({{
        width: Math.max(...boxes.map((b) => b.right)) - Math.min(...boxes.map((b) => b.left)),
        height: Math.max(...boxes.map((b) => b.bottom)) - Math.min(...boxes.map((b) => b.top)),
    }});
    // A link within a sentence is as high as its line: the exception of WCAG 2.5.8.
    const inSentence = (element) => element.localName === "a"
        && getComputedStyle(element).display === "inline"
        && element.parentElement.innerText.trim().length > element.innerText.trim().length;
    // What is drawn may be less than what is hit: a link can cover the card it stands in.
    const hitAround = (element) => {{
        element.scrollIntoView({{ block: "center", behavior: "instant" }});
        const box = element.getBoundingClientRect();
        const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
        const far = smallest / 2 - 0.5;
        return [[-far, -far], [far, -far], [-far, far], [far, far]].every(([right, down]) =>
            element.contains(document.elementFromPoint(x + right, y + down)));
    }};
    const found = [];
    const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    for (const element of document.querySelectorAll(all)) {{
        if (anyHidden(element) || inSentence(element)) continue;
        const parts = [element, ...(element.labels ?? [])].filter((one) => !hidden(one));
        const box = united(parts.map((one) => one.getBoundingClientRect()));
        const isSmall = box.width < smallest - 0.5 || box.height < smallest - 0.5;
        if (isSmall && !hitAround(element))
            found.push(`${{named(element)}} is ${{box.width.toFixed(0)}} by`
                + ` ${{box.height.toFixed(0)}} px`);
    }}
    return found;
}}"""


def overflow_findings(page: Page) -> list[str]:
    """Text beyond the window's edge, or cut off by its own frame."""
    found: list[str] = page.evaluate(_OVERFLOW)
    return [f"does not fit: {one}" for one in found]


def target_findings(page: Page) -> list[str]:
    """Links, buttons and fields that are too small for a finger."""
    found: list[str] = page.evaluate(_TARGETS, SMALLEST_TARGET)
    return [f"hard to hit: {one}" for one in found]
