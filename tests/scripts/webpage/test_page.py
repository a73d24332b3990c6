"""The page as people use it, in Chromium: learning, changes, time, games, links, files, keys and paper."""

import re

import pytest
from waiting import wait_in_page

from cookie_jar.agents import QLearning, Reinforce

OPTIONS = ("--no-cookies",)
MAP = "#J##\n#SC#\n#..#\n####\n"
TABLE = "Array.from(page.learners[0].table)"
STEPS = "page.learners[0].num_timesteps"


@pytest.fixture(scope="module")
def window(browser, write_page):
    """A window with the page, in which all goes well."""
    shown, errors = browser.new_page(viewport={"width": 1280, "height": 720}), []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    shown.set_default_timeout(10_000)
    shown.goto(write_page(*OPTIONS).as_uri())
    shown.evaluate("page.ready")
    yield shown
    shown.close()
    assert errors == []


@pytest.fixture
def page(window):
    """The page with a new learner in the smallest kitchen."""
    window.evaluate("page.start('corner'), document.getElementById('status').textContent = ''")
    return window


def status(page):
    wait_in_page(page, "document.getElementById('status').textContent !== ''")
    return page.text_content("#status")


def plain(text):
    """Return a text with the signs of a keyboard for minus and times."""
    return text.translate({0x2212: "-", 0xD7: "*"})


def row_of(page, action):
    return page.locator("#numbers tr").filter(has=page.get_by_role("button", name=action, exact=True))


def test_one_step_shows_which_number_moved_and_why(page):
    page.click("#step")
    changed = page.evaluate(f"{TABLE}.map((value, i) => [i, value]).filter(([, value]) => value !== 0)")
    assert [value for _, value in changed] == [-0.002]
    assert plain(page.input_value("#numbers .moved input")) == "-0.002"
    sums = page.locator("#arithmetic .sum").all_text_contents()
    assert list(map(plain, sums)) == ["-0.01 + 0.99 * 0 = -0.01", "0 + 0.2 * (-0.01 - 0) = -0.002"]
    page.click("#step")
    assert page.text_content("#steps") == "2"


def test_negative_numbers_are_in_brackets_after_a_sign(page):
    page.evaluate("page.start('corner', {seed: 1}); page.learn(50)")
    page.evaluate("for (let step; !(step?.before < 0 && step.best_next < 0);) step = page.step();")
    target, after = map(plain, page.locator("#arithmetic .sum").all_text_contents())
    assert " * (-" in target
    assert " - (-" in after


def test_play_learns_until_it_is_paused(page):
    page.locator("#speed").fill("5")  # as fast as possible
    page.click("#play")
    assert page.get_attribute("#play", "aria-label") == "Pause"
    wait_in_page(page, f"{STEPS} > 20_000")
    page.click("#play")
    steps = page.evaluate(STEPS)
    page.evaluate("new Promise(requestAnimationFrame)")
    assert page.evaluate(STEPS) == steps
    assert page.text_content("#floors b") == "100 %"


def test_playing_again_within_a_frame_starts_no_second_loop(page):
    frames = page.evaluate("""async () => {
        let frames = 0;
        const frame = page.frame;
        page.frame = now => { frames++; frame.call(page, now); };
        for (let presses = 0; presses < 5; presses++) page.play();
        for (let n = 0; n < 10; n++) await new Promise(requestAnimationFrame);
        delete page.frame;
        page.pause();
        return frames;
    }""")
    assert 9 <= frames <= 11  # each calls for the next one


def test_an_episode_is_learned_to_its_end(page):
    page.click("#episode")
    assert page.text_content("#episodes") == "1"
    assert page.evaluate(f"{STEPS} > 1")


def test_settings_change_without_a_reset(page):
    page.evaluate("page.learn(500)")
    before = page.evaluate(TABLE)
    for key, press, value in (
        ("learning_rate", "ArrowRight", 0.5), ("gamma", "ArrowLeft", 0.98), ("cookie_liked", "ArrowRight", 2),
    ):  # fmt: skip
        page.locator(f"[data-key={key}] [type=range]:visible").press(press)
        now = "{...page.learners[0].settings, ...page.learners[0].happiness}"
        assert page.evaluate(f"({now}).{key}") == value
    assert (page.evaluate(STEPS), page.evaluate(TABLE)) == (500, before)
    field = page.locator("[data-key=exploration] [type=text]:visible")
    field.fill("0.37")
    field.press("Enter")
    assert page.evaluate("page.learners[0].epsilon") == 0.37


