from cookie_jar.envs.rendering.child import child, coarse
from cookie_jar.envs.rendering.pose import HANDS, ChildPose, Mood


def test_nearby_poses_are_drawn_as_one():
    left, right = HANDS
    near = ChildPose(((left[0] + 0.01, left[1]), right), step=0.05, look=(0.1, 0.0))
    assert coarse(near) == coarse(ChildPose())
    far = ChildPose(((left[0] + 0.1, left[1]), right), step=0.5)
    assert coarse(far) != coarse(ChildPose())


def test_the_child_looks_different_in_every_mood():
    drawn = {bytes(child.sprite(80, coarse(ChildPose(mood=mood))).surface.get_view("2")) for mood in Mood}
    assert len(drawn) == len(Mood)


def test_raised_hands_need_more_room():
    low = child.sprite(80, coarse(ChildPose())).surface.get_height()
    high = child.sprite(80, coarse(ChildPose(hands=((-0.3, -1.3), (0.3, -1.3))))).surface.get_height()
    assert high > low
