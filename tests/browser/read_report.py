#!/usr/bin/python3
"""Reads a report in a real browser, as people do: on a phone and a desk, in light and dark, on paper. Needs chromium alone: it is spoken to
through two pipes.

    read_report.py PROGRAM     trains a small study with that fathom, in a folder of its own, and reads its report
    read_report.py PAGE.html   reads this page

Exit code 0: all is well; 1: something is not; 77, after a loud line: there is no browser, nothing was tested."""

import base64
import json
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

STUDY = """
title: 'What is <script>alert("x")</script> & "quoted"?'
question: A question with <b>markup</b>, a-very-long-word-that-nobody-breaks-anywhere-but-a-browser-has-to-break-it-on-a-phone
source: https://example.org/<img src=x onerror=alert(1)>
data:  { set: circles, train: 40, test: 20, noise: 0.1 }
model: { depth: [1, 3], width: 8, activation: [tanh, relu], init: [xavier-normal, zeros] }
train: { loss: bce, lr: [0.1, 1e9], batch: 10, steps: 20, target: 0.5, diverge_loss: 1e3, stop_at_target: false }
seed:  { range: 2 }
log:   { every: 10, metrics: [train_loss, grad_norm] }
claims:
  - { say: the loss is a number that is not negative - a sentence that is long enough to be broken, measure: train_loss, at: { step: 0 },
      reduce: min, expect: ">= 0", source: lecture 1 }
  - { say: </td></table><h1>nothing diverges, measure: diverged, reduce: share, expect: "== 0" }
  - { say: 0/0 cannot be evaluated, measure: grad_norm, at: { step: 0, layer: 1 }, over: { layer: 2 }, reduce: mean,
      where: { init: zeros, activation: tanh, depth: 3 }, expect: "in [1e-5, 1e-4]" }
figures:
  - { kind: gradient-by-layer, panel: [activation, depth], where: { lr: 0.1 }, caption: 'Layers "quoted" <i>' }
  - { kind: gradient-over-time, panel: [activation], where: { lr: 0.1, depth: 3, init: xavier-normal } }
  - { kind: convergence, panel: [activation, depth], where: { lr: 0.1 } }
  - { kind: trainability, panel: [activation], where: { init: xavier-normal } }
  - { kind: steps-to-target, panel: [activation], where: { lr: 0.1 } }
"""

# What a page is asked. Each gives a list of what is wrong.
STRUCTURE = """(() => {
  const wrong = [], all = q => [...document.querySelectorAll(q)], say = e => e.outerHTML.slice(0, 120);
  const levels = all('h1, h2, h3, h4, h5, h6').map(h => +h.tagName[1]);
  if (levels.filter(l => l == 1).length != 1 || levels[0] != 1) wrong.push('not one h1, first: ' + levels);
  levels.forEach((l, i) => { if (i && l > levels[i - 1] + 1) wrong.push('a heading is left out: ' + levels); });
  for (const t of all('table')) {
    if (!t.caption) wrong.push('a table without a caption: ' + say(t));
    if (!t.querySelector('thead th[scope=col]')) wrong.push('a table without headers: ' + say(t));
    for (const r of t.tBodies[0].rows) if (!r.querySelector('th[scope=row], td[colspan]')) wrong.push('a row without header: ' + say(r));
    const box = t.parentElement;
    if (box.tabIndex != 0 || box.getAttribute('role') != 'region' || !box.getAttribute('aria-label')) wrong.push('a table in no box: ' + say(t));
  }
  for (const s of all('svg')) {
    const name = document.getElementById(s.getAttribute('aria-labelledby')), about = document.getElementById(s.getAttribute('aria-describedby'));
    if (s.getAttribute('role') != 'img' || !s.contains(name) || !name.textContent.trim()) wrong.push('a drawing without a name: ' + say(s));
    if (!s.contains(about) || about.textContent.length < 20) wrong.push('a drawing that is not described: ' + say(s));
    for (const u of s.querySelectorAll('use')) if (!s.querySelector(u.href.baseVal)) wrong.push('uses another drawing: ' + say(u));
  }
  const ids = all('[id]').map(e => e.id);
  ids.forEach((id, i) => { if (ids.indexOf(id) != i) wrong.push('an id twice: ' + id); });
  for (const a of all('a[href]')) if (!document.getElementById(a.getAttribute('href').slice(1))) wrong.push('leads nowhere: ' + say(a));
  for (const q of ['main', 'nav', 'header', 'html[lang]', 'meta[name=viewport]', 'meta[charset]', 'a.skip', 'head title'])
    if (all(q).length != 1) wrong.push('not one ' + q);
  if (all('script, iframe, img, object, embed, link:not([href="data:,"]), [onload], [onerror], [onclick]').length) wrong.push('loads or runs');
  if (all('.mark').some(m => !/holds?|fails|evaluated|failed/i.test(m.textContent))) wrong.push('a mark without a word');
  return wrong;
})()"""

