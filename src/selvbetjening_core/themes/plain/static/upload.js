/* Shows how far a file has come, lets the citizen stop it, and repeats what was cut off.
 *
 * Each chosen file is sent by itself with the form's own button "Attach", and of the page
 * that comes back the question alone is put into this one: what is typed elsewhere stays.
 * The server keeps the same file once, however often it arrives, so a repeat doubles
 * nothing. Whatever this script does not know is left to the form, which needs no script.
 */
(function () {
  "use strict";

  var TRIES = 5;
  var FIRST_WAIT = 1000; // Milliseconds; doubled at every try.
  var TOLD_AT = [25, 50, 75]; // Percent. More would talk over the reader.
  var form = document.querySelector("form[enctype='multipart/form-data']");
  if (!form || !window.FormData || !FormData.prototype.getAll || !form.closest) {
    return;
  }
  var status = document.createElement("p");
  status.className = "sr-only";
  status.setAttribute("role", "status");
  form.appendChild(status);
  var pressed = null; // The last button, for browsers that do not tell.
  var isSending = false;
  var isLeft = false; // The form goes on by itself.

  function tell(text) {
    status.textContent = text;
  }

  function chosenInputs() {
    return Array.prototype.filter.call(form.querySelectorAll("input[type=file]"), function (one) {
      return one.files.length > 0;
    });
  }

  function text(input, name, values) {
    var found = input.closest("[data-upload]").getAttribute("data-" + name);
    return Object.keys(values || {}).reduce(function (told, key) {
      return told.replace("{" + key + "}", values[key]);
    }, found);
  }

  /* The question as it is on the page now: after each file it is another. */
  function groupOf(id) {
    return document.getElementById(id).closest(".form-group");
  }

  function element(name, className, content) {
    var made = document.createElement(name);
    made.className = className;
    made.textContent = content || "";
    return made;
  }

  function panelFor(input, file) {
    var panel = element("div", "upload-progress");
    var line = element("p", "upload-line", text(input, "sending", { name: file.name }));
    var bar = document.createElement("progress");
    var stop = element("button", "button button-secondary", text(input, "stop"));
    line.id = input.id + "-sending";
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-labelledby", line.id);
    stop.type = "button";
    [line, bar, stop].forEach(function (one) {
      panel.appendChild(one);
    });
    groupOf(input.id).appendChild(panel);
    return { panel: panel, line: line, bar: bar, stop: stop, toldAt: 0 };
  }

  function showSent(input, file, shown, sent, total) {
    var percent = total ? Math.floor((100 * sent) / total) : 0;
    shown.bar.value = percent;
    TOLD_AT.forEach(function (step) {
      if (percent >= step && shown.toldAt < step && percent < 100) {
        shown.toldAt = step;
        tell(text(input, "percent", { percent: step, name: file.name }));
      }
    });
  }

  /* The form as it is, with one file and the button of its question. */
  function pairs(input, file, verb) {
    var sent = new FormData();
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string") {
        sent.append(name, value);
      }
    });
    sent.append("do", input.name + ":" + verb);
    if (file) {
      sent.append(input.name, file, file.name);
    }
    return sent;
  }

  /* ``done(page, status)``: an answer came; ``lost()``: none did. */
  function post(data, onSent, done, lost, onWhole) {
    var request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action"));
    request.responseType = "document";
    request.upload.addEventListener("progress", onSent);
    request.upload.addEventListener("load", onWhole);
    request.addEventListener("load", function () {
      done(request.status === 200 ? request.response : null, request.status);
    });
    request.addEventListener("error", lost);
    request.send(data);
    return request;
  }

  function nothing() {
    return undefined;
  }

  /* Put the question of ``page`` into this one. False: it is not on that page. */
  function takeOver(input, page) {
    var there = page && page.getElementById(input.id);
    var group = there && there.closest(".form-group");
    if (!group) {
      return false;
    }
    groupOf(input.id).replaceWith(document.adoptNode(group));
    forget(input.id);
    return true;
  }

  /* What the summary at the top says of this question is answered by now. */
  function forget(id) {
    var link = document.querySelector(".error-summary a[href='#" + id + "']");
    var list = link && link.closest("ul");
    if (list) {
      link.closest("li").remove();
      if (!list.children.length) {
        list.closest(".error-summary").remove();
      }
    }
  }

  /* The form asks for the page itself, where what came is not the one expected. */
  function leaveToForm(input) {
    var button = form.querySelector("button[value='" + input.name + ":upload']");
    input.value = "";
    isLeft = true;
    if (button) {
      button.click();
    } else {
      form.submit();
    }
  }

  function isWrong(id) {
    return document.getElementById(id + "-error") !== null;
  }

  function send(input, file, after) {
    var shown = panelFor(input, file);
    var tries = 0;
    var request = null;
    var waiting = 0;

    function attempt() {
      window.clearTimeout(waiting);
      window.removeEventListener("online", attempt);
      shown.stop.hidden = false;
      shown.line.textContent = text(input, "sending", { name: file.name });
      request = post(pairs(input, file, "upload"), onSent, onPage, onLost, onWhole);
    }

    function onSent(event) {
      showSent(input, file, shown, event.loaded, event.total);
    }

    function onWhole() {
      // It has arrived: from now on it is not stopped but removed.
      shown.stop.hidden = true;
      shown.bar.removeAttribute("value");
      shown.line.textContent = text(input, "checking", { name: file.name });
      tell(shown.line.textContent);
    }

    function onPage(page, code) {
      if (takeOver(input, page)) {
        after(!isWrong(input.id));
      } else if (code === 413) {
        giveUp("too_much");
      } else {
        leaveToForm(input);
      }
    }

    function onLost() {
      tries += 1;
      shown.bar.value = 0;
      shown.toldAt = 0;
      shown.stop.hidden = false;
      if (tries < TRIES) {
        shown.line.textContent = text(input, "again");
        waiting = window.setTimeout(attempt, FIRST_WAIT * Math.pow(2, tries - 1));
        window.addEventListener("online", attempt);
      } else {
        giveUp("lost");
      }
      tell(shown.line.textContent);
    }

    function giveUp(why) {
      var retry = element("button", "button", text(input, "retry"));
      shown.line.textContent = text(input, why, { name: file.name });
      shown.bar.value = 0;
      shown.stop.hidden = false;
      tell(shown.line.textContent);
      retry.type = "button";
      retry.addEventListener("click", function () {
        tries = 0;
        retry.remove();
        attempt();
        shown.stop.focus();
      });
      shown.panel.insertBefore(retry, shown.stop);
    }

    shown.stop.addEventListener("click", function () {
      window.clearTimeout(waiting);
      window.removeEventListener("online", attempt);
      request.abort();
      stopped(input, file, shown);
    });
    attempt();
    shown.stop.focus();
  }

  /* What the server has is asked for: the last byte may just have arrived. */
  function stopped(input, file, shown) {
    shown.panel.remove();
    post(
      pairs(input, null, "look"),
      nothing,
      function (page) {
        isSending = false;
        takeOver(input, page);
        tellStopped(input, file);
      },
      function () {
        isSending = false;
        tellStopped(input, file);
      },
      nothing
    );
  }

  function tellStopped(input, file) {
    var names = groupOf(input.id).querySelectorAll(".file-name");
    var isThere = Array.prototype.some.call(names, function (one) {
      return one.textContent.indexOf(file.name + " (") === 0;
    });
    var told = text(input, isThere ? "attached" : "stopped", { name: file.name });
    groupOf(input.id).appendChild(element("p", "upload-line", told));
    tell(told);
    focusOn(input.id);
  }

  function focusOn(id) {
    var there = document.getElementById(id);
    if (there) {
      there.focus();
    }
  }

  /* One file after the other; then on, by the button that was pressed. */
  function sendAll(queue, button) {
    var next = queue.shift();
    if (!next) {
      isSending = false;
      goOn(button);
      return;
    }
    send(next.input, next.file, function (isTaken) {
      focusOn(next.input.id);
      if (isTaken) {
        tell(text(next.input, "attached", { name: next.file.name }));
        sendAll(queue, button);
      } else {
        isSending = false;
        tell("");
      }
    });
  }

  function goOn(button) {
    if (button && !/:upload$/.test(button.value)) {
      button.click();
    }
  }

  function queued() {
    return chosenInputs().reduce(function (found, input) {
      return found.concat(
        Array.prototype.map.call(input.files, function (file) {
          return { input: input, file: file };
        })
      );
    }, []);
  }

  form.addEventListener("click", function (event) {
    pressed = event.target.closest("button[type=submit]") || pressed;
  });
  form.addEventListener("submit", function (event) {
    var button = event.submitter || pressed;
    if (isLeft) {
      return;
    }
    if (isSending) {
      event.preventDefault();
      var there = form.querySelector("[data-upload]");
      tell(there ? text(there, "wait") : status.textContent);
      return;
    }
    if (!chosenInputs().length || (button && /:remove:/.test(button.value))) {
      return;
    }
    event.preventDefault();
    isSending = true;
    sendAll(queued(), button);
  });
})();
