// What crashed, and how it came back.
function startTimeline() {
    const section = byId("timeline");
    if (placements.every(run => run.timeline.length === 0)) {
        section.append(el("p", {}, "Nothing crashed."));
        return;
    }
    const crashes = placements.flatMap((run, i) => crashesOf(run).map(events => ({ run, i, events })));
    section.append(
        el("figure", {},
            timelinePicture(crashes.slice(0, MostCrashes)),
            el("figcaption", {}, "Time since each crash, logarithmic."
                + (crashes.length > MostCrashes ? ` The first ${MostCrashes} of ${count(crashes.length)} crashes.` : ""))),
        table(
            "Events, in order of time",
            [words("placement"), number("at"), number("since the crash"), name("event"), words("component"), words("detail")],
            crashes.flatMap(({ run, events }) => events.map(each => [
                run.name, { value: time(each.cycles), note: `${count(each.cycles)} cycles` },
                each === events[0] ? "" : `+${time(each.cycles - events[0].cycles)}`, each.event,
                `${each.component}#${each.incarnation}`, each.detail,
            ])).slice(0, 200)));
    const losses = placements.flatMap(run => run.losses.map(each => [run.name, each.what, count(each.count), each.why]));
    section.append(losses.length === 0
        ? el("p", {}, "Nothing was lost.")
        : table("Lost", [words("placement"), name("what"), number("count"), words("why")], losses));
}

const MostCrashes = 24;

// The events from each crash to the next.
function crashesOf(run) {
    const crashes = [];
    for (const each of run.timeline) {
        if (each.event === "crashed" || crashes.length === 0) {
            crashes.push([]);
        }
        crashes[crashes.length - 1].push(each);
    }
    return crashes;
}

function timelinePicture(crashes) {
    const [width, left, rowHeight, top] = [1000, 190, 84, 30];
    const since = (events, each) => nanoseconds(each.cycles - events[0].cycles);
    const all = crashes.flatMap(({ events }) => events.map(each => since(events, each))).filter(ns => ns > 0);
    const [low, high] = [
        Math.floor(Math.log10(Math.min(1e3, ...all))), Math.ceil(Math.log10(Math.max(1e4, ...all))),
    ];
    // What happens with the crash stands at its left edge, where a logarithm has no place.
    const x = ns => ns <= 0 ? left : left + 40 + (Math.log10(ns) - low) / (high - low) * (width - left - 120);
    const height = top + crashes.length * rowHeight;
    const parts = [];
    for (let power = low; power <= high; power++) {
        parts.push(
            svg("line", { x1: x(10 ** power), x2: x(10 ** power), y1: top - 8, y2: height, class: "grid-line" }),
            svg("text", { x: x(10 ** power), y: 14, "text-anchor": "middle", class: "axis-name" }, tickLabel(10 ** power, 10 ** power)));
    }
    crashes.forEach(({ run, i, events }, row) => {
        const y = top + row * rowHeight + 26;
        parts.push(
            svg("text", { x: 0, y: y - 4, class: "bar-name" }, run.name),
            svg("text", { x: 0, y: y + 13, class: "axis-name" }, events[0].component),
            svg("line", {
                x1: left, x2: x(Math.max(0, ...events.map(each => since(events, each)))), y1: y, y2: y,
                stroke: colorOfPlacement(i), class: "life",
            }));
        const ends = [-Infinity, -Infinity, -Infinity, -Infinity];
        events.forEach(each => {
            const at = x(since(events, each));
            const isBad = each.event === "crashed" || each.event === "panic";
            const half = each.event.length * 3.4 + 4;
            // Above the line where there is room, else below it, further down each time.
            const [begin, end] = at === left ? [at, at + 2 * half] : [at - half, at + half];
            const side = Math.max(0, ends.findIndex(last => begin > last));
            ends[side] = end;
            parts.push(
                svg("circle", { cx: at, cy: y, r: 6, class: isBad ? "event bad" : "event" }, svg("title", {}, `${each.event} +${time(each.cycles - events[0].cycles)}`)),
                svg("text", { x: at, y: side === 0 ? y - 11 : y + 7 + 14 * side, "text-anchor": at === left ? "start" : "middle", class: "event-name" }, each.event));
        });
    });
    return svg("svg", {
        viewBox: `0 0 ${width} ${height + 6}`, role: "img", class: "timeline-svg",
        "aria-label": `Timeline of ${plural(crashes.length, "crash", "crashes")}: `
            + crashes.map(({ run, events }) => `${run.name}: ${events.map(each => each.event).join(", ")}`).join("; ")
            + ". The table that follows has the times.",
    }, ...parts);
}
