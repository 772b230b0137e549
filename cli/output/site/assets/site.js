"use strict";
// Adds sorting, filtering and turning of pages to tables that are complete without it.
(function () {
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const AT_ONCE = 100;

  function text(cell) {
    return cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent.trim();
  }

  // As people type it: small letters without their marks, "ilham" for "\u0130lham".
  function plain(text) {
    return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/\u0131/g, "i");
  }

  function field(label, control) {
    const made = document.createElement("label");
    made.append(label, control);
    return made;
  }

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  function enhance(table) {
    const heads = Array.from(table.tHead.rows[0].cells);
    const body = table.tBodies[0];
    const rows = Array.from(table.querySelectorAll("tbody > tr"));
    const numbers = new Map(rows.map(function (row, place) { return [row, place]; }));
    let order = rows;
    let matches = rows;
    let page = 0;
    let whole = table.tBodies.length === 1;
    let words = null;

    // The rows after the first page stay out of the layout until they are needed: see the style.
    function unite() {
      if (whole) { return; }
      whole = true;
      body.append.apply(body, order);
      Array.from(table.tBodies).slice(1).forEach(function (rest) { rest.remove(); });
    }

    function values(index) {
      return order.map(function (row) {
        return { row: row, place: numbers.get(row), value: text(row.cells[index]) };
      });
    }

    function sortBy(index, header) {
      const down = header.getAttribute("aria-sort") === "ascending";
      const sorted = values(index);
      sorted.sort(function (one, other) {
        // What is not known stays at the end, whichever way the rest is sorted.
        if (!one.value || !other.value) {
          return one.value ? -1 : other.value ? 1 : one.place - other.place;
        }
        const found = collator.compare(one.value, other.value);
        return (down ? -found : found) || one.place - other.place;
      });
      order = sorted.map(function (each) { return each.row; });
      unite();
      // Rows that are not shown are not laid out while they are moved.
      for (const row of order) { row.classList.add("off"); }
      body.append.apply(body, order);
      for (const each of heads) { each.removeAttribute("aria-sort"); }
      header.setAttribute("aria-sort", down ? "descending" : "ascending");
      apply();
    }

    heads.forEach(function (header, index) {
      const link = header.querySelector("a");
      const label = header.textContent.trim();
      header.replaceChildren(button(label, function () { sortBy(index, header); }));
      if (link) {
        link.className = "what";
        link.setAttribute("aria-label", label + ": what it means");
        link.replaceChildren();
        header.append(link);
      }
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

    const turning = document.createElement("nav");
    turning.className = "turning";
    turning.setAttribute("aria-label", "Pages of the table");
    const back = button("Previous", function () { turn(page - 1); });
    const where = document.createElement("span");
    const on = button("Next", function () { turn(page + 1); });
    turning.append(back, where, on);

    function turn(to) {
      page = to;
      show();
      box.scrollIntoView({ block: "start" });
    }

    function show() {
      const first = page * AT_ONCE;
      const shown = new Set(matches.slice(first, first + AT_ONCE));
      if (rows.length > AT_ONCE) {
        unite();
        for (const row of rows) { row.classList.toggle("off", !shown.has(row)); }
      } else {
        for (const row of rows) { row.classList.remove("off"); }
      }
      tell();
    }

    function tell() {
      const first = page * AT_ONCE;
      turning.hidden = matches.length <= AT_ONCE;
      back.disabled = page === 0;
      on.disabled = first + AT_ONCE >= matches.length;
      where.textContent = "rows " + (first + 1) + "\u2013" + Math.min(first + AT_ONCE, matches.length) +
        " of " + matches.length;
      const all = rows.length + (rows.length === 1 ? " row" : " rows");
      said.value = matches.length === rows.length ? all : matches.length + " of " + all;
    }

    function fits(row, wanted) {
      return wanted.every(function (word) { return words.get(row).includes(word); }) &&
        chosen.every(function (one) {
          const cell = row.cells[one.index];
          const value = cell.firstChild ? cell.firstChild.textContent.trim() : "";
          return !one.select.value || value === one.select.value;
        });
    }

    function apply() {
      words = words || new Map(rows.map(function (row) {
        return [row, plain(row.textContent)];
      }));
      const wanted = plain(search.value).split(/\s+/).filter(Boolean);
      matches = order.filter(function (row) { return fits(row, wanted); });
      const fitting = new Set(matches);
      for (const row of rows) { row.hidden = !fitting.has(row); }
      page = 0;
      show();
    }

    // A row that an address points at must be seen.
    function reveal() {
      const target = document.getElementById(location.hash.slice(1));
      if (!target || !numbers.has(target)) { return; }
      if (target.hidden) {
        search.value = "";
        for (const one of chosen) { one.select.value = ""; }
        apply();
      }
      if (rows.length > AT_ONCE) {
        page = Math.floor(matches.indexOf(target) / AT_ONCE);
        show();
        // Said again, since the row that it means may have been moved.
        location.replace(location.hash);
      }
      target.scrollIntoView({ block: "center" });
    }

    controls.addEventListener("input", apply);
    controls.addEventListener("change", apply);
    window.addEventListener("hashchange", reveal);
    const box = table.closest(".scroll") || table;
    box.before(controls);
    box.after(turning);
    tell();
    reveal();
  }

  document.querySelectorAll("table[data-sortable]").forEach(enhance);
})();
