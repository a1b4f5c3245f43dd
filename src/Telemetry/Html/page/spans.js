// A short word for the eye; the ear has a sentence.
const tag = (word, kind = "") =>
    word ? el("span", { class: `tag ${kind}`, "aria-hidden": "true" }, word) : null;

// The spans of one request in one placement: names on the left, time on the right. What is drawn
// is what is in sight, so a request may have any number of spans.
class SpanView {
    // chart: the RequestChart, which has the scale; index: which placement.
    constructor(chart, index) {
        this.chart = chart;
        this.index = index;
        this.canvas = el("canvas", { class: "spans-canvas", "aria-hidden": "true" });
        this.strip = el("canvas", { class: "strip", "aria-hidden": "true" });
        this.list = new Windowed({
            id: `span-${index}`, role: "tree", itemRole: "treeitem", className: "spans",
            label: "", rowHeight: 24, maxRows: 16, count: 0,
            row: (i, element) => this.fillRow(i, element),
            drawn: () => this.drawCanvas(),
            selected: i => this.chart.select(this.index, i),
            key: event => this.chart.key(event, this),
        });
        this.list.sight.append(this.canvas);
        this.title = el("h4", {});
        this.missing = el("p", { class: "hint" }, "This call did not happen in this placement.");
        this.body = el("div", {}, el("div", { class: "strip-row" },
            el("span", { class: "strip-name" }, "by cause"), this.strip), this.list.element);
        this.element = el("div", { class: "span-view" }, this.title, this.missing, this.body);
        chart.watchPointer(this.canvas, this);
        chart.watchPointer(this.strip, this);
    }

    show(run) {
        this.run = run;
        const name = placements[this.index].name;
        this.missing.hidden = run !== null;
        this.body.hidden = run === null;
        this.title.replaceChildren(
            swatch(colorOfPlacement(this.index)), `${name} `,
            run === null ? "" : el("span", { class: "quiet-text" },
                ` ${cyclesAndTime(run.length)}, ${plural(run.spans.length, "span", "spans")}`
                + (run.isOver ? "" : "; never returned")));
        this.spans = [];
        if (run === null) {
            return;
        }
        this.spans = spansOf(run);
        this.list.element.setAttribute(
            "aria-label", `${run.text} in ${name}: spans, as a tree. Arrow keys move, plus and`
            + " minus zoom, left and right shift, 0 shows all, Enter zooms to the span.");
        this.depths = [];
        this.ownPieces = this.spans.map(() => null);
        for (const span of this.spans) {
            this.depths.push(span.parent < 0 ? 0 : this.depths[span.parent] + 1);
        }
        for (const piece of run.pieces) {
            (this.ownPieces[piece[6]] ??= []).push(piece);
        }
        this.list.current = -1;
        this.list.element.scrollTop = 0;
        this.list.setCount(this.spans.length);
    }

    nameOf(span) {
        return span.role === Role.program ? span.name
            : span.role === Role.kernel ? `kernel: ${span.name}`
            : span.name;
    }

    fillRow(i, row) {
        const span = this.spans[i];
        const length = span.ended - span.began;
        const how = span.crossing ? `, by ${crossingNames[span.crossing]}` : "";
        const fate = (span.isCut ? ", cut: who worked on it died" : "")
            + (span.retryOf >= 0 ? ", tried again" : "");
        row.setAttribute("aria-level", this.depths[i] + 1);
        const label = el("span", { class: `span-name role-${span.role}` },
            this.nameOf(span),
            tag(span.crossing ? crossingShort[span.crossing] : ""), tag(span.isCut ? "died" : "", "bad"),
            tag(span.retryOf >= 0 ? "retry" : ""), unseen(`${how}${fate}, `));
        label.style.paddingLeft = `${Math.min(this.depths[i], 12) * (innerWidth < 704 ? 5 : 10)}px`;
        row.append(label, el("span", { class: "span-cycles" },
            count(length), unseen(` cycles, ${time(length)}, from ${time(span.began)}`)));
    }

