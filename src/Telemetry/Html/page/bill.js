// Where the cores' time went, as one bar for each placement on one scale, and in words.
function startBill() {
    const section = byId("bill");
    const part = (isWork, title, explanation) => {
        const causes = placements[0].bill.filter(line => line.isWork === isWork)
            .map(line => line.cause)
            .filter(cause => placements.some(run => cyclesOf(run, cause) > 0));
        if (causes.length > 0) {
            section.append(el("h3", {}, title), billFigure(causes, title, explanation), billTable(causes, title));
        }
    };
    part(true, "Work of the cores by cause", "Each bar is all that the cores did in a placement.");
    part(
        false, "Waiting of calls by cause",
        "No core works for a call while it waits; waits of different calls overlap.");
    for (const difference of data.differences) {
        section.append(differenceOf(difference));
    }
}

const cyclesOf = (run, cause) => run.bill.find(line => line.cause === cause)?.cycles ?? 0;

function billFigure(causes, title, explanation) {
    const totals = placements.map(run => causes.reduce((sum, each) => sum + cyclesOf(run, each), 0));
    const longest = Math.max(...totals);
    const [rowHeight, barHeight, width] = [46, 24, 1000];
    const bars = placements.map((run, row) => {
        let x = 0;
        const parts = causes.filter(cause => cyclesOf(run, cause) > 0).map(cause => {
            const cycles = cyclesOf(run, cause);
            const length = longest === 0 ? 0 : cycles / longest * width;
            const rect = svg(
                "rect",
                {
                    x, y: row * rowHeight + 18, width: Math.max(length - 1, 0.5), height: barHeight,
                    fill: colorOfCause(cause), rx: 1,
                },
                svg("title", {}, `${run.name}, ${cause}: ${cyclesAndTime(cycles)}, ${share(cycles, totals[row])}`));
            const label = length > cause.length * 7.5 + 8
                ? svg("text", { x: x + length / 2, y: row * rowHeight + 34, class: "on-color", "text-anchor": "middle" }, cause)
                : null;
            x += length;
            return [rect, label];
        });
        return svg(
            "g", {},
            svg("text", { x: 0, y: row * rowHeight + 12, class: "bar-name" }, `${run.name}: ${cyclesAndTime(totals[row])}`),
            ...parts.flat());
    });
    const summary = placements.map((run, i) => `${run.name} ${count(totals[i])} cycles`).join(", ");
    return el(
        "figure", {},
        svg("svg", {
            viewBox: `0 0 ${width} ${placements.length * rowHeight + 2}`, role: "img", class: "bars",
            "aria-label": `${title}: stacked bars. ${summary}. The table that follows has every number.`,
        }, ...bars),
        legend(causes.map(cause => [cause, colorOfCause(cause)])),
        el("figcaption", {}, explanation));
}

function billTable(causes, title) {
    const totals = placements.map(run => causes.reduce((sum, each) => sum + cyclesOf(run, each), 0));
    const cells = values => values.flatMap((value, i) => [
        { value: count(value), note: share(value, totals[i]) },
        ...(i < values.length - 1 ? [change(value - values[values.length - 1])] : []),
    ]);
    return table(
        `${title}, modeled cycles` + (isComparison ? `; how much more than ${base.name}` : ""),
        [
            name("cause"),
            ...placements.flatMap((run, i) => [
                number(run.name), ...(i < placements.length - 1 ? [number("more")] : []),
            ]),
        ],
        [
            ...causes.map(cause => [
                el("span", {}, swatch(colorOfCause(cause)), cause),
                ...cells(placements.map(run => cyclesOf(run, cause))),
            ]),
            { isTotal: true, cells: ["total", ...cells(totals)] },
        ]);
}

function differenceOf(difference) {
    return el(
        "section", { class: "difference" },
        el("h3", {}, `What explains the difference between ${difference.left} and ${difference.right}`),
        el("ul", {}, ...difference.words.map(each => el("li", {}, each))),
        el("p", {}, el("strong", {}, difference.whole)),
        difference.parts.length === 0 ? null : el(
            "details", {},
            el("summary", {}, `All ${plural(difference.parts.length, "part", "parts")}`),
            table(
                `Counts times prices: ${difference.left} less ${difference.right}`,
                [
                    name("part"), words("cause"), number(difference.left), number(difference.right),
                    number("more"), number("x price"), number("= cycles"),
                ],
                [
                    ...difference.parts.map(part => [
                        part.part, part.cause, count(part.left), count(part.right),
                        change(part.left - part.right), count(part.price), change(part.cycles),
                    ]),
                    {
                        isTotal: true,
                        cells: ["sum", "", "", "", "", "", change(
                            difference.parts.reduce((sum, part) => sum + part.cycles, 0))],
                    },
                ])));
}
