// The list of requests to choose from.
class Picker {
    constructor(chosen) {
        this.chosen = chosen;
        this.shown = data.requests.map((_, i) => i);
        const calls = [...new Set(data.requests.map(each => each.call))];
        this.call = el(
            "select", { id: "pick-call", change: () => this.filter() },
            el("option", { value: "" }, "all calls"),
            ...calls.map(each => el("option", { value: each }, each)));
        this.search = el("input", {
            id: "pick-text", type: "search", placeholder: "text, process or reason",
            autocomplete: "off", input: () => this.filter(),
        });
        this.list = new Windowed({
            id: "pick", role: "listbox", itemRole: "option", className: "picks",
            label: "Requests", rowHeight: 46, maxRows: 9, count: this.shown.length,
            row: (i, element) => this.fillRow(data.requests[this.shown[i]], element),
            selected: i => this.chosen(this.shown[i]),
        });
        this.note = el("p", { class: "hint", role: "status" });
        this.element = el(
            "div", { class: "picker" },
            el("h3", {}, "Choose one"),
            el("div", { class: "fields" },
                el("label", { for: "pick-call" }, "Call"), this.call,
                el("label", { for: "pick-text" }, "Search"), this.search),
            this.list.element, this.note);
        redraws.push(() => this.list.draw());
        this.say();
    }

    show(request) {
        this.list.show(this.shown.indexOf(request));
    }

    filter() {
        const wanted = this.search.value.trim().toLowerCase();
        const current = this.shown[this.list.current];
        this.shown = data.requests
            .map((request, i) => ({ request, i }))
            .filter(({ request }) => !this.call.value || request.call === this.call.value)
            .filter(({ request }) => !wanted || [
                request.text, request.process, request.why.join(" "),
            ].join(" ").toLowerCase().includes(wanted))
            .map(({ i }) => i);
        this.list.current = this.shown.indexOf(current);
        this.list.element.scrollTop = 0;
        this.list.setCount(this.shown.length);
        this.say();
    }

    say() {
        this.note.textContent = `${count(this.shown.length)} of ${plural(data.requests.length, "request", "requests")}`
            + (data.leftOut > 0
                ? `; ${count(data.leftOut)} more would be worth a look (--html-requests)` : "");
    }

    fillRow(request, row) {
        row.append(
            el("span", { class: "pick-text" }, request.text),
            el("span", { class: "pick-why" },
                `${request.process} (pid ${request.pid}), call ${count(request.position + 1)}`
                + (request.why.length > 0 ? `: ${request.why.join("; ")}` : "")));
    }
}
