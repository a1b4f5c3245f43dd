// One request in each placement, one under the other on one scale.
class RequestChart {
    constructor() {
        this.views = placements.map((_, i) => new SpanView(this, i));
        this.title = el("h3", { id: "request-title" });
        this.axis = el("canvas", { class: "axis", "aria-hidden": "true" });
        this.range = el("p", { class: "hint", role: "status" });
        this.details = el("div", { class: "details", "aria-live": "polite" });
        this.tip = el("div", { class: "tip", "aria-hidden": "true" });
        this.tip.hidden = true;
        this.legend = el("div", {});
        this.element = el(
            "div", { class: "chart", role: "group", "aria-labelledby": "request-title" },
            this.title,
            el("div", { class: "controls", role: "toolbar", "aria-label": "Zoom" },
                button("Zoom in", () => this.zoom(0.5), { id: "zoom-in" }),
                button("Zoom out", () => this.zoom(2), { id: "zoom-out" }),
                button("Earlier", () => this.shift(-0.25)),
                button("Later", () => this.shift(0.25)),
                button("All", () => this.showAll(), { id: "zoom-all" }),
                el("span", { class: "hint" },
                    "Drag over the bars to zoom in; with a list in focus, + - 0, arrows and Enter do it.")),
            el("div", { class: "axis-row" }, this.axis),
            ...this.views.map(view => view.element),
            this.range, this.legend, this.details, this.tip);
        redraws.push(() => this.redraw());
    }

    show(request) {
        this.request = request;
        this.selected = null;
        this.longest = Math.max(1, ...request.runs.map(run => run?.length ?? 0));
        this.title.textContent = request.text;
        this.views.forEach((view, i) => view.show(request.runs[i]));
        const causes = new Set(request.runs.filter(run => run)
            .flatMap(run => [...new Set(run.pieces.map(piece => text(piece[2])))]));
        this.legend.replaceChildren(legend([...causes].map(each => [each, colorOfCause(each)])));
        this.details.replaceChildren();
        this.showAll();
    }

    x(cycles, width) {
        return (cycles - this.from) / (this.to - this.from) * width;
    }

    cyclesAt(x, width) {
        return this.from + x / width * (this.to - this.from);
    }

    ticks(width) {
        return ticks(nanoseconds(this.from), nanoseconds(this.to), width / 110);
    }

    showAll() {
        this.look(0, this.longest);
    }

    zoom(factor) {
        const middle = (this.from + this.to) / 2;
        const half = (this.to - this.from) / 2 * factor;
        this.look(middle - half, middle + half);
    }

    shift(part) {
        const by = (this.to - this.from) * part;
        this.look(this.from + by, this.to + by);
    }

    look(from, to) {
        const length = Math.min(Math.max(to - from, 4), this.longest * 1.02);
        this.from = Math.min(Math.max(from, 0), this.longest * 1.02 - length);
        this.to = this.from + length;
        this.redraw();
    }

    redraw() {
        if (!this.request) {
            return;
        }
        this.views.forEach(view => view.redraw());
        this.drawAxis();
        this.range.textContent = `In sight: ${time(this.from)} to ${time(this.to)} since the`
            + ` call, on one scale for ${plural(placements.length, "placement", "placements")}.`;
    }

    drawAxis() {
        const view = this.views.find(each => each.run);
        if (!view) {
            return;
        }
        const left = view.left;
        const width = Math.max(40, view.list.sight.clientWidth - left);
        this.axis.parentElement.style.paddingLeft = `${left}px`;
        const context = sizeCanvas(this.axis, width, 22);
        context.font = "12px system-ui, sans-serif";
        const largest = nanoseconds(this.to);
        for (const tick of this.ticks(width)) {
            const x = Math.round(this.x(tick * data.frequencyHertz / 1e9, width));
            context.fillStyle = themeColor("--line");
            context.fillRect(x, 14, 1, 8);
            context.fillStyle = themeColor("--ink-soft");
            const label = tickLabel(tick, largest);
            const half = context.measureText(label).width / 2;
            context.fillText(label, Math.max(0, Math.min(width - 2 * half, x - half)), 11);
        }
    }

    key(event, view) {
        const acts = {
            "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2),
            "0": () => this.showAll(), ArrowLeft: () => this.shift(-0.25),
            ArrowRight: () => this.shift(0.25),
            Enter: () => {
                const span = view.spans[view.list.current];
                if (span) {
                    this.look(span.began, span.ended);
                }
            },
        };
        if (event.key in acts && !event.ctrlKey && !event.altKey && !event.metaKey) {
            event.preventDefault();
            acts[event.key]();
        }
    }

