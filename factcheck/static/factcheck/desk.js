"use strict";
// A row that has just been added is there to be filled in: open it. Its fold gets its behaviour a moment later.
document.addEventListener("formset:added", (event) => {
  const heading = event.target.querySelector("h3.cursor-pointer");
  if (heading) {
    setTimeout(() => {
      const body = heading.parentElement.querySelector("fieldset");
      if (body && body.offsetParent === null) {
        heading.click();
      }
    }, 50);
  }
});
