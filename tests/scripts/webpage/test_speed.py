"""How fast the page learns. Reported (`pytest -m slow -s`), not judged: it depends on the machine."""

import time
from typing import Any

import pytest
from needs import needs_node
from page_engine import KINDS, OWN, in_node, in_page, made

STEPS = 2_000_000


@pytest.mark.slow
@needs_node
def test_the_speed_beside_numba_is_reported():
    found = in_node(
        """const rates = [];
        for (const kitchen of Object.values(kitchens)) for (const algorithm of given.algorithms) {
          const learner = new Learner(kitchen, {algorithm});
          learner.learn(300000);
          const before = process.cpuUsage();
          learner.learn(given.steps);
          rates.push(given.steps / process.cpuUsage(before).user);
        }
        return rates;""",
        algorithms=[*KINDS],
        steps=STEPS,
    )
    for (kitchen, algorithm), rate in zip(((k, a) for k in OWN for a in KINDS), found, strict=True):
        agent = made(kitchen, algorithm)
        agent.learn_steps(300_000)
        before = time.process_time()
        agent.learn_steps(STEPS)
        other = STEPS / 1e6 / (time.process_time() - before)
        text = f"{rate:5.1f} M updates per CPU second, {rate / other:.2f} of numba's {other:.1f} M"
        print(f"{kitchen:7}{algorithm:15}{text}")
    assert len(found) == len(OWN) * len(KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("kitchen", OWN)
def test_the_speed_of_the_page_is_reported(open_page, kitchen):
    """Frames while learning with the scores shown. Up to 33 ms of the processor a frame, 30 are possible."""
    window = open_page("--no-cookies")
    script = window.context.new_cdp_session(window)
    script.send("Performance.enable", {"timeDomain": "threadTicks"})
    in_page(
        window,
        """page.start(given.kitchen);
        document.getElementById("speed").value = document.getElementById("speed").max;
        page.play();
        await new Promise(resolve => setTimeout(resolve, 1500));
        return page.playing;""",
        kitchen=kitchen,
    )
    before = busy(script)
    steps, frames, seconds = in_page(
        window,
        """const [learner] = page.learners, before = learner.num_timesteps, start = performance.now();
        let frames = 0;
        const count = () => { frames++; requestAnimationFrame(count); };
        requestAnimationFrame(count);
        await new Promise(resolve => setTimeout(resolve, 4000));
        return [learner.num_timesteps - before, frames, (performance.now() - start) / 1000];""",
    )
    print(
        f"{kitchen:7} {steps / seconds / 1e6:.1f} M updates a second, {frames / seconds:.0f} frames a second "
        f"of {1000 * (busy(script) - before) / frames:.1f} ms of the processor"
    )
    assert steps > 0


def busy(script: Any) -> float:
    """Return for how many seconds the page has used the processor in its main thread."""
    metrics = script.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")
