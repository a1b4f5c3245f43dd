const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const count = number => grouped.format(number);
const change = number => number > 0 ? `+${count(number)}` : count(number);
const share = (part, whole) => whole === 0 ? "" : `${(100 * part / whole).toFixed(1)} %`;
const ratio = number => number === 0 || number >= 0.1 ? number.toFixed(2) : number.toPrecision(2);

const nanoseconds = cycles => cycles * 1e9 / data.frequencyHertz;

// Cycles as a time with one to three digits before the point.
function time(cycles) {
    const ns = nanoseconds(cycles);
    const size = Math.abs(ns);
    return size < 1e3 ? `${ns.toFixed(ns % 1 === 0 || size >= 100 ? 0 : 1)} ns`
        : size < 1e6 ? `${(ns / 1e3).toFixed(3)} us`
        : size < 1e9 ? `${(ns / 1e6).toFixed(3)} ms`
        : `${(ns / 1e9).toFixed(3)} s`;
}

const cyclesAndTime = cycles =>
    `${count(cycles)} ${cycles === 1 ? "cycle" : "cycles"} (${time(cycles)})`;

const plural = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;

const crossingNames = {
    "ipc": "IPC through the kernel",
    "kernel-trap": "trap into the kernel's domain",
    "procedure-call": "procedure call",
    "gate": "gate between user domains",
};

const crossingShort = {
    "ipc": "IPC", "kernel-trap": "trap", "procedure-call": "call", "gate": "gate",
};

// Ticks at round numbers of nanoseconds, at most so many.
function ticks(from, to, most) {
    const span = to - from;
    if (!(span > 0)) {
        return [];
    }
    const rough = span / Math.max(1, most);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(factor => factor * power).find(each => each >= rough);
    const found = [];
    for (let i = Math.ceil(from / step); i * step <= to; i++) {
        found.push(i * step);
    }
    return found;
}

// Ticks for a logarithmic axis: 1, 2 and 5 of each power of ten as far as there is room, or, within
// less than that, as on any axis.
function logarithmicTicks(from, to, most) {
    for (const factors of [[1, 2, 5], [1, 3], [1]]) {
        const found = [];
        for (let power = Math.floor(Math.log10(from)); 10 ** power <= to; power++) {
            found.push(...factors.map(factor => factor * 10 ** power)
                .filter(each => each >= from && each <= to));
        }
        if (found.length <= most) {
            return found.length > 2 ? found : ticks(from, to, Math.min(most, 8));
        }
    }
    const first = Math.ceil(Math.log10(from));
    const every = Math.ceil((Math.log10(to) - first + 1) / most);
    const powers = [];
    for (let power = first; 10 ** power <= to; power += every) {
        powers.push(10 ** power);
    }
    return powers;
}

// A tick's label in the unit that fits the whole axis.
function tickLabel(ns, largest) {
    const [divisor, unit] = largest < 1e3 ? [1, "ns"]
        : largest < 1e6 ? [1e3, "us"] : largest < 1e9 ? [1e6, "ms"] : [1e9, "s"];
    return `${Number((ns / divisor).toPrecision(6))} ${unit}`;
}
