// Who lives with whom, and how often they asked each other.
function startPlacement() {
    const section = byId("placement");
    section.append(el("p", {}, "Boxes are protection domains; lines are crossings between"
        + " components, with how often a request took them in this run. Below the dashed line code"
        + " runs in kernel mode."));
    let any = false;
    for (const run of placements.filter(each => each.components.length > 0)) {
        any = true;
        section.append(
            el("h3", {}, run.name),
            el("figure", {}, placementPicture(run),
                el("figcaption", {}, quietDomains(run))),
            table(
                `Crossings in ${run.name}`,
                [name("from"), words("to"), words("how"), number("count")],
                run.crossings.map(each => [each.from, each.to, crossingNames[each.kind], count(each.count)])));
    }
    if (!any) {
        section.append(el("p", {}, "The components of this run are not known."));
    }
}

const isAsked = (run, component) => run.crossings.some(each =>
    each.from === component.name || each.to === component.name);

function quietDomains(run) {
    const quiet = run.components.filter(each =>
        each.name !== "program" && each.name !== "kernel" && !isAsked(run, each));
    return quiet.length === 0 ? "" : `Not asked by any call: ${quiet
        .map(each => each.domain === each.name ? each.name : `${each.name} (in ${each.domain})`)
        .join(", ")}.`;
}

function placementPicture(run) {
    const [nodeWidth, nodeHeight, pad, gap] = [132, 36, 14, 26];
    const shown = run.components.filter(each =>
        each.name === "kernel" || each.name === "program" || isAsked(run, each));
    const domains = new Map([["program", []]]);
    for (const each of shown) {
        const domain = each.name === "program" ? "program" : each.domain;
        domains.set(domain, [...(domains.get(domain) ?? []), each.name]);
    }
    const kernel = domains.get("kernel") ?? ["kernel"];
    domains.delete("kernel");
    const place = new Map();
    const boxes = [];
    let x = pad;
    for (const [domain, members] of domains) {
        const width = members.length * (nodeWidth + pad) + pad;
        boxes.push({ domain, x, y: 24, width, isKernel: false });
        members.forEach((each, i) => place.set(each, {
            x: x + pad + i * (nodeWidth + pad) + nodeWidth / 2, y: 24 + 26 + nodeHeight / 2, isKernel: false,
        }));
        x += width + gap;
    }
    const kernelWidth = Math.max(kernel.length * (nodeWidth + pad) + pad, x - gap - pad);
    const total = Math.max(x - gap, kernelWidth + pad) + pad;
    const inner = run.crossings.filter(each => place.get(each.from) === undefined).length;
    const depth = 92;
    const kernelY = 24 + 26 + nodeHeight + pad + depth;
    const kernelHeight = 26 + nodeHeight + pad + (inner > 0 ? 62 : 0);
    boxes.push({ domain: "kernel", x: pad, y: kernelY, width: kernelWidth, height: kernelHeight, isKernel: true });
    const step = (kernelWidth - pad) / kernel.length;
    kernel.forEach((each, i) => place.set(each, {
        x: pad + pad / 2 + (i + 0.5) * step, y: kernelY + 26 + nodeHeight / 2, isKernel: true,
    }));
    const height = kernelY + kernelHeight + 10;
    const labels = [];
    const lines = crossingLines(run, place, nodeHeight, labels);
    return svg(
        "svg",
        {
            viewBox: `0 0 ${total} ${height}`, role: "img", class: "placement-svg",
            "aria-label": `Placement ${run.name}: ${boxes.map(each => `domain ${each.domain} with `
                + (each.isKernel ? kernel : domains.get(each.domain)).join(", ")).join("; ")}.`
                + " The table that follows lists the crossings.",
        },
        svg("defs", {}, svg(
            "marker",
            { id: `tip-${placements.indexOf(run)}`, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" },
            svg("path", { d: "M0 1 L10 5 L0 9 z", class: "crossing-head" }))),
        svg("line", { x1: 0, x2: total, y1: kernelY - 16, y2: kernelY - 16, class: "mode-line" }),
        ...boxes.map(each => svg(
            "g", {},
            svg("rect", {
                x: each.x, y: each.y, width: each.width, height: each.height ?? 26 + nodeHeight + pad, rx: 8,
                class: each.isKernel ? "domain kernel" : "domain",
            }),
            svg("text", { x: each.x + 10, y: each.y + 17, class: "domain-name" }, each.domain))),
        ...lines,
        ...[...place].map(([each, at]) => svg(
            "g", {},
            svg("rect", { x: at.x - nodeWidth / 2, y: at.y - nodeHeight / 2, width: nodeWidth, height: nodeHeight, rx: 6, class: "component" }),
            svg("text", { x: at.x, y: at.y + 4, "text-anchor": "middle", class: "component-name" }, each))),
        ...labels);
}

function crossingLines(run, place, nodeHeight, labels) {
    const most = Math.max(1, ...run.crossings.map(each => each.count));
    const taken = [];
    return run.crossings.filter(each => place.has(each.from) && place.has(each.to)).map(each => {
        const [from, to] = [place.get(each.from), place.get(each.to)];
        const isSameRow = from.isKernel === to.isKernel;
        const [y1, y2] = [from.y + nodeHeight / 2, isSameRow ? to.y + nodeHeight / 2 : to.y - nodeHeight / 2];
        const dip = isSameRow ? 26 + Math.min(58, Math.abs(to.x - from.x) / 7) : 0;
        const shift = to.x > from.x ? 10 : -10;
        const path = isSameRow
            ? `M${from.x + shift} ${y1} C${from.x + shift} ${y1 + dip} ${to.x - shift} ${y1 + dip} ${to.x - shift} ${y2}`
            : `M${from.x} ${y1} C${from.x} ${y1 + 46} ${to.x} ${y2 - 46} ${to.x} ${y2}`;
        const label = `${count(each.count)} ${crossingShort[each.kind]}`;
        const half = label.length * 3.6 + 8;
        const at = { x: isSameRow ? (from.x + to.x) / 2 : from.x + (to.x - from.x) * 0.62, y: isSameRow ? y1 + dip * 0.75 : y1 + (y2 - y1) * 0.58 };
        // Labels make room for each other.
        while (taken.some(other => Math.abs(other.y - at.y) < 19 && Math.abs(other.x - at.x) < other.half + half)) {
            at.y += 19;
        }
        taken.push({ ...at, half });
        labels.push(svg(
            "g", {},
            svg("rect", { x: at.x - half, y: at.y - 9, width: 2 * half, height: 18, rx: 9, class: `crossing-tag ${each.kind}` }),
            svg("text", { x: at.x, y: at.y + 4, "text-anchor": "middle", class: "crossing-label" }, label)));
        return svg(
            "path",
            {
                d: path, class: `crossing ${each.kind}`, "marker-end": `url(#tip-${placements.indexOf(run)})`,
                "stroke-width": (1 + 3 * Math.log1p(each.count) / Math.log1p(most)).toFixed(2),
            },
            svg("title", {}, `${each.from} to ${each.to}: ${count(each.count)} by ${crossingNames[each.kind]}`));
    });
}
