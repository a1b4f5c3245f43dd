// Each kind of call: the table, and the distribution of one of them as curves.
function startLatency() {
    const section = byId("latency");
    const names = [...new Set(placements.flatMap(run => run.calls.map(call => call.name)))];
    if (names.length === 0) {
        section.append(el("p", {}, "No call ended."));
        return;
    }
    section.append(latencyTable(names));
    section.append(new LatencyCurves(names).element);
}

const callOf = (run, name) => run.calls.find(call => call.name === name);

function latencyTable(names) {
    const rows = names.flatMap(each => placements
        .map((run, i) => ({ run, i, call: callOf(run, each) }))
        .filter(({ call }) => call)
        .map(({ run, i, call }, row) => {
            const other = callOf(base, each);
            const cycles = value => ({ value: count(value), note: time(value) });
            return {
                class: row === 0 ? "group" : null,
                cells: [
                    row === 0 ? each : unseen(each),
                    el("span", { class: "placement-name" }, swatch(colorOfPlacement(i)), run.name),
                    { value: count(call.count), note: call.errors > 0 ? plural(call.errors, "error", "errors") : "" },
                    cycles(Math.floor(call.mean + 0.5)), cycles(call.p50), cycles(call.p99), cycles(call.max),
                    ...(isComparison ? [other && other.mean > 0 && run !== base ? ratio(call.mean / other.mean) : ""] : []),
                ],
            };
        }));
    return table(
        "Modeled cycles, and times, from the call to its return"
            + (isComparison ? `; ratio of means to ${base.name}` : ""),
        [
            name("call"), words("placement"), number("count"), number("mean"), number("p50"),
            number("p99"), number("longest"), ...(isComparison ? [number("ratio")] : []),
        ],
        rows);
}

class LatencyCurves {
    constructor(names) {
        const dearest = names.reduce((best, each) =>
            (callOf(placements[0], each)?.total ?? 0) > (callOf(placements[0], best)?.total ?? 0)
                ? each : best);
        this.choice = el(
            "select", { id: "curve-call", change: () => this.draw() },
            ...names.map(each => el("option", { selected: each === dearest }, each)));
        this.plot = el("div", { class: "plot" });
        this.text = el("div", {});
        this.element = el(
            "div", { class: "curves" },
            el("h3", {}, "Distribution"),
            el("p", { class: "controls" },
                el("label", { for: "curve-call" }, "Call "), this.choice, " ",
                button("Whole range", () => this.draw()),
                el("span", { class: "hint" }, "Drag over the chart to zoom in.")),
            el("figure", { "aria-labelledby": "curve-caption" },
                this.plot,
                el("figcaption", { id: "curve-caption" },
                    "Share of the calls that took no longer than the time below it; the table"
                    + " after it says the same in numbers.")),
            this.text);
        redraws.push(() => this.draw());
    }

    draw() {
        const each = this.choice.value;
        const runs = placements
            .map((run, i) => ({ run, i, call: callOf(run, each) }))
            .filter(({ call }) => call);
        this.drawPlot(runs.filter(({ call }) => call.curve.length > 0));
        this.text.replaceChildren(table(
            `${each}: modeled cycles, and times`,
            [
                name("placement"), number("shortest"), number("p50"), number("p90"),
                number("p99"), number("p99.9"), number("longest"),
            ],
            runs.map(({ run, i, call }) => [
                el("span", { class: "placement-name" }, swatch(colorOfPlacement(i)), run.name),
                ...[call.min, call.p50, call.p90, call.p99, call.p999, call.max]
                    .map(value => ({ value: count(value), note: time(value) })),
            ])));
    }

    drawPlot(runs) {
        this.chart?.destroy();
        this.chart = null;
        this.plot.replaceChildren();
        if (runs.length === 0) {
            return;
        }
        // Every length at which any curve steps up, and a little room on both sides.
        const lengths = [...new Set(runs.flatMap(({ call }) => call.curve.map(point => point[0])))]
            .sort((a, b) => a - b);
        const at = (curve, length) => {
            const after = firstAbove(curve, 0, length);
            return after === 0 ? 0 : curve[after - 1][1];
        };
        const first = Math.max(lengths[0], 1);
        const last = Math.max(lengths[lengths.length - 1], 1);
        const all = [first / 1.25, ...lengths.filter(each => each >= first), last * 1.25];
        const ink = themeColor("--ink-soft");
        const grid = { stroke: themeColor("--line"), width: 1 };
        const width = Math.max(280, this.element.clientWidth);
        this.chart = new uPlot(
            {
                width,
                height: Math.min(320, Math.max(220, width / 2.6)),
                cursor: { drag: { x: true, y: false } },
                legend: { live: true },
                scales: {
                    x: { distr: 3, time: false, range: (_, low, high) => [low, high] },
                    y: { range: [0, 102] },
                },
                axes: [
                    {
                        stroke: ink, grid, ticks: grid, label: "time, logarithmic", labelSize: 22, size: 34,
                        splits: (_, axis, low, high) => logarithmicTicks(low, high, width / 90),
                        filter: (_, splits) => splits,
                        values: (_, splits) => splits.map(each =>
                            each === null ? "" : tickLabel(each, each)),
                    },
                    {
                        stroke: ink, grid, ticks: grid, size: 56,
                        values: (_, splits) => splits.map(each => `${each} %`),
                    },
                ],
                series: [
                    {
                        label: "time",
                        value: (_, each) => each === null ? "-" : time(each * data.frequencyHertz / 1e9),
                    },
                    ...runs.map(({ run, i }, row) => ({
                        label: run.name, stroke: colorOfPlacement(i), width: 2,
                        // Not by color alone.
                        dash: [[], [8, 4], [3, 3], [10, 3, 2, 3]][row % 4],
                        points: { show: false },
                        paths: uPlot.paths.stepped({ align: 1 }),
                        value: (_, each) => each === null ? "-" : `${each.toFixed(2)} %`,
                    })),
                ],
            },
            [
                all.map(nanoseconds),
                ...runs.map(({ call }) => all.map(each =>
                    100 * at(call.curve, each) / call.count)),
            ],
            this.plot);
    }
}
