/* Relative times by the reader's clock, and a banner when the data is older than its limit. */
const UNITS = [["year", 31557600], ["month", 2629800], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

const relative = (seconds) => {
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  return unit ? words.format(-Math.round(seconds / unit[1]), unit[0]) : "just now";
};

const warnOfAge = (time, seconds) => {
  const hours = Number(time.dataset.stale);
  const answer = document.getElementById("answer");
  if (!hours || seconds < hours * 3600 || !answer || document.querySelector(".rb-old")) return;
  const banner = document.createElement("div");
  banner.className = "rb-banner rb-tone-warn rb-old";
  banner.setAttribute("role", "status");
  const title = document.createElement("b");
  title.className = "rb-warn";
  title.textContent = "Old data.";
  const text = document.createElement("p");
  text.append(title, ` This report is from ${relative(seconds)}, its limit is ${hours} hours. A newer run may tell something else.`);
  banner.append(text);
  answer.after(banner);
};

const tellTimes = () => {
  for (const time of document.querySelectorAll(".rb time[datetime]")) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    if (Number.isNaN(seconds)) continue;
    time.textContent = relative(seconds);
    if (time.dataset.stale) warnOfAge(time, seconds);
  }
};