    watchPointer(canvas, view) {
        let began = null;
        canvas.addEventListener("pointerdown", event => {
            if (event.button === 0) {
                began = event.offsetX;
                canvas.setPointerCapture(event.pointerId);
            }
        });
        canvas.addEventListener("pointermove", event => this.point(event, canvas, view, began));
        canvas.addEventListener("pointerleave", () => {
            this.tip.hidden = true;
        });
        canvas.addEventListener("pointerup", event => {
            const width = canvas.clientWidth;
            if (began !== null && Math.abs(event.offsetX - began) > 4) {
                const ends = [began, event.offsetX].map(x => this.cyclesAt(x, width));
                this.look(Math.min(...ends), Math.max(...ends));
            } else if (began !== null && canvas !== view.strip) {
                view.list.select(view.list.first + Math.floor(event.offsetY / view.list.rowHeight));
            }
            began = null;
        });
        canvas.addEventListener("dblclick", () => this.showAll());
        canvas.addEventListener("wheel", event => {
            // Without Ctrl the wheel scrolls, as everywhere.
            if (event.ctrlKey) {
                event.preventDefault();
                const factor = event.deltaY > 0 ? 1.25 : 0.8;
                const at = this.cyclesAt(event.offsetX, canvas.clientWidth);
                this.look(at - (at - this.from) * factor, at + (this.to - at) * factor);
            }
        }, { passive: false });
    }

    point(event, canvas, view, began) {
        const piece = view.pieceAt(canvas, event.offsetX, event.offsetY);
        if (began !== null && Math.abs(event.offsetX - began) > 4) {
            const length = Math.abs(
                this.cyclesAt(event.offsetX, canvas.clientWidth) - this.cyclesAt(began, canvas.clientWidth));
            this.tip.textContent = `zoom to ${cyclesAndTime(Math.round(length))}`;
        } else if (piece) {
            this.tip.textContent = `${piece.cause}${piece.part ? `: ${piece.part}` : ", waiting"}`
                + `${piece.count > 1 ? ` x ${count(piece.count)}` : ""} in ${piece.component},`
                + ` ${cyclesAndTime(piece.ended - piece.began)}`;
        } else {
            this.tip.hidden = true;
            return;
        }
        this.tip.hidden = false;
        this.tip.style.left = `${Math.min(event.clientX + 14, innerWidth - this.tip.offsetWidth - 8)}px`;
        this.tip.style.top = `${event.clientY + 16}px`;
    }

    select(index, row) {
        const view = this.views[index];
        this.views.forEach(each => {
            if (each !== view && each.list.current >= 0) {
                each.list.show(-1);
            }
        });
        this.details.replaceChildren(spanDetails(view, view.spans[row]));
    }
}

// A span's own time by part; what its children took is theirs.
function spanDetails(view, span) {
    const rows = new Map();
    for (const piece of (view.ownPieces[span.id] ?? []).map(pieceOf)) {
        const key = `${piece.cause}/${piece.part}`;
        const row = rows.get(key) ?? { ...piece, count: 0, cycles: 0 };
        row.count += piece.count;
        row.cycles += piece.ended - piece.began;
        rows.set(key, row);
    }
    const own = [...rows.values()].sort((a, b) => b.cycles - a.cycles);
    const sum = own.reduce((total, each) => total + each.cycles, 0);
    return el(
        "div", {},
        el("h4", {}, `${view.nameOf(span)} in ${placements[view.index].name}`),
        el("p", {},
            `${cyclesAndTime(span.ended - span.began)}, from ${time(span.began)} to ${time(span.ended)}`
            + (span.crossing ? `; reached by ${crossingNames[span.crossing]}` : "")
            + (span.thread ? `; thread ${span.thread}` : "")
            + (span.isCut ? "; who worked on it died" : "")
            + (span.retryOf >= 0 ? "; tries again what was cut" : "") + "."),
        own.length === 0
            ? el("p", {}, "All of its time passed in the spans below it.")
            : table(
                "Its own time, without the spans below it",
                [name("part"), words("cause"), number("count"), number("cycles"), number("time")],
                [
                    ...own.map(each => [
                        el("span", {}, swatch(colorOfCause(each.cause)), each.part || "(waiting)"),
                        each.cause, each.part ? count(each.count) : "", count(each.cycles), time(each.cycles),
                    ]),
                    { isTotal: true, cells: ["sum", "", "", count(sum), time(sum)] },
                ]));
}

function startRequests(sequence) {
    const section = byId("requests");
    if (data.requests.length === 0) {
        section.append(el("p", {}, "No request was recorded."));
        byId("sequence").hidden = true;
        return;
    }
    const chart = new RequestChart();
    const show = i => {
        picker.show(i);
        chart.show(data.requests[i]);
        sequence.show(data.requests[i]);
    };
    const picker = new Picker(show);
    section.append(
        el("p", {}, "The same call in each placement, matched by process and position in its"
            + " program. Rows are spans: the call, the kernel's part, and who it was handed to. Solid"
            + " bars are a span's own time by cause; the pale rest passed in the spans below it."),
        el("div", { class: "side-by-side" }, picker.element, chart.element));
    show(data.selected);
}
