// Of one lightness, so that white text is readable on each, and each on a light and a dark page.
const causeColors = {
    "program": "#657489",
    "library": "#377390",
    "handler": "#1e71cf",
    "mode-switch": "#b9530f",
    "address-space-switch": "#cd2b39",
    "page-table-isolation": "#c8327d",
    "tlb-refill": "#a940a9",
    "cache-refill": "#ac5391",
    "cache-flush": "#9c4361",
    "fpu-switch": "#897022",
    "scheduling-context": "#6c7928",
    "system-call-filter": "#547a2e",
    "interception": "#944d3f",
    "vm-exit": "#9b36cd",
    "user-crossing": "#8050d3",
    "kernel-path": "#8a59cf",
    "copy": "#208150",
    "interrupt": "#9a6908",
    "procedure-call": "#167e76",
    "lock": "#6c6729",
    "lock-spin": "#7e5b2a",
    "device-service": "#137382",
    "device-queue": "#376872",
    "shared": "#507986",
    "server-busy": "#5066a7",
    "waiting-for-core": "#68719a",
    "preempted": "#6761a0",
    "lock-wait": "#6b6b47",
    "interrupt-latency": "#816c56",
    "recovery": "#da1f1f",
    "asleep": "#6a747d",
};

const placementColors = ["#1868d8", "#c04d0a", "#127e63", "#a041c0", "#ce2c6f", "#84700f"];

const colorOfCause = cause => causeColors[cause] ?? "#6b7280";
const colorOfPlacement = index => placementColors[index % placementColors.length];

// The value of a custom property of the style sheet, as a color that a canvas takes.
function themeColor(name) {
    const probe = byId("foot");
    probe.style.color = `var(${name})`;
    const color = getComputedStyle(probe).color;
    probe.style.color = "";
    return color;
}
