function startCounters() {
    const names = [...new Set(placements.flatMap(run => Object.keys(run.counters)))]
        .filter(each => placements.some(run => run.counters[each])).sort();
    byId("counters").append(names.length === 0
        ? el("p", {}, "Nothing was counted.")
        : table(
            "What the simulated machine counted; counters that are 0 everywhere are left out",
            [name("counter"), ...placements.map(run => number(run.name)), words("meaning")],
            names.map(each => [
                each, ...placements.map(run => count(run.counters[each] ?? 0)), meaningOf(each),
            ])));
}

const meaningOf = word => data.words[word] ?? "";
