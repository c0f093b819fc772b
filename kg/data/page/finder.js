// A field that finds entities by name, `except` one: arrows go up and down, Enter takes, Escape clears.
function makeFinder(input, list, take, except) {
  let found = [], active = 0;
  const open = (wanted) => {
    list.hidden = !wanted;
    input.setAttribute("aria-expanded", String(wanted));
    if (wanted && found.length) input.setAttribute("aria-activedescendant", `${list.id}-${active}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const choose = (i) => {
    if (!found[i]) return;
    input.value = found[i].node.label;
    open(false);
    take(found[i].node);
  };
  const hit = ({ node, name }, i) => make("li",
    { role: "option", id: `${list.id}-${i}`, "aria-selected": String(i === active), onmousedown: (event) => event.preventDefault(), onclick: () => choose(i) },
    node.label, make("small", {}, [name === node.label ? "" : name, PALETTE.types[node.group].one, countryWord(node.country)].filter(Boolean).join(" · ")));
  const show = () => {
    found = findNames(input.value).filter(({ node }) => node.id !== except);
    active = 0;
    const none = make("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, "No entity bears this name");
    list.replaceChildren(...(found.length ? found.map(hit) : [none]));
    open(input.value.trim() !== "");
  };
  const move = (step) => {
    if (!found.length) return;
    active = (active + step + found.length) % found.length;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
    list.children[active].scrollIntoView({ block: "nearest" });
    open(true);
  };
  const leave = () => { input.value = ""; open(false); input.blur(); };
  input.addEventListener("input", show);
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", (event) => {
    const act = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: () => choose(active), Escape: leave }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
}
