// One call as messages between lifelines, step by step.
class SequenceView {
    constructor() {
        this.choice = el(
            "select", { id: "sequence-placement", change: () => this.load() },
            ...placements.map((run, i) => el("option", { value: i }, run.name)));
        this.drawing = el("div", { class: "sequence-drawing" });
        this.says = el("p", { class: "step", role: "status" });
        this.back = button("Previous step", () => this.go(this.step - 1), { id: "step-back" });
        this.next = button("Next step", () => this.go(this.step + 1), { id: "step-next" });
        this.title = el("p", { class: "sequence-call" });
        this.element = el(
            "div",
            {
                class: "sequence", tabindex: "0", role: "group",
                "aria-label": "Message sequence: left and right arrow keys step",
                keydown: event => this.pressed(event),
            },
            this.title,
            el("div", { class: "controls" },
                el("label", { for: "sequence-placement" }, "Placement "), this.choice, " ",
                button("First", () => this.go(0)), this.back, this.next,
                button("Last", () => this.go(this.steps.length - 1))),
            this.says,
            el("figure", {}, this.drawing,
                el("figcaption", {},
                    "Time runs down, not to scale. Solid arrows ask, dashed ones answer; what stands"
                    + " beside an arrow is the time since the one before. The text above says the"
                    + " current step.")));
        redraws.push(() => this.draw());
    }

    show(request) {
        this.request = request;
        if (!request.runs[this.choice.value]) {
            this.choice.value = String(request.runs.findIndex(run => run));
        }
        for (const [i, option] of [...this.choice.options].entries()) {
            option.disabled = !request.runs[i];
        }
        this.load();
    }

    load() {
        this.run = this.request.runs[this.choice.value];
        this.title.textContent = `${this.run.text} by ${this.request.process}`;
        this.steps = stepsOf(this.run);
        this.lifelines = [...new Set(this.steps.flatMap(each => [each.from, each.to]))];
        this.step = 0;
        this.draw();
    }

    go(step) {
        this.step = Math.max(0, Math.min(this.steps.length - 1, step));
        this.draw();
    }

    pressed(event) {
        const moves = {
            ArrowRight: this.step + 1, ArrowLeft: this.step - 1, Home: 0, End: this.steps.length - 1,
        };
        if (event.key in moves && event.target.tagName !== "SELECT") {
            event.preventDefault();
            this.go(moves[event.key]);
        }
    }

    draw() {
        if (!this.run) {
            return;
        }
        this.back.disabled = this.step === 0;
        this.next.disabled = this.step === this.steps.length - 1;
        const current = this.steps[this.step];
        this.says.replaceChildren(
            el("strong", {}, `Step ${count(this.step + 1)} of ${count(this.steps.length)}: `),
            `${current.sentence}, ${time(current.at)} after the call began. `,
            current.cycles === 0 ? "No time has passed since the step before." :
                `Before it ${cyclesAndTime(current.cycles)} passed: `
                + causesBetween(this.run, current.at - current.cycles, current.at)
                    .map(([cause, cycles]) => `${cause} ${count(cycles)}`).join(", ") + ".");
        this.drawing.replaceChildren(this.picture());
    }

    // The steps around the current one, as many as are readable at once.
    picture() {
        const [most, rowHeight, top] = [printing ? 40 : 18, 34, 46];
        const width = Math.max(560, Math.min(1100, this.drawing.clientWidth || 900));
        const first = Math.max(0, Math.min(this.step - Math.floor(most / 2), this.steps.length - most));
        const shown = this.steps.slice(first, first + most);
        const height = top + shown.length * rowHeight + 16;
        const gap = width / this.lifelines.length;
        const x = component => (this.lifelines.indexOf(component) + 0.5) * gap;
        const parts = this.lifelines.map(each => svg(
            "g", {},
            svg("line", { x1: x(each), x2: x(each), y1: 32, y2: height - 6, class: "lifeline" }),
            svg("rect", {
                x: x(each) - Math.min(gap - 8, 150) / 2, y: 4, width: Math.min(gap - 8, 150), height: 28,
                rx: 5, class: each === "kernel" ? "actor kernel" : "actor",
            }),
            svg("text", {
                x: x(each), y: 22, "text-anchor": "middle", class: "actor-name",
                textLength: each.length * 7.2 > gap - 14 ? gap - 14 : null,
                lengthAdjust: each.length * 7.2 > gap - 14 ? "spacingAndGlyphs" : null,
            }, each)));
        shown.forEach((each, i) => {
            parts.push(this.arrow(each, first + i, x, top + i * rowHeight + 20, gap));
        });
        return svg("svg", {
            viewBox: `0 0 ${width} ${height}`, role: "img", class: "sequence-svg",
            "aria-label": `Message sequence of ${this.run.text} in ${placements[this.choice.value].name}:`
                + ` ${plural(this.steps.length, "step", "steps")} among ${this.lifelines.join(", ")}.`,
        }, svg("defs", {}, ...["now", "past", "later", "bad"].map(kind => svg(
            "marker",
            {
                id: `head-${kind}`, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 7,
                markerHeight: 7, orient: "auto-start-reverse",
            },
            svg("path", { d: "M0 1 L10 5 L0 9 z", class: `head ${kind}` })))), ...parts);
    }

