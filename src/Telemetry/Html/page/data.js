// What the page shows: PageData.cs, as it was written into the page.
const data = JSON.parse(document.getElementById("data").textContent);
const placements = data.placements;
const base = placements[placements.length - 1];
const isComparison = placements.length > 1;

const Role = { program: 0, kernel: 1, component: 2 };
const text = place => place < 0 ? "" : data.strings[place];

// The arrays of PageRun with names. Made when a request is looked at, for there may be many.
function spansOf(run) {
    return run.spans.map((span, id) => ({
        id, parent: span[0], role: span[1], component: text(span[2]), name: text(span[3]),
        thread: text(span[4]), crossing: text(span[5]), began: span[6], ended: span[7],
        isCut: span[8] === 1, retryOf: span[9],
    }));
}

function pieceOf(piece) {
    return {
        began: piece[0], ended: piece[1], cause: text(piece[2]), part: text(piece[3]),
        count: piece[4], component: text(piece[5]), span: piece[6],
    };
}

// The first index whose array's element at `field` is above `value`, in arrays sorted by it.
function firstAbove(arrays, field, value) {
    let low = 0;
    let high = arrays.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (arrays[middle][field] > value) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}
