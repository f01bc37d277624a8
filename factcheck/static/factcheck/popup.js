"use strict";
// Tells the page that opened this form which row was made or changed; that page may be around it or in another window.
{
  const told = JSON.parse(document.getElementById("desk-popup").dataset.popupResponse);
  if (window.parent !== window) {
    window.parent.postMessage({ desk: "chosen", ...told }, window.location.origin);
  } else if (window.opener) {
    if (told.action === "change") {
      window.opener.dismissChangeRelatedObjectPopup(window, told.value, told.obj, told.new_value);
    } else {
      window.opener.dismissAddRelatedObjectPopup(window, told.value, told.obj);
    }
  }
}
