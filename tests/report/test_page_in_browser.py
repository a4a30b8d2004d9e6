"""The page as Chromium makes it: its script runs, nothing of a run does, and it fits its window."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess

import pytest

from tests.report.hostile import every_kind
from tui.report.page import page_of

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="`apt-get install chromium` gives it")


@pytest.fixture
def page(tmp_path):
    """Write a page; what is told it stands in place of `</main>`, as if our escaping had failed."""

    def write(report, instead="</main>"):
        text = "\n".join(page_of(report)).replace("</main>", instead)
        (tmp_path / "page.html").write_text(text)
        return tmp_path / "page.html"

    return write


def chromium(page, *options):
    """Open a page without any network and return what Chromium prints."""
    argv = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    argv += ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={page.parent / 'profile'}"]
    done = subprocess.run(
        [*argv, *options, page.as_uri()],
        cwd=page.parent,
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    return done.stdout


async def test_its_script_runs_and_nothing_of_a_run_does(report, page):
    dom = chromium(page(report(*await every_kind())), "--dump-dom")
    assert '<p class="tools">' in dom
    assert "<title>refund A-1001</title>" in dom
    assert dom.count("<script") == 1
    assert "<img" not in dom


ACTS = "<script>document.title='owned'</script><b onclick='' style='x'></b><svg onload='x()'></svg>"


async def test_its_policy_holds_even_where_a_text_became_a_tag(report, page):
    acts = f"{ACTS}<img src=x onerror=\"document.title='owned'\"></main>"
    dom = chromium(page(report(*await every_kind()), acts), "--dump-dom")
    assert "<title>refund A-1001</title>" in dom
    assert '<p class="tools">' in dom


@pytest.mark.parametrize("width", [1200, 400])
async def test_nothing_is_wider_than_the_window(report, page, width):
    measured = "document.body.dataset.over = document.documentElement.scrollWidth - innerWidth"
    file = page(report(*await every_kind()))
    text = file.read_text()
    # The test's own script: without the policy, which would not let it run.
    text = re.sub(r"<meta http-equiv=[^>]*>", "", text, count=1)
    file.write_text(text.replace("</body>", f"<script>{measured}</script></body>"))
    dom = chromium(file, "--dump-dom", f"--window-size={width},900")
    assert 'data-over="0"' in dom


@pytest.mark.parametrize("width", [1200, 500])
async def test_it_is_drawn(report, page, width):
    file = page(report(*await every_kind()))
    chromium(file, f"--screenshot={file.parent / 'page.png'}", f"--window-size={width},2000")
    head = (file.parent / "page.png").read_bytes()[:24]
    assert struct.unpack(">II", head[16:24]) == (width, 2000)