@pytest.mark.parametrize("words", ["1e999", "NaN", "", "-1", "two"])
def test_an_impossible_setting_is_refused_in_words(page, words):
    field = page.locator("[data-key=learning_rate] [type=text]:visible")
    field.fill(words)
    field.press("Enter")
    assert re.fullmatch("Learning rate: expected a number from 0 to 1, .* found .+", status(page))
    assert page.evaluate("page.learners[0].settings.learning_rate") == 0.2
    page.keyboard.press("Tab")
    assert field.input_value() == "0.2"


def test_numbers_stay_finite_with_extreme_settings(page):
    page.evaluate("""() => {
        const extreme = {learning_rate: 1, gamma: 1, act: 1000, cookie_liked: -1000};
        for (const [key, value] of Object.entries(extreme)) page.set(key, value);
        page.learn(200_000);
    }""")
    assert page.evaluate(f"{TABLE}.every(Number.isFinite)")
    assert not re.search("NaN|Infinity|∞", page.text_content("main"))


def test_the_initial_value_is_for_the_start_only(page):
    page.locator("[data-key=initial_value] [type=range]").press("ArrowRight")
    assert page.evaluate(f"new Set({TABLE}).size") == 1
    assert page.evaluate(f"{TABLE}[0]") == 0.5
    page.evaluate("page.learn(1)")
    assert page.locator("[data-key=initial_value] [type=range]").is_disabled()


def test_every_number_can_be_edited_and_forgotten(page):
    page.evaluate("page.learn(2000)")
    field = row_of(page, "right").locator("input")
    field.fill("-5")
    field.press("Enter")
    assert page.evaluate("page.learners[0].table[3]") == -5
    field.fill("5000000")
    field.press("Enter")
    assert "from -1,000,000 to 1,000,000" in plain(status(page))
    assert page.evaluate("page.learners[0].table[3]") == -5
    row_of(page, "right").locator(".wipe").click()
    assert page.evaluate("page.learners[0].table[3]") == 0
    known = page.evaluate(f"{TABLE}.filter(Boolean).length")
    page.click("#forget-share")
    assert 0 < page.evaluate(f"{TABLE}.filter(Boolean).length") < known
    page.click("#forget-all")
    assert page.evaluate(f"{TABLE}.some(Boolean)") is False
    assert page.locator(".floor:visible .label.known").count() == 0  # blank where nothing is known


def test_the_timeline_goes_back_and_on_to_the_same_bits(page):
    page.evaluate("page.learn(1000); page.set('learning_rate', 0.1); page.edit(0, 0, 3); page.learn(1000)")
    middle = page.evaluate(TABLE)
    page.evaluate("page.learn(777)")
    last = page.evaluate(TABLE)
    page.locator("#time").fill("2000")
    wait_in_page(page, f"{STEPS} === 2000")  # in the next frame
    assert page.evaluate(TABLE) == middle
    assert "Step 2,000 of 2,777" in page.text_content("#when")
    page.evaluate("page.learn(777)")
    assert page.evaluate(TABLE) == last


def test_a_state_is_chosen_by_click_and_by_keys(page):
    start = page.text_content("#state")
    page.locator("#floors .tile").nth(1).click()
    assert "row 1, column 2" in page.text_content("#state")
    page.locator(".floor:visible").press("ArrowLeft")
    assert page.text_content("#state") == start
    page.locator(".floor:visible").press("ArrowUp")  # a wall
    assert page.text_content("#state") == start


def test_values_and_arrows_keep_one_scale(page):
    scales = [page.evaluate(f"page.learn({n}), [page.scale.low, page.scale.high]") for n in (1, 500, 5000)]
    page.click("#forget-all")
    scales.append(page.evaluate("[page.scale.low, page.scale.high]"))
    lows, highs = zip(*scales, strict=True)
    assert list(lows) == sorted(lows, reverse=True)
    assert list(highs) == sorted(highs)
    assert highs[0] >= 1.45  # the optimum


