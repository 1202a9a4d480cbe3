/* Shows the button that prints the page: without this script it could do nothing. */
(function () {
  "use strict";

  function print() {
    window.print();
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-print]"), function (button) {
    button.hidden = false;
    button.addEventListener("click", print);
  });
})();
