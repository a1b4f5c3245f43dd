function start() {
    byId("sections").append(...[...document.querySelectorAll("main > section")].map(section => el(
        "li", {}, el("a", { href: `#${section.id}` }, section.querySelector("h2").textContent))));
    const sequence = new SequenceView();
    byId("sequence").append(
        el("p", {}, "The request chosen above, one crossing at a time."), sequence.element);
    startSummary();
    startLatency();
    startBill();
    startRequests(sequence);
    startPlacement();
    startTimeline();
    startCounters();
    startSources();
    startTheme();
    document.documentElement.dataset.ready = "yes";
}

start();