    get left() {
        return this.list.rows.offsetWidth;
    }

    redraw() {
        if (this.run) {
            this.list.draw();
        }
    }

    drawCanvas() {
        const width = Math.max(40, this.list.sight.clientWidth - this.left);
        const { rowHeight, first, visible } = this.list;
        const height = visible * rowHeight;
        const context = sizeCanvas(this.canvas, width, height);
        const pale = themeColor("--span");
        const line = themeColor("--line");
        const mark = themeColor("--select");
        for (let row = 0; row < visible; row++) {
            const span = this.spans[first + row];
            if (first + row === this.list.current) {
                context.fillStyle = mark;
                context.fillRect(0, row * rowHeight, width, rowHeight);
            }
            context.fillStyle = line;
            context.fillRect(0, (row + 1) * rowHeight - 1, width, 1);
            const [from, to] = [this.chart.x(span.began, width), this.chart.x(span.ended, width)];
            if (to < 0 || from > width) {
                continue;
            }
            context.fillStyle = pale;
            context.fillRect(
                Math.max(0, from), row * rowHeight + 5,
                Math.max(1, Math.min(width, to) - Math.max(0, from)), rowHeight - 10);
            const own = this.ownPieces[span.id];
            if (own) {
                this.drawPieces(context, own, width, row * rowHeight + 5, rowHeight - 10);
            }
            if (span.isCut) {
                context.fillStyle = themeColor("--bad");
                context.fillRect(Math.min(width, to) - 2, row * rowHeight + 2, 3, rowHeight - 4);
            }
        }
        this.drawGrid(context, width, height);
        const strip = sizeCanvas(this.strip, width, 16);
        strip.fillStyle = pale;
        strip.fillRect(0, 0, width, 16);
        this.drawPieces(strip, this.run.pieces, width, 1, 14);
    }

    // Pieces narrower than a pixel share it: it is as strong as the part of it that they fill, and
    // has the color of the longest.
    drawPieces(context, pieces, width, y, height) {
        const shared = { pixel: -1, filled: 0, longest: 0, color: "" };
        const flush = () => {
            if (shared.filled > 0) {
                context.globalAlpha = Math.min(1, Math.max(0.2, shared.filled));
                context.fillStyle = shared.color;
                context.fillRect(shared.pixel, y, 1, height);
                context.globalAlpha = 1;
            }
            shared.filled = 0;
            shared.longest = 0;
        };
        const begin = firstAbove(pieces, 1, this.chart.from);
        for (let i = begin; i < pieces.length && pieces[i][0] < this.chart.to; i++) {
            const from = Math.max(0, this.chart.x(pieces[i][0], width));
            const length = Math.min(width, this.chart.x(pieces[i][1], width)) - from;
            if (length >= 1) {
                context.fillStyle = colorOfCause(text(pieces[i][2]));
                context.fillRect(from, y, length > 3 ? length - 0.6 : length, height);
                continue;
            }
            if (Math.floor(from) !== shared.pixel) {
                flush();
                shared.pixel = Math.floor(from);
            }
            shared.filled += length;
            if (length >= shared.longest) {
                shared.longest = length;
                shared.color = colorOfCause(text(pieces[i][2]));
            }
        }
        flush();
    }

    drawGrid(context, width, height) {
        context.fillStyle = themeColor("--grid");
        for (const tick of this.chart.ticks(width)) {
            context.fillRect(Math.round(this.chart.x(tick * data.frequencyHertz / 1e9, width)), 0, 1, height);
        }
    }

    // The piece of time at a place of the canvas: in its span's row, or anywhere in the strip.
    pieceAt(canvas, x, y) {
        const cycles = this.chart.cyclesAt(x, canvas.clientWidth);
        const pieces = canvas === this.strip
            ? this.run.pieces
            : this.ownPieces[this.list.first + Math.floor(y / this.list.rowHeight)];
        const piece = pieces?.[firstAbove(pieces, 1, cycles)];
        return piece && piece[0] <= cycles ? pieceOf(piece) : null;
    }
}
