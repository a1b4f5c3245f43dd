function startSummary() {
    const section = byId("summary");
    const facts = [
        ["Scenario", data.file ? `${data.scenario} (${data.file})` : data.scenario],
        ["Seed", String(data.seed)],
        ["Profile", `${data.profile} at ${Number((data.frequencyHertz / 1e9).toFixed(3))} GHz`],
        ["Mechanisms", data.mechanisms.length > 0 ? data.mechanisms.join(", ") : "as the profile has them"],
        ["Made by", `Micro ${data.version}`],
    ];
    section.append(
        el("dl", { class: "facts" },
            ...facts.map(([term, value]) =>
                el("div", {}, el("dt", {}, term), el("dd", {}, value)))),
        table(
            "Placements" + (isComparison ? `; ratios are to ${base.name}` : ""),
            [
                name("placement"), number("virtual time"), number("modeled cycles"),
                ...(isComparison ? [number("ratio")] : []), words("end"), words("fingerprint"),
            ],
            placements.map((run, i) => [
                el("span", { class: "placement-name" }, swatch(colorOfPlacement(i)), run.name),
                time(run.cycles), count(run.cycles),
                ...(isComparison ? [ratio(run.cycles / base.cycles)] : []),
                { value: run.end === "limit" ? "limit reached" : run.end, note: run.endDetail },
                el("code", {}, run.fingerprint),
            ])));
    if (data.expectations.length > 0) {
        section.append(
            el("h3", {}, "Expectations"),
            el("ul", { class: "verdicts" }, ...data.expectations.map(each => el(
                "li", { class: each.holds === null ? "open" : each.holds ? "holds" : "fails" },
                el("strong", {},
                    each.holds === null ? "not evaluated" : each.holds ? "holds" : "FAILED"),
                el("span", {}, each.text + (each.detail ? ` (${each.detail})` : ""))))));
    }
    const problems = [
        ...data.warnings.map(each => `Warning: ${each}`),
        ...placements.flatMap(run => run.problems.map(each => `${run.name}: ${each}`)),
    ];
    if (problems.length > 0) {
        section.append(
            el("h3", {}, "Problems"),
            el("ul", { class: "problems" },
                ...problems.slice(0, 100).map(each => el("li", {}, each)),
                problems.length > 100 ? el("li", {}, `and ${count(problems.length - 100)} more`) : null));
    }
}

function swatch(color) {
    const mark = el("span", { class: "mark" });
    mark.style.backgroundColor = color;
    return mark;
}
