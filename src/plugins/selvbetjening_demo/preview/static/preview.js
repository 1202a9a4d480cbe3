// Loads the page anew when the solution was saved, unless somebody is filling it in.
(() => {
  const script = document.currentScript;
  const changed = document.querySelector(".preview-changed span");
  let isFilledIn = false;
  document.addEventListener("input", () => { isFilledIn = true; });

  async function look() {
    try {
      const answer = await fetch(script.dataset.url, { cache: "no-store" });
      const isNew = answer.ok && (await answer.text()) !== script.dataset.revision;
      if (isNew && isFilledIn) {
        changed.hidden = false;
      } else if (isNew) {
        // A GET, also where the page answered a form.
        location.replace(location.href);
        return;
      }
    } catch {
      // The preview has ended, or begins anew.
    }
    setTimeout(look, 1000);
  }
  setTimeout(look, 1000);
})();
