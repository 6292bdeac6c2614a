"""Addresses of submissions: what was sent, how good it is, and the lists of rows to put right."""

from django.urls import path, register_converter

from . import people, sending, views


class IdConverter:
    """A submission's id: the first half of its content's fingerprint."""

    regex = "[0-9a-f]{16}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class SendingConverter(IdConverter):
    """What joins the files that were sent together."""

    regex = "[0-9a-f]{32}"


register_converter(IdConverter, "submission")
register_converter(SendingConverter, "sending")

urlpatterns = [
    path("", views.submissions, name="submissions"),
    path("send/", sending.send, name="submission-send"),
    path("send/<str:note>/", sending.send, name="submission-receive"),
    path("sent/<sending:sending>/", sending.sent, name="submission-sent"),
    path("sent/<sending:sending>/state/", sending.state, name="submission-state"),
    path("sent/<sending:sending>/<int:job>/again/", sending.again, name="submission-again"),
    path("<submission:id>/", views.report, name="submission"),
    path("<submission:id>/compare/", views.compare, name="submission-compare"),
    path("<submission:id>/withdraw/", views.withdraw, name="submission-withdraw"),
    path("<submission:id>/rows/", people.worklist, name="submission-rows"),
    path("<submission:id>/rows/download/", people.download, name="submission-download"),
]
