/* Goes on by itself; without script one presses the button. */
document.getElementById("send").submit();
