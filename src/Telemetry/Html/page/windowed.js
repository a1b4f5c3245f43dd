// A list of any length of which only what is in sight has elements. It scrolls, and keys move its
// selection; to assistive technology it says how long it is and where the selection stands.
class Windowed {
    // role, itemRole: ARIA; rowHeight: pixels; maxRows: in sight at once; count: rows;
    // row(index, element): fills a row; selected(index): it was selected by the user.
    constructor(options) {
        Object.assign(this, options);
        this.current = -1;
        this.first = 0;
        this.rows = el("div", { class: "windowed-rows", role: "presentation" });
        this.sight = el("div", { class: "windowed-sight", role: "presentation" }, this.rows);
        this.space = el("div", { role: "presentation" }, this.sight);
        this.element = el(
            "div",
            {
                class: `windowed ${this.className ?? ""}`, role: this.role, tabindex: "0",
                "aria-label": this.label, scroll: () => this.scrolled(),
                keydown: event => this.pressed(event),
            },
            this.space);
    }

    get visible() {
        return Math.min(this.count, printing ? Math.max(this.maxRows, 60) : this.maxRows);
    }

    setCount(count) {
        this.count = count;
        this.current = Math.min(this.current, count - 1);
        this.draw();
    }

    scrolled() {
        const first = Math.floor(this.element.scrollTop / this.rowHeight);
        if (first !== this.first) {
            this.draw();
        }
    }

    draw() {
        const height = this.visible * this.rowHeight;
        this.space.style.height = `${this.count * this.rowHeight}px`;
        this.element.style.maxHeight = `${height + 2}px`;
        this.sight.style.height = `${height}px`;
        this.first = Math.max(0, Math.min(
            Math.floor(this.element.scrollTop / this.rowHeight), this.count - this.visible));
        const elements = [];
        for (let i = this.first; i < this.first + this.visible; i++) {
            const row = el("div", {
                role: this.itemRole, id: `${this.id}-${i}`, class: "windowed-row",
                "aria-setsize": this.count, "aria-posinset": i + 1,
                "aria-selected": i === this.current ? "true" : "false",
                click: () => this.select(i),
            });
            row.style.height = `${this.rowHeight}px`;
            this.row(i, row);
            elements.push(row);
        }
        this.rows.replaceChildren(...elements);
        this.pointOut();
        this.drawn?.(this.first, this.visible);
    }

    pointOut() {
        const isInSight =
            this.current >= this.first && this.current < this.first + this.visible;
        if (isInSight) {
            this.element.setAttribute("aria-activedescendant", `${this.id}-${this.current}`);
        } else {
            this.element.removeAttribute("aria-activedescendant");
        }
    }

    // Selects without telling.
    show(index) {
        this.current = index;
        const top = index * this.rowHeight;
        const height = this.visible * this.rowHeight;
        if (index >= 0 && (top < this.element.scrollTop
            || top + this.rowHeight > this.element.scrollTop + height)) {
            this.element.scrollTop = Math.max(0, top - height / 2);
        }
        this.draw();
    }

    select(index) {
        if (index >= 0 && index < this.count) {
            this.show(index);
            this.selected(index);
        }
    }

    pressed(event) {
        const moves = {
            ArrowDown: 1, ArrowUp: -1, PageDown: this.visible, PageUp: -this.visible,
            Home: -this.count, End: this.count,
        };
        if (event.key in moves && !event.ctrlKey && !event.altKey && !event.metaKey) {
            event.preventDefault();
            const to = this.current + moves[event.key];
            this.select(Math.max(0, Math.min(this.count - 1, to)));
        } else {
            this.key?.(event);
        }
    }
}