def test_the_child_is_not_drawn_anew_when_it_walks(page):
    page.evaluate("""window.seen = new MutationObserver(() => {});
        seen.observe(document.querySelector(".things"), {childList: true})""")
    page.locator(".floor:visible").press("ArrowRight")
    page.locator(".floor:visible").press("ArrowLeft")
    assert page.evaluate("seen.takeRecords().length") == 0


def test_you_can_play_yourself(page):
    page.click("#hand")
    for key in ("ArrowRight", "c", "ArrowLeft", "c", " ", "r", "2"):
        page.keyboard.press(key)
    assert page.text_content("#happening") == "The end: happiness 1.45 in 7 actions; the optimum is 1.45."
    page.click("#hand")
    row_of(page, "right").locator(".act").click()
    assert page.text_content("#happening").startswith("Action 1: right, walks.")
    assert page.evaluate(f"{TABLE}.some(Boolean)") is False  # a game changes no number


def test_what_is_learned_can_be_watched(page):
    page.evaluate("page.learn(5000)")
    page.click("#watch")
    wait_in_page(page, "document.getElementById('happening').textContent.startsWith('The end')")
    assert page.text_content("#happening") == "The end: happiness 1.45 in 7 actions; the optimum is 1.45."


def test_nothing_of_an_episode_is_told_after_it_was_left(page):
    page.evaluate("page.learn(5000)")
    page.click("#watch")
    assert page.text_content("#happening") != ""
    page.locator("#time").fill("1000")
    wait_in_page(page, "page.learners[0].num_timesteps === 1000")
    assert page.text_content("#happening") == ""
    assert page.evaluate("page.game") is None
    page.click("#step")
    assert page.text_content("#happening").startswith("Action ")
    page.evaluate("page.learn(100)")
    assert page.text_content("#happening") == ""


def test_every_state_is_said_in_words(page):
    words = page.evaluate("""Array.from({length: page.kitchen.S}, (_, state) => {
        page.look(state);
        return document.getElementById("state").textContent;
    })""")
    assert len(set(words)) == len(words) == 40
    assert all("{" not in one for one in words)
    assert "open, 3 left" in words[8]


@pytest.mark.parametrize("difference", ["learning_rate", "exploration", "sarsa"])
def test_two_learners_have_one_difference(page, difference):
    page.select_option("#choose-difference", difference)
    page.evaluate("page.learn(400)")
    first, second = page.evaluate("page.learners.map(({settings}) => settings)")
    unequal = {name for name in first if first[name] != second[name]}
    assert unequal <= {difference, "algorithm", "exploration_initial_eps", "exploration_final_eps"}
    assert unequal
    assert page.locator("#floors .learner:visible").count() == 2
    assert page.get_by_role("group", name="Kitchen corner, Learner B.").count() == 1
    page.locator(".floor").nth(1).press("ArrowRight")
    assert page.text_content("#panel-title") == "The ten numbers of this state: Learner B"
    assert page.evaluate("page.learners[0].table.some((one, i) => one !== page.learners[1].table[i])")
    page.select_option("#choose-difference", "none")
    assert page.locator("#floors .learner:visible").count() == 1


def test_a_number_that_is_typed_in_goes_to_the_state_that_is_shown(page):
    page.click("#play")
    field = row_of(page, "up").locator("input")
    field.click()
    assert page.evaluate("page.playing") is False
    state = page.evaluate("page.shown")
    field.fill("7")
    field.press("Enter")
    assert page.evaluate("page.learners[0].table.indexOf(7)") == 10 * state


def test_an_edited_number_is_not_explained_by_the_step_before(page):
    page.click("#step")
    assert page.locator("#arithmetic").is_visible()
    page.evaluate("page.edit(page.shown, 3, 2)")
    assert page.locator("#arithmetic").is_hidden()


