// Elements are made here only, and text is always a text node: nothing that a scenario or a
// program says can become markup.
const SvgNamespace = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function") {
            element.addEventListener(name, value);
        } else if (value !== null && value !== undefined && value !== false) {
            element.setAttribute(name, value === true ? "" : value);
        }
    }
    element.append(...children.flat().filter(child => child !== null && child !== undefined));
    return element;
}

const el = (tag, attributes = {}, ...children) =>
    fill(document.createElement(tag), attributes, children);

const svg = (tag, attributes = {}, ...children) =>
    fill(document.createElementNS(SvgNamespace, tag), attributes, children);

const byId = id => document.getElementById(id);

const button = (label, click, attributes = {}) =>
    el("button", { type: "button", click, ...attributes }, label);

// For the ear only.
const unseen = words => el("span", { class: "unseen" }, words);

// Redraws what has a size or colors of its own.
const redraws = [];
const redrawAll = () => redraws.forEach(redraw => redraw());

let resizing = 0;
addEventListener("resize", () => {
    cancelAnimationFrame(resizing);
    resizing = requestAnimationFrame(redrawAll);
});

// A canvas as sharp as the screen; the context's unit is a CSS pixel.
function sizeCanvas(canvas, width, height) {
    const density = Math.min(window.devicePixelRatio || 1, 3);
    canvas.width = Math.max(1, Math.round(width * density));
    canvas.height = Math.max(1, Math.round(height * density));
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
}