SHAPE = """(() => {
  const wrong = [], root = document.documentElement;
  if (root.scrollWidth > innerWidth) wrong.push(`the page is ${root.scrollWidth} wide, the screen ${innerWidth}`);
  for (const f of document.querySelectorAll('figure')) {
    const seen = [...f.querySelectorAll('svg')].map(s => s.getBoundingClientRect()).filter(r => r.width > 0);
    if (seen.length != 1 || seen[0].width < 200 || seen[0].height < 100 || seen[0].right > innerWidth)
      wrong.push('a figure is not there: ' + f.id + JSON.stringify(seen));
    if (seen.length == 1 && f.querySelector('svg.broad').getBoundingClientRect().width > 0 != innerWidth > 600) wrong.push('the wrong width');
  }
  return wrong;
})()"""

# Words against the first ground behind them that is not transparent: 4.5:1, large ones 3:1 (WCAG 2.2, 1.4.3).
CONTRAST = """(() => {
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => +v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                       return .2126 * r + .7152 * g + .0722 * b; };
  const wrong = {};
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('svg') || ![...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim())) continue;
    let ground = e;
    while (ground && /, 0\\)|transparent/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
    const style = getComputedStyle(e), a = light(style.color), b = light(getComputedStyle(ground || document.body).backgroundColor);
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) wrong[e.tagName + '.' + e.className + ' ' + ratio.toFixed(2)] = 1;
  }
  return Object.keys(wrong);
})()"""

PRINTED = """(() => {
  const wrong = [];
  for (const t of document.querySelectorAll('details table')) if (!t.checkVisibility()) wrong.push('a fold stays shut on paper');
  for (const t of document.querySelectorAll('table, pre, svg, dl'))
    if (t.getBoundingClientRect().width > 0 && t.getBoundingClientRect().right > innerWidth + 1) wrong.push('cut on paper: ' + t.outerHTML.slice(0, 200));
  return wrong;
})()"""


