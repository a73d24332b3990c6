from cookie_jar.scripts.viewer.notice import SECONDS, Notice


def test_a_notice_goes_away():
    notice = Notice("hello")
    notice.advance(SECONDS - 0.1)
    assert notice.text == "hello"
    notice.advance(0.2)
    assert notice.text == ""


def test_a_new_notice_takes_the_place_of_the_old_one_and_its_time():
    notice = Notice("old")
    notice.advance(SECONDS - 0.1)
    notice.show("new")
    notice.advance(SECONDS - 0.1)
    assert notice.text == "new"
