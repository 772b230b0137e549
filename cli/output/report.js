// The page of `relations check --output-format html`: filters, search and pages of findings.
//
// The findings stand in the page as JSON. The address after # says what is shown, so a link can
// show one rule, and Back works. Text goes into the page as text, never as markup.
"use strict";

(() => {
  const PER_PAGE = 100;
  const QUICK = 120; // milliseconds without a key before a search begins

  const data = JSON.parse(document.getElementById("data").textContent);
  const { texts, rules, findings } = data;
  // The places of a finding's members in its row; see html_findings.py.
  const [RULE, FILE, LINE, COLUMN, TABLE, KEY, FIELD, MESSAGE, HINT, BEFORE, CELL, AFTER, RELATED] =
    Array(13).keys();

  const heading = document.getElementById("findings");
  const list = document.querySelector(".findings");
  const form = document.querySelector(".filters");
  const status = document.querySelector("[role=status]");
  const pages = document.querySelector(".pages");
  if (!list) return;
  const search = form.elements.namedItem("search");
  const ruleChoice = form.elements.namedItem("rule");
  const tableChoice = form.elements.namedItem("table");
  const severityButtons = [...form.querySelectorAll("[data-severity]")];
  const clear = form.querySelector("[data-clear]");
  const pageInput = pages.querySelector("input");
  const turn = (name) => pages.querySelector(`[data-turn=${name}]`);

  let timer;
  const text = (index) => (index < 0 ? "" : texts[index]);
  const number = (value) => value.toLocaleString("en");

  // -- What is shown ------------------------------------------------------------------------

  function wanted() {
    const given = new URLSearchParams(location.hash.slice(1));
    return {
      search: given.get("search") || "",
      rule: given.get("rule") || "",
      table: given.get("table") || "",
      severity: given.get("severity") || "",
      page: Math.max(1, Number.parseInt(given.get("page"), 10) || 1),
    };
  }

  function show(changes, quietly) {
    clearTimeout(timer);
    const state = { ...wanted(), search: search.value.trim(), page: 1, ...changes };
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries(state)) {
      if (value && !(name === "page" && value === 1)) given.set(name, value);
    }
    const address = `#${given}`;
    if (quietly) {
      // No entry in the history for each letter that is typed.
      history.replaceState(null, "", address);
      render();
    } else {
      location.hash = address;
    }
  }

  // As people type it: small letters without their marks, "ilham" for "\u0130lham".
  function plain(text) {
    return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/\u0131/g, "i");
  }

  let haystacks;
  function haystack(index) {
    haystacks ??= new Array(findings.length);
    return (haystacks[index] ??= plain(searchable(findings[index])));
  }

  function searchable(row) {
    const members = [FILE, TABLE, KEY, FIELD, MESSAGE, HINT, BEFORE, CELL, AFTER];
    return [rules[row[RULE]].code, ...members.map((member) => text(row[member]))].join("\n");
  }

  let memory = { asked: null, found: [] };
  function found(state) {
    const asked = JSON.stringify([state.search, state.rule, state.table, state.severity]);
    if (memory.asked === asked) return memory.found;
    const words = plain(state.search).split(/\s+/).filter(Boolean);
    const chosen = [];
    for (let index = 0; index < findings.length; index += 1) {
      const row = findings[index];
      const rule = rules[row[RULE]];
      if (state.severity && rule.severity !== state.severity) continue;
      if (state.rule && rule.code !== state.rule) continue;
      if (state.table && (text(row[TABLE]) || "package") !== state.table) continue;
      if (words.length && !words.every((word) => haystack(index).includes(word))) continue;
      chosen.push(index);
    }
    memory = { asked, found: chosen };
    return chosen;
  }

  function render() {
    const state = wanted();
    const chosen = found(state);
    const last = Math.max(1, Math.ceil(chosen.length / PER_PAGE));
    const page = Math.min(state.page, last);
    const start = (page - 1) * PER_PAGE;
    const some = chosen.slice(start, start + PER_PAGE);
    list.replaceChildren(...some.map((index) => card(findings[index])));

    ruleChoice.value = state.rule;
    tableChoice.value = state.table;
    for (const button of severityButtons) {
      button.setAttribute("aria-pressed", String(button.dataset.severity === state.severity));
    }
    const narrowed = Boolean(state.search || state.rule || state.table || state.severity);
    clear.hidden = !narrowed;

    // With a cap there are more in all than this page holds.
    const all = `${number(data.total)} ${data.total === 1 ? "finding" : "findings"}`;
    let what = data.total === 1 ? "finding" : "findings";
    if (data.total > findings.length) what += ` on this page; ${number(data.total)} in all`;
    if (narrowed) what = `that match; ${all} in all`;
    status.replaceChildren(
      ...(chosen.length
        ? [
            element("strong", "", `${number(start + 1)}–${number(start + some.length)}`),
            ` of ${number(chosen.length)} ${what}`,
          ]
        : [`None of ${all} matches.`]),
    );
    pages.hidden = last === 1;
    pageInput.value = page;
    pageInput.max = last;
    pages.querySelector("[data-last]").textContent = number(last);
    turn("first").disabled = turn("previous").disabled = page === 1;
    turn("next").disabled = turn("last").disabled = page === last;
    Object.assign(pages.dataset, { page, pages: last });
  }

  // -- One finding: the same markup as html_findings.py writes for readers without scripts ---------

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  function quoted(words) {
    const parts = words.split("`");
    if (parts.length % 2 === 0) return [words];
    return parts
      .map((part, index) => (index % 2 ? element("code", "", part) : part))
      .filter((part) => part !== "");
  }

  // Cells of a line, which may go on in the next one after a comma.
  function breakable(line) {
    const cells = line.split(",");
    return cells
      .flatMap((cell, index) => (index < cells.length - 1 ? [`${cell},`, element("wbr")] : [cell]))
      .filter((part) => part !== "");
  }

  function place(file, line, column) {
    return [text(file), line, column].filter((part) => part !== null).join(":");
  }

  function card(row) {
    const rule = rules[row[RULE]];
    const made = element("li", `finding ${rule.severity}`);
    made.append(
      element(
        "p",
        "what",
        element("span", `severity-tag ${rule.severity}`, rule.severity),
        element("span", "message", ...quoted(text(row[MESSAGE]))),
      ),
    );
    const where = element("p", "where");
    where.append(element("code", "place", place(row[FILE], row[LINE], row[COLUMN])));
    for (const member of [KEY, FIELD]) {
      if (row[member] >= 0) where.append(element("code", "", text(row[member])));
    }
    made.append(where);
    if (row[AFTER] >= 0) {
      const line = element("pre", "line");
      line.append(element("span", "number", String(row[LINE])), ...breakable(text(row[BEFORE])));
      if (row[CELL] >= 0) line.append(element("mark", "", text(row[CELL])));
      line.append(...breakable(text(row[AFTER])));
      made.append(line);
    }
    if (row[HINT] >= 0) {
      const hint = element("p", "hint", ...quoted(text(row[HINT])));
      if (rule.fixable) hint.append(element("span", "fixable", " (--fix does it)"));
      made.append(hint);
    }
    if (row[RELATED].length) {
      const related = element("p", "related", "see ");
      row[RELATED].forEach((each, index) => {
        if (index) related.append(", ");
        related.append(element("code", "", place(...each)));
      });
      made.append(related);
    }
    const details = element("details", "", element("summary", "", element("code", "", rule.code)));
    const manual = element("div", "manual");
    manual.append(
      ...rule.manual.map((part) =>
        Array.isArray(part)
          ? element("ul", "", ...part.map((item) => element("li", "", ...quoted(item))))
          : element("p", "", ...quoted(part)),
      ),
    );
    details.append(manual);
    made.append(details);
    return made;
  }

  // -- What a person does ----------------------------------------------------------------------

  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => show({}, true), QUICK);
  });
  ruleChoice.addEventListener("change", () => show({ rule: ruleChoice.value }));
  tableChoice.addEventListener("change", () => show({ table: tableChoice.value }));
  for (const button of severityButtons) {
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") === "true";
      show({ severity: on ? "" : button.dataset.severity });
    });
  }
  clear.addEventListener("click", () => {
    search.value = "";
    show({ rule: "", table: "", severity: "" });
    search.focus();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  pages.addEventListener("submit", (event) => event.preventDefault());

  function goTo(page) {
    show({ page });
    status.scrollIntoView({ block: "start" });
  }
  const current = () => Number(pages.dataset.page);
  turn("first").addEventListener("click", () => goTo(1));
  turn("previous").addEventListener("click", () => goTo(current() - 1));
  turn("next").addEventListener("click", () => goTo(current() + 1));
  turn("last").addEventListener("click", () => goTo(Number(pages.dataset.pages)));
  pageInput.addEventListener("change", () => {
    const asked = Number.parseInt(pageInput.value, 10) || 1;
    goTo(Math.min(Math.max(1, asked), Number(pages.dataset.pages)));
  });

  // The address has changed: by a link or a choice on this page, or by Back.
  function follow() {
    search.value = wanted().search;
    render();
  }
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    // Its target is no state of the list, so the address stays.
    if (link.matches(".skip-link")) event.preventDefault();
    if (link.matches(".skip-link, [data-shows]")) {
      heading.scrollIntoView({ block: "start" });
      heading.focus({ preventScroll: true });
    }
  });

  form.hidden = false;
  follow();
})();