def test_a_seed_is_a_whole_number(page):
    page.locator("#choose-seed").fill("2.7")
    page.locator("#choose-seed").press("Enter")
    assert status(page) == "Seed: expected a whole number from 0 to 9,007,199,254,740,992, found 2.7."
    assert page.evaluate("page.learners[0].settings.seed") == 0
    page.keyboard.press("Tab")
    assert page.input_value("#choose-seed") == "0"
    page.locator("#choose-seed").fill("3")
    page.locator("#choose-seed").press("Enter")
    assert page.evaluate("page.learners[0].settings.seed") == 3


def test_arrow_keys_go_through_the_snapshots_of_a_finished_run(open_page, corner_run):
    page = open_page(str(corner_run), "--no-cookies")
    steps = page.evaluate("data.run.steps")
    page.locator("#time").press("ArrowLeft")
    wait_in_page(page, f"{STEPS} < {steps[-1]}")
    assert page.evaluate("page.learner.table === page.histories[0].curve.at(-2)[2].table")


def test_a_second_learner_has_another_algorithm_than_the_first(page):
    assert page.locator("#choose-difference option[value=q-learning]").is_disabled()
    page.select_option("#choose-difference", "sarsa")
    page.select_option("#choose-algorithm", "sarsa")
    assert page.evaluate("page.learners.length") == 1
    assert page.input_value("#choose-difference") == "none"
    page.select_option("#choose-difference", "q-learning")
    assert page.evaluate("page.learners.length") == 2


@pytest.mark.parametrize("difference", [None, {"learning_rate": 0.02}])
def test_a_link_restores_everything(open_page, page, difference):
    page.evaluate("difference => page.start('corner', {seed: 7, algorithm: 'sarsa'}, difference)", difference)
    page.evaluate("page.learn(500); page.set('act', -0.05); page.edit(1, 2, 0.5); page.learn(400)")
    page.click("#copy-link")
    wait_in_page(page, "location.hash !== ''")
    other = open_page(*OPTIONS, at=page.evaluate("location.hash"))
    tables = "page.learners.map(({table, settings}) => [Array.from(table), settings.algorithm])"
    assert other.evaluate(tables) == page.evaluate(tables)
    assert other.evaluate(STEPS) == 900
    assert other.evaluate("page.views.map(({state}) => state)") == page.evaluate(
        "page.learners.map(({episode}) => episode.obs)"
    )


def test_a_damaged_link_is_refused_in_words(open_page):
    page = open_page(*OPTIONS, at="#kitchen=corner&steps=10&check=00000000")
    assert status(page).startswith("Expected a whole link")
    page.click("#step")
    assert page.text_content("#steps") == "1"


def test_going_back_after_a_link_was_copied_is_no_error(open_page):
    page = open_page(*OPTIONS)
    page.click("#copy-link")
    wait_in_page(page, "location.hash !== ''")
    page.evaluate("document.getElementById('status').textContent = ''")
    page.go_back()
    wait_in_page(page, "location.hash === ''")
    page.go_forward()
    wait_in_page(page, "location.hash !== ''")
    assert page.text_content("#status") == ""


def test_a_file_that_cannot_be_read_is_refused_in_words(page, tmp_path):
    file = tmp_path / "gone.safetensors"
    file.write_bytes(b"1234")
    page.evaluate("document.getElementById('open').removeAttribute('data-change')")
    page.set_input_files("#open", file)
    file.unlink()
    page.evaluate("document.getElementById('open').dataset.change = 'openFile'")
    page.locator("#open").dispatch_event("change")
    assert status(page).startswith("Expected a memory")


def test_without_scripts_the_page_says_what_it_needs(browser, write_page):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(write_page(*OPTIONS).as_uri())
        page.get_by_text("needs JavaScript").wait_for()


def test_the_memory_is_saved_and_opened(page, tmp_path):
    page.evaluate("page.learn(1234)")
    with page.expect_download() as download:
        page.click("#save")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    agent = QLearning.load(file)
    assert agent.num_timesteps == 1234
    assert agent.q_table.ravel().tolist() == page.evaluate(TABLE)
    page.evaluate("page.learn(100)")
    page.set_input_files("#open", file)
    assert "1,234 steps" in status(page)
    assert page.evaluate(TABLE) == agent.q_table.ravel().tolist()
    file.write_bytes(file.read_bytes()[:-8])
    page.evaluate("document.getElementById('status').textContent = ''")
    page.set_input_files("#open", file)
    assert status(page).startswith("Expected")
    assert page.evaluate(STEPS) == 1234


