/* Comfort only: the sheet works without it. P, E, A choose and go on; arrows go from one person to the next. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-attendance]");
  if (!form) return;
  const lines = [...form.querySelectorAll("[data-att-line]")];
  const letters = { p: "present", e: "excused", a: "absent" };
  const counter = form.querySelector("[data-att-count]");
  const save = form.querySelector("[data-att-save]");
  let isChanged = false;

  const radio = (line, value) => line.querySelector(`input[type="radio"][value="${value}"]`);
  const chosen = (line) => line.querySelector('input[type="radio"]:checked');

  function goTo(line) {
    const target = chosen(line) || radio(line, "present");
    target.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
  }

  function count() {
    const words = { present: ["présente", "présentes"], excused: ["excusée", "excusées"], absent: ["absente", "absentes"] };
    const found = Object.keys(words).map((value) => [lines.filter((line) => radio(line, value).checked).length, words[value]]);
    const left = lines.length - found.reduce((sum, [number]) => sum + number, 0);
    const told = found.filter(([number]) => number).map(([number, [one, many]]) => `${number} ${number > 1 ? many : one}`);
    if (left) told.push(`${left} à noter`);
    counter.textContent = told.join(", ");
  }

  function choose(line, value) {
    radio(line, value).checked = true;
    isChanged = true;
    count();
  }

  function step(line, by) {
    const next = lines[lines.indexOf(line) + by];
    if (next) goTo(next);
    else if (by > 0) save.focus();
  }

  form.addEventListener("keydown", (event) => {
    const line = event.target.closest("[data-att-line]");
    if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
    const isRadio = event.target.type === "radio";
    const value = isRadio && letters[event.key.toLowerCase()];
    if (value) {
      event.preventDefault();
      choose(line, value);
      if (value === "present") step(line, 1);
      else line.querySelector("select").focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.tagName !== "SELECT") {
      event.preventDefault();
      step(line, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      step(line, 1);
    }
  });

  form.querySelector("[data-att-all]").addEventListener("click", (event) => {
    event.preventDefault();
    lines.filter((line) => !chosen(line)).forEach((line) => choose(line, "present"));
    if (lines.length) goTo(lines[0]);
  });

  form.addEventListener("change", () => { isChanged = true; count(); });
  form.addEventListener("submit", () => { isChanged = false; });
  window.addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });

  form.querySelector("[data-att-keys]").hidden = false;
  count();
  if (!document.getElementById("form-errors") && lines.length) goTo(lines.find((line) => !chosen(line)) || lines[0]);
});
