"""Every address of the site. Below a council's name stand its plans, scorecards, risks, checks, changes …"""

from django.urls import include, path

from outturn.site.checks.urls import rules_patterns
from outturn.site.councils.urls import front_patterns
from outturn.site.indicators.urls import catalogue_patterns

urlpatterns = [
    *front_patterns,
    *catalogue_patterns,
    *rules_patterns,
    path("", include("outturn.site.accounts.urls")),
    path("", include("outturn.site.people.urls")),
    path("", include("outturn.site.methods.urls")),
    path("submissions/", include("outturn.site.submissions.urls")),
    path("", include("outturn.site.rounds.urls")),
    path("", include("outturn.site.plans.urls")),
    path("", include("outturn.site.scorecards.urls")),
    path("", include("outturn.site.indicators.urls")),
    path("", include("outturn.site.checks.urls")),
    path("", include("outturn.site.requests.urls")),
    path("", include("outturn.site.notices.urls")),
    path("", include("outturn.site.trail.urls")),
    path("", include("outturn.site.councils.urls")),
]

handler400 = "outturn.site.errors.bad_request"
handler403 = "outturn.site.errors.not_allowed"
handler404 = "outturn.site.errors.not_found"
handler500 = "outturn.site.errors.our_fault"
