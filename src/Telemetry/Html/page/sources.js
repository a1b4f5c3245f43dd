// Each number that the run was charged by, and who says so.
function startSources() {
    const section = byId("sources");
    section.append(
        el("p", {}, el("strong", {}, data.profile), `: ${data.profileDescription} Clock: `
            + `${Number((data.frequencyHertz / 1e9).toFixed(3))} GHz, ${data.clockSource}.`),
        el("p", {}, "A status says how much a number can be trusted, best first: MEASURED on the"
            + " profile's own machine, VERIFIED in the named source, RECALLED from it, ASSUMED. What a"
            + " run computes from it is modeled all the same."),
        el("details", {},
            el("summary", {}, `${plural(data.prices.length, "number", "numbers")} of the profile that this run used`),
            table(
                "Numbers of the cost profile",
                [name("name"), number("amount"), words("status"), words("source")],
                data.prices.map(each => [
                    { value: each.name, note: meaningOf(each.name) },
                    { value: `${count(each.amount)} ${each.unit}`, note: each.unit === "cycles" ? time(each.amount) : "" },
                    el("span", { class: `status ${each.status.toLowerCase()}` }, each.status),
                    sourceOf(each),
                ]))),
        el("details", { "data-print": "no" },
            el("summary", {}, "Words"),
            el("dl", { class: "words" }, ...Object.entries(data.words).flatMap(([word, meaning]) =>
                [el("dt", {}, word), el("dd", {}, meaning)]))));
    byId("foot").append(
        `Micro ${data.version}. Scenario ${data.scenario}, seed ${data.seed}, profile ${data.profile}; `
        + placements.map(run => `${run.name} ${run.fingerprint}`).join(", ")
        + ". The same scenario, profile and seed give the same page.");
}

function sourceOf(price) {
    return el(
        "div", {}, price.source,
        price.borrowed ? el("small", {}, `borrowed from: ${price.borrowed}`) : null,
        price.derivation ? el("small", {}, `derived: ${price.derivation}`) : null,
        ...price.figures.map(each => el(
            "small", {}, `${each.id}: ${each.value}; ${each.status}; ${each.source}`)));
}
