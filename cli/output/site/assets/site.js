"use strict";
// Adds sorting and filtering to tables that are complete without it.
(function () {
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  function text(cell) {
    return cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent.trim();
  }

  function sortBy(table, index, header) {
    const body = table.tBodies[0];
    const down = header.getAttribute("aria-sort") === "ascending";
    const rows = Array.from(body.rows, function (row, place) {
      return { row: row, place: place, value: text(row.cells[index]) };
    });
    rows.sort(function (one, other) {
      // What is not known stays at the end, whichever way the rest is sorted.
      if (!one.value || !other.value) {
        return one.value ? -1 : other.value ? 1 : one.place - other.place;
      }
      const order = collator.compare(one.value, other.value);
      return (down ? -order : order) || one.place - other.place;
    });
    body.append.apply(body, rows.map(function (each) { return each.row; }));
    for (const each of table.tHead.rows[0].cells) {
      each.removeAttribute("aria-sort");
    }
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
  }

  function field(label, control) {
    const made = document.createElement("label");
    made.append(label, control);
    return made;
  }

  function enhance(table) {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (header, index) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = header.textContent.trim();
      header.replaceChildren(button);
      button.addEventListener("click", function () { sortBy(table, index, header); });
    });

    const rows = Array.from(table.tBodies[0].rows, function (row) {
      return { row: row, text: row.textContent.toLowerCase() };
    });
    const controls = document.createElement("div");
    controls.className = "controls";
    controls.setAttribute("role", "search");
    controls.setAttribute("aria-label", "Filter " + (table.caption ? table.caption.textContent.split(":")[0] : "the table"));
    const search = document.createElement("input");
    search.type = "search";
    search.autocomplete = "off";
    controls.append(field("Filter", search));
    const chosen = [];
    heads.forEach(function (header, index) {
      if (!header.dataset.choices) { return; }
      const select = document.createElement("select");
      select.append(new Option("all", ""));
      for (const choice of header.dataset.choices.split("|")) {
        select.append(new Option(choice, choice));
      }
      chosen.push({ index: index, select: select });
      controls.append(field(header.textContent.trim(), select));
    });
    const said = document.createElement("output");
    said.setAttribute("role", "status");
    controls.append(said);

    function apply() {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const each of rows) {
        const fits = words.every(function (word) { return each.text.includes(word); }) &&
          chosen.every(function (one) {
            const cell = each.row.cells[one.index];
            const value = cell.firstChild ? cell.firstChild.textContent.trim() : "";
            return !one.select.value || value === one.select.value;
          });
        each.row.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      const all = rows.length + (rows.length === 1 ? " row" : " rows");
      said.value = shown === rows.length ? all : shown + " of " + all;
    }

    controls.addEventListener("input", apply);
    controls.addEventListener("change", apply);
    // A row that an address points at must be seen.
    window.addEventListener("hashchange", function () {
      const target = document.getElementById(location.hash.slice(1));
      if (target && target.hidden && table.contains(target)) {
        search.value = "";
        for (const one of chosen) { one.select.value = ""; }
        apply();
        target.scrollIntoView();
      }
    });
    apply();
    const box = table.closest(".scroll") || table;
    box.before(controls);
  }

  document.querySelectorAll("table[data-sortable]").forEach(enhance);
})();
