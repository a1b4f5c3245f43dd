// Light or dark as the system wants it, until the reader wants it otherwise.
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
let printing = false;

// A page from a file may have no storage: then the choice lasts until it is left.
function stored() {
    try {
        return localStorage.getItem("micro-theme");
    } catch {
        return null;
    }
}

function store(theme) {
    try {
        localStorage.setItem("micro-theme", theme);
    } catch {
        // See above.
    }
}

const isDark = () =>
    (document.documentElement.dataset.theme ?? (systemIsDark.matches ? "dark" : "light"))
        === "dark";

function setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    byId("theme").textContent = theme === "dark" ? "Light" : "Dark";
    byId("theme").setAttribute("aria-label", `Switch to ${theme === "dark" ? "light" : "dark"}`);
    redrawAll();
}

function startTheme() {
    const wanted = stored();
    setTheme(wanted === "dark" || wanted === "light" ? wanted : isDark() ? "dark" : "light");
    byId("theme").addEventListener("click", () => {
        const theme = isDark() ? "light" : "dark";
        store(theme);
        setTheme(theme);
    });
    systemIsDark.addEventListener("change", () => {
        if (!stored()) {
            setTheme(systemIsDark.matches ? "dark" : "light");
        }
    });

    // Paper is light, and does not scroll.
    const print = isPrinting => {
        printing = isPrinting;
        document.documentElement.toggleAttribute("data-print", isPrinting);
        for (const details of document.querySelectorAll("details")) {
            if (isPrinting) {
                details.dataset.was = details.open ? "open" : "closed";
                details.open = details.dataset.print !== "no";
            } else if (details.dataset.was) {
                details.open = details.dataset.was === "open";
            }
        }
        redrawAll();
    };
    addEventListener("beforeprint", () => print(true));
    addEventListener("afterprint", () => print(false));
}