class Browser:
    """Chromium, spoken to in its debugging protocol: JSON with a zero byte behind it, through its file descriptors 3 and 4."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp(prefix="fathom-browser-")
        to_read, self.to = os.pipe()
        self.back, to_write = os.pipe()
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe",
                   f"--user-data-dir={self.profile}"]
        self.process = self.start(command, to_read, to_write)
        self.buffer, self.n, self.session, self.events = b"", 0, None, []

    @staticmethod
    def start(command, to_read, to_write):
        def place():  # in the child: the two ends become 3 and 4
            low = [os.dup(to_read), os.dup(to_write)]
            high = [os.dup2(low[0], 103), os.dup2(low[1], 104)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)
        return subprocess.Popen(command, preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    def receive(self, seconds):
        while b"\0" not in self.buffer:
            if not select.select([self.back], [], [], seconds)[0]:
                return None
            more = os.read(self.back, 1 << 20)
            if not more:
                raise EOFError("the browser has gone")
            self.buffer += more
        line, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(line)

    def call(self, method, **values):
        self.n += 1
        message = {"id": self.n, "method": method, "params": values}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + 30
        while time.monotonic() < end:
            got = self.receive(1)
            if got and got.get("id") == self.n:
                if "error" in got:
                    raise RuntimeError(f"{method}: {got['error']}")
                return got["result"]
            if got and "method" in got:
                self.events.append(got)
        raise TimeoutError(method)

    def wait_for(self, event):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if any(e["method"] == event for e in self.events):
                return
            got = self.receive(1)
            if got:
                self.events.append(got)
        raise TimeoutError(event)

    def ask(self, script):
        got = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in got:
            raise RuntimeError(got["exceptionDetails"])
        return got["result"]["value"]

    def open(self, page):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Page.navigate", url="file://" + page)
        self.wait_for("Page.loadEventFired")

    def close(self):
        self.session = None
        try:
            self.call("Browser.close")
        except (EOFError, OSError, TimeoutError):
            pass
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


def complaints(browser, page):
    """What the browser had to say, and what it asked the network for."""
    wrong = []
    for event in browser.events:
        name, values = event["method"], event.get("params", {})
        if name == "Log.entryAdded":
            wrong.append("log: " + values["entry"]["text"])
        elif name in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Page.javascriptDialogOpening"):
            wrong.append(f"{name}: {json.dumps(values)[:200]}")
        elif name == "Network.requestWillBeSent":
            url = values["request"]["url"]
            if not url.startswith("data:") and url.split("#")[0] != "file://" + page:
                wrong.append("asks the network for " + url)
    return wrong


def read(browser, page):
    faults = []

    def expect(where, wrong):
        faults.extend(f"{where}: {fault}" for fault in wrong)

    browser.open(page)
    expect("structure", browser.ask(STRUCTURE))
    grounds = {}
    for width, height in ((360, 800), (1280, 900)):
        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        for mode in ("light", "dark"):
            browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": mode}])
            grounds[mode] = browser.ask("getComputedStyle(document.body).backgroundColor")
            expect(f"{width} px, {mode}", browser.ask(SHAPE) + browser.ask(CONTRAST))
            browser.ask("document.querySelectorAll('details').forEach(d => { d.open = true }), 1")
            expect(f"{width} px, {mode}, folds open", browser.ask(SHAPE) + browser.ask(CONTRAST))
            browser.ask("document.querySelectorAll('details').forEach(d => { d.open = false }), 1")
    light, dark = (sum(map(int, re.findall(r"\d+", grounds[mode])[:3])) for mode in ("light", "dark"))
    if light < 600 or dark > 165:
        expect("dark", [f"the grounds are {grounds}"])
    if not browser.ask("(() => { const f = document.querySelector('a, [tabindex=\"0\"]'); return f.className == 'skip'; })()"):
        expect("keyboard", ["the skip link is not the first to reach"])
    # A4 less margins, with the dark mode still wished for: paper is light all the same
    browser.call("Emulation.setDeviceMetricsOverride", width=680, height=1000, deviceScaleFactor=1, mobile=False)
    browser.call("Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    expect("print", browser.ask(PRINTED))
    if browser.ask("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)":
        expect("print", ["paper is not white"])
    browser.call("Emulation.setEmulatedMedia", media="", features=[])
    pdf = base64.b64decode(browser.call("Page.printToPDF", printBackground=True)["data"])
    if not pdf.startswith(b"%PDF") or pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") < 2:
        expect("print", [f"no document of several pages: {len(pdf)} bytes"])
    expect("browser", complaints(browser, page))
    figures = browser.ask("document.querySelectorAll('figure').length")
    return figures, faults


def make_page(program, folder):
    with open(os.path.join(folder, "page.yaml"), "w", encoding="utf-8") as file:
        file.write(STUDY)
    program = os.path.abspath(program)
    subprocess.run([program, "run", "-q", "page.yaml"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([program, "report", "results/page.h5"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return os.path.join(folder, "results", "report.html")


def main():
    program = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
    if not program:
        print("!" * 100)
        print("!!! NOT TESTED: reports in a browser: there is no chromium")
        print("!!! On Debian: apt-get install chromium")
        print("!" * 100)
        return 77
    given = sys.argv[1].endswith(".html")
    folder = tempfile.mkdtemp(prefix="fathom-report-")
    page = os.path.abspath(sys.argv[1]) if given else make_page(sys.argv[1], folder)
    browser = Browser(program)
    try:
        figures, faults = read(browser, page)
    finally:
        browser.close()
        shutil.rmtree(folder)
    if not given and figures != 5:
        faults.append(f"{figures} figures, not 5")
    for fault in faults:
        print("wrong: " + fault)
    print(f"{page}: {figures} figures, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
