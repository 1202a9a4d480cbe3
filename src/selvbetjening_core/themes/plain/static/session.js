/* Warns before the login ends, and goes to the page that says so when it has.
 *
 * Reads everything from the element #session; the texts are in the page. Asks the
 * server before it warns and before it leaves, since another window may have
 * prolonged the login meanwhile. Without this script the page tells the time.
 *
 * That something on the page is not saved is told only where something is. Without
 * being able to tell, it is told: losing what one believes to be saved is the worse.
 */
(function () {
  "use strict";

  var ASK_AGAIN = 10; // Seconds.
  var SLACK = 15; // 4 minutes and 50 seconds are told as 5 minutes.
  var dialog = document.getElementById("session");
  var line = document.querySelector("[data-session-line]");
  if (!dialog || !line || !window.fetch) {
    return;
  }
  var left = dialog.querySelector("[data-session-left]");
  var failed = dialog.querySelector("[data-session-failed]");
  var unsaved = dialog.querySelector("[data-session-unsaved]");
  var warnSeconds = Number(dialog.getAttribute("data-warn-seconds"));
  var canProlong = dialog.getAttribute("data-can-prolong") === "yes";
  var endsAt = now() + Number(dialog.getAttribute("data-seconds"));
  var askedAt = 0;
  var asked = 0; // The answer to an earlier question than this counts no more.
  var isClosed = false; // The citizen has read that it cannot be prolonged.

  function now() {
    return Date.now() / 1000;
  }

  function url(name) {
    return dialog.getAttribute("data-" + name + "-url");
  }

  function token() {
    return dialog.querySelector("[name=csrf_token]").value;
  }

  function tick() {
    var seconds = endsAt - now();
    if (seconds > warnSeconds) {
      hide();
    } else if (now() - askedAt >= ASK_AGAIN) {
      ask();
    }
    tell(seconds);
  }

  function ask() {
    send(url("status"), { credentials: "same-origin", cache: "no-store" }, function () {
      return undefined; // No answer: asked again in a moment.
    });
  }

  function prolong() {
    failed.hidden = true;
    send(
      url("prolong"),
      {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: "csrf_token=" + encodeURIComponent(token())
      },
      function () {
        failed.hidden = false;
        askedAt = 0;
      }
    );
  }

  function send(address, options, onFailure) {
    var mine = (asked += 1);
    askedAt = now();
    window
      .fetch(address, options)
      .then(function (response) {
        if (!response.ok) {
          throw new Error("no answer");
        }
        return response.json();
      })
      .then(function (answer) {
        if (mine === asked) {
          learn(answer);
        }
      })
      .catch(onFailure);
  }

  function learn(answer) {
    if (answer.seconds <= 0) {
      window.location.replace(url(canProlong ? "ended" : "limit"));
      return;
    }
    endsAt = now() + answer.seconds;
    canProlong = answer.can_prolong;
    tellTime(answer.ends_at);
    if (answer.seconds > warnSeconds) {
      isClosed = false;
      hide();
    } else if (!isClosed) {
      show();
    }
  }

  function tellTime(time) {
    var name = canProlong ? "data-session-line" : "data-session-line-limit";
    setText(line, line.getAttribute(name).replace("{time}", time));
  }

  function tell(seconds) {
    var minutes = Math.floor((seconds + SLACK) / 60);
    var name = minutes > 1 ? "many" : minutes === 1 ? "one" : "less";
    setText(left, left.getAttribute("data-" + name).replace("{count}", String(minutes)));
  }

  function setText(element, text) {
    // Only what is new: a live region is read aloud at every change.
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }

  function isChanged(control) {
    if (control.type === "checkbox" || control.type === "radio") {
      return control.checked !== control.defaultChecked;
    }
    if (control.options) {
      return Array.prototype.some.call(control.options, function (one) {
        return one.selected !== one.defaultSelected;
      });
    }
    return control.defaultValue !== undefined && control.value !== control.defaultValue;
  }

  function isUnsaved() {
    // An answer that was refused, or not saved for another reason, stands in the page.
    return (
      document.querySelector("main form[data-unsaved]") !== null ||
      Array.prototype.some.call(document.querySelectorAll("main form"), function (form) {
        // A question may be called »elements«, and would hide the form's own list.
        return Array.prototype.some.call(
          form.querySelectorAll("input, select, textarea"),
          isChanged
        );
      })
    );
  }

  function show() {
    if (unsaved) {
      unsaved.hidden = !isUnsaved();
    }
    Array.prototype.forEach.call(dialog.querySelectorAll("[data-session-if]"), function (one) {
      one.hidden = one.getAttribute("data-session-if") !== (canProlong ? "yes" : "no");
    });
    dialog.setAttribute(
      "aria-describedby",
      "session-left " + (canProlong ? "session-saved" : "session-limit")
    );
    if (dialog.hasAttribute("open")) {
      return;
    }
    tell(endsAt - now());
    if (dialog.showModal) {
      dialog.showModal();
    } else {
      dialog.setAttribute("open", "");
      dialog.querySelector("button:not([hidden])").focus();
    }
  }

  function hide() {
    if (!dialog.hasAttribute("open")) {
      return;
    }
    failed.hidden = true;
    if (dialog.close) {
      dialog.close();
    } else {
      dialog.removeAttribute("open");
    }
  }

  function closeForGood() {
    isClosed = true;
    hide();
  }

  dialog.querySelector("[data-session-stay]").addEventListener("click", prolong);
  dialog.querySelector("[data-session-close]").addEventListener("click", closeForGood);
  dialog.addEventListener("cancel", function (event) {
    // Escape is a sign of life.
    event.preventDefault();
    if (canProlong) {
      prolong();
    } else {
      closeForGood();
    }
  });
  document.addEventListener("visibilitychange", tick);
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      ask(); // An old page out of the browser's memory.
    }
  });
  window.setInterval(tick, 1000);
  tick();
})();
