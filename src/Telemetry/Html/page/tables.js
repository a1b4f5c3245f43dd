// A table with a caption, in a region of its own that scrolls sideways when the page is narrow.
// columns: [{ head, isNumber, isHeader }]; rows: arrays of texts or elements; a cell
// { value, note } has a second, quieter line.
function table(caption, columns, rows, attributes = {}) {
    const cell = (value, column) => {
        const content = value !== null && typeof value === "object" && "value" in value
            ? [value.value, value.note ? el("small", {}, value.note) : null]
            : [value ?? ""];
        const kind = { class: column.isNumber ? "number" : null };
        return column.isHeader
            ? el("th", { scope: "row", ...kind }, ...content)
            : el("td", kind, ...content);
    };
    const body = rows.map(row => row.isTotal
        ? el("tr", { class: "total" }, ...row.cells.map((each, i) => cell(each, columns[i])))
        : el("tr", { class: row.class ?? null },
            ...(row.cells ?? row).map((each, i) => cell(each, columns[i]))));
    return el(
        "div", { class: "table", tabindex: "0", role: "region", "aria-label": caption },
        el(
            "table", attributes,
            el("caption", {}, caption),
            el("thead", {}, el("tr", {}, ...columns.map(column => el(
                "th", { scope: "col", class: column.isNumber ? "number" : null }, column.head)))),
            el("tbody", {}, ...body)));
}

const name = head => ({ head, isHeader: true });
const words = head => ({ head });
const number = head => ({ head, isNumber: true });

// The key to colors beside a chart.
const legend = entries => el(
    "ul", { class: "legend" },
    ...entries.map(([label, color]) => {
        const mark = el("span", { class: "mark" });
        mark.style.backgroundColor = color;
        return el("li", {}, mark, label);
    }));