@pytest.mark.parametrize(("agent", "known"), [(QLearning, "values"), (Reinforce, "probabilities")])
def test_a_finished_run_is_shown(open_page, tmp_path, agent, known):
    trained = agent("CookieJarCorner-v0", seed=0)
    trained.learn(3000)
    page = open_page(trained.save(tmp_path / "run"), "--no-cookies")
    assert page.evaluate("page.learners[0].recorded !== undefined")
    assert known in (page.text_content("#panel-title").replace("numbers", "values"))
    assert page.locator("#step").is_hidden()
    assert page.locator("#copy-link").is_hidden()
    assert page.locator("#legend").is_hidden() == (agent is Reinforce)  # its colours are of values
    assert f"a finished run of {'Q-learning' if agent is QLearning else 'Reinforce'}." in page.text_content(
        "#subtitle"
    )
    page.click("#play")  # from the beginning
    wait_in_page(page, f"{STEPS} < 3000 && page.playing")
    page.click("#restart")  # the run is not lost
    assert page.evaluate(f"[page.learners[0].recorded !== undefined, {STEPS}]") == [True, 0]
    if agent is QLearning:
        page.click("#go-on")
        wait_in_page(page, "page.learners[0].recorded === undefined")
        assert "a finished run" not in page.text_content("#subtitle")
        page.evaluate("page.learn(100)")
        trained.learn(100)
        assert page.evaluate(TABLE) == trained.q_table.ravel().tolist()


def test_everything_is_reached_by_the_keyboard(page):
    reached = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.className"))
    wanted = page.evaluate("""Array.from(document.querySelectorAll('button, input, select'))
        .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled)
        .map(one => one.id)""")
    assert {one for one in wanted if one} <= reached
    assert {"floor", "act", "wipe"} - reached <= {"wipe"}  # nothing to forget at the start


def test_theme_and_large_type_are_buttons(page):
    ground = "getComputedStyle(document.body).backgroundColor"
    light, size = page.evaluate(ground), page.evaluate("getComputedStyle(document.body).fontSize")
    page.click("#theme")
    page.click("#projector")
    assert page.evaluate(ground) != light
    assert page.evaluate("getComputedStyle(document.body).fontSize") > size
    page.click("#theme")
    page.click("#projector")
    assert page.evaluate(ground) == light


@pytest.mark.parametrize("name", ["__proto__", "constructor"])
def test_a_kitchen_may_have_any_name_and_no_score(open_page, tmp_path, name):
    plan = tmp_path / f"{name}.txt"
    plan.write_text(MAP)
    page = open_page(*OPTIONS, "--kitchen", plan)
    assert page.locator("#choose-kitchen option:checked").text_content() == name
    page.evaluate("""() => {
        page.learn(100);
        for (const key of Object.keys(page.learners[0].happiness)) page.set(key, 0);
        page.learn(5000);  // all policies are equal: the curve ends
    }""")
    assert "–" in page.text_content("#floors")


@pytest.mark.parametrize("difference", ["null", "{learning_rate: 0.02}"])
def test_a_phone_needs_no_sideways_scrolling(open_page, difference):
    page = open_page(*OPTIONS, viewport={"width": 390, "height": 844})
    page.evaluate(f"page.start('home', {{}}, {difference}); page.learn(20_000); page.step()")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    kitchen = page.locator("#floors svg").first.bounding_box()
    assert kitchen["y"] + kitchen["height"] < 844  # above the fold


@pytest.mark.parametrize("options", [OPTIONS, ()], ids=["without cookies", "with cookies"])
def test_it_prints_on_two_pages(open_page, options):
    page = open_page(*options)
    page.evaluate("page.start('home'); page.learn(20_000); page.step(); page.cookies?.learn(100)")
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2


@pytest.mark.parametrize("difference", ["null", "{learning_rate: 0.02}"])
def test_axe_finds_no_fault(page, difference):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page.evaluate(f"page.start('corner', {{}}, {difference}); page.learn(300); page.step()")
    for _ in ("light", "dark"):
        page.click("#theme")
        results = axe.Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