    arrow(step, index, x, y, gap) {
        const state = index === this.step ? "now" : index < this.step ? "past" : "later";
        const [from, to] = [x(step.from), x(step.to)];
        const toRight = to >= from;
        const isSelf = step.from === step.to;
        const path = isSelf
            ? `M${from} ${y - 8} h26 v12 h-22`
            : `M${from} ${y} L${to + (toRight ? -3 : 3)} ${y}`;
        const label = isSelf ? from + 32 : (from + to) / 2;
        const head = step.kind === "cut" ? "bad" : state;
        return svg(
            "g", { class: `message ${state} ${step.kind}`, click: () => this.go(index) },
            index === this.step
                ? svg("rect", { x: 0, y: y - 24, width: gap * this.lifelines.length, height: 34, class: "current" })
                : null,
            svg("path", { d: path, class: "wire", "marker-end": `url(#head-${head})` }),
            svg("text", {
                x: label, y: y - 6, "text-anchor": isSelf ? "start" : "middle", class: "message-name",
            }, `${step.label}${step.cycles > 0 ? `  +${count(step.cycles)}` : ""}`));
    }
}

// Each span is a step in and a step out, in order of time.
function stepsOf(run) {
    const spans = spansOf(run);
    const steps = [];
    const open = [];
    let last = 0;
    const add = (from, to, at, kind, label, sentence) => {
        steps.push({ from, to, at, kind, label, sentence, cycles: at - last });
        last = at;
    };
    const close = () => {
        const span = open.pop();
        const parent = spans[span.parent];
        if (span.isCut) {
            add(span.component, parent.component, span.ended, "cut", "died",
                `${span.component} dies, and ${parent.component} hears of it`);
        } else if (span.role === Role.kernel) {
            add("kernel", parent.component, span.ended, "answer", "return",
                `${parent.component} goes on after ${span.name}`);
        } else {
            const word = span.crossing === "procedure-call" ? "return" : "reply";
            add(span.component, parent.component, span.ended, "answer", word,
                `${span.component} answers ${parent.component}`);
        }
    };
    for (const span of spans.slice(1)) {
        while (open.length > 0 && open[open.length - 1].id !== span.parent) {
            close();
        }
        const parent = spans[span.parent];
        const again = span.retryOf >= 0 ? ", again" : "";
        if (span.role === Role.kernel) {
            add(parent.component, "kernel", span.began, "trap", span.name,
                `${parent.component} traps into the kernel: ${span.name}`);
        } else {
            add(parent.component, span.component, span.began, span.crossing, crossingShort[span.crossing] + again,
                `the request reaches ${span.name} from ${parent.component} by ${crossingNames[span.crossing]}${again}`);
        }
        open.push(span);
    }
    while (open.length > 0) {
        close();
    }
    const root = spans[0];
    add("program", "program", root.ended, "answer", run.isOver ? "done" : "never returned",
        run.isOver ? `the call returns: ${run.text}` : "the call never returns");
    return steps;
}

function causesBetween(run, from, to) {
    const causes = new Map();
    for (let i = firstAbove(run.pieces, 1, from); i < run.pieces.length && run.pieces[i][0] < to; i++) {
        const piece = pieceOf(run.pieces[i]);
        const cycles = Math.min(piece.ended, to) - Math.max(piece.began, from);
        causes.set(piece.cause, (causes.get(piece.cause) ?? 0) + cycles);
    }
    return [...causes].sort((a, b) => b[1] - a[1]);
}
