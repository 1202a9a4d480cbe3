/* Sends the form that brings a login back, as the button of the page does. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-relay]");
  if (form) {
    form.submit();
  }
})();
