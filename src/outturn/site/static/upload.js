/* Shows how many bytes of an upload have gone, and how far a check has come. Every page works without this. */
"use strict";

(function () {
  const LOST = "The connection was lost before everything had gone. Nothing was kept. Check the network, then send again.";

  function watchUpload(form) {
    form.addEventListener("submit", function (event) {
      const files = form.elements.files.files;
      if (!files.length || !window.FormData) return; // the server says what is missing
      event.preventDefault();
      const size = Array.from(files).reduce((sum, file) => sum + file.size, 0);
      if (size > Number(form.dataset.largest)) {
        refuse("These files have " + size.toLocaleString("en-GB") + " bytes together, more than may be sent at a time. Send fewer at a time.");
      } else {
        send(form);
      }
    });
  }

  function send(form) {
    const box = form.querySelector(".sending"), bar = form.querySelector("#sending-bar");
    const words = form.querySelector("#sending-words"), stop = form.querySelector("#sending-stop");
    const button = form.querySelector("button:not([type])"), request = new XMLHttpRequest();
    let said = -1;
    box.hidden = stop.hidden = false;
    button.disabled = true;
    words.textContent = "Sending";
    stop.onclick = () => request.abort();
    request.upload.onprogress = function (event) {
      const percent = Math.floor((100 * event.loaded) / event.total);
      bar.value = percent;
      if (percent >= said + 10) words.textContent = "Sent " + percent + "%"; // a listener is told ten times, not a hundred
      if (percent >= said + 10) said = percent;
    };
    request.upload.onload = () => { words.textContent = "All sent. Waiting for the server to keep it"; };
    request.onload = function () {
      const html = (request.getResponseHeader("Content-Type") || "").startsWith("text/html");
      if (request.status === 200 && !request.responseURL.includes("/send/")) {
        location.assign(request.responseURL);
      } else if (html) {
        show(request.responseText);
      } else {
        refuse(request.responseText.split(/\r?\n\r?\n/)[1] || LOST); // the web server's own refusal: heading, sentence, signature
        reset();
      }
    };
    request.onerror = () => { refuse(LOST); reset(); };
    request.onabort = () => { reset(); words.textContent = "Stopped. Nothing was kept."; box.hidden = false; bar.hidden = true; };
    request.open("POST", form.action);
    request.send(new FormData(form));

    function reset() {
      box.hidden = stop.hidden = true;
      bar.hidden = false;
      bar.value = 0;
      button.disabled = false;
    }
  }

  /* The server's answer is a whole page: its title and main part take the place of ours. */
  function show(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    document.title = page.title;
    document.querySelector("main").replaceWith(page.querySelector("main"));
    start();
    focusSummary();
  }

  function refuse(sentence) {
    const old = document.querySelector(".error-summary");
    if (old) old.remove();
    const summary = document.createElement("div"), heading = document.createElement("h2"), words = document.createElement("p");
    summary.className = "error-summary";
    summary.setAttribute("role", "alert");
    summary.tabIndex = -1;
    heading.textContent = "There is a problem";
    words.className = "error";
    words.textContent = sentence;
    summary.append(heading, words);
    document.querySelector("main .page-title").before(summary);
    focusSummary();
  }

  function focusSummary() {
    const summary = document.querySelector(".error-summary");
    if (summary) summary.focus();
  }

  function watchJobs(status) {
    const open = Number(status.dataset.open);
    setTimeout(async function look() {
      try {
        const answer = await fetch(status.dataset.state, { credentials: "same-origin", redirect: "error" });
        const found = await answer.json();
        if (found.open < open) return location.reload();
        for (const job of found.jobs) draw(job);
      } catch { /* the server may be starting anew: look again */ }
      setTimeout(look, 1500);
    }, 700);
  }

  function draw(job) {
    const place = document.getElementById("job-" + job.id), bar = place.querySelector("progress");
    if (!bar) return;
    bar.value = job.percent;
    place.querySelector(".job__words").textContent = job.words;
  }

  function start() {
    const form = document.getElementById("send"), status = document.getElementById("job-words");
    if (form) watchUpload(form);
    if (status && status.dataset.state) watchJobs(status);
  }

  start();
})();
