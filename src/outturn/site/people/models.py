"""What people are here for: their roles and posts, when they are away, and the keys of programs."""

from django.conf import settings
from django.db import models

from outturn.plans import roles

ROLES = [(role.value, role.value.capitalize()) for role in roles.Role]


class Scope(models.Model):
    """A role and where it holds; empty means everywhere."""

    role = models.CharField(max_length=20, choices=ROLES)
    council = models.SlugField(blank=True)
    services = models.JSONField(default=list, blank=True)
    plans = models.JSONField(default=list, blank=True)  # slugs

    class Meta:
        abstract = True

    def data(self) -> roles.Grant:
        """The grant as plain data."""
        return roles.Grant(roles.Role(self.role), self.council, frozenset(self.services), frozenset(self.plans))

    @property
    def words(self) -> str:
        """Owner in york, for Adult Social Care."""
        narrower = [*self.services, *(f"plan {slug}" for slug in self.plans)]
        where = f" in {self.council}" if self.council else " everywhere"
        return f"{self.role.capitalize()}{where}{', for ' if narrower else ''}{'; '.join(narrower)}"


class Grant(Scope):
    """A role given to a person: by an administrator, or by the council's own sign-in service."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants")
    by_sign_on = models.BooleanField(default=False)  # renewed at every sign-in

    class Meta:
        ordering = ["id"]


class Holding(models.Model):
    """A post that a person holds in a council. Two may share one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="holdings")
    council = models.SlugField()
    post = models.CharField(max_length=200)

    class Meta:
        ordering = ["council", "post"]
        constraints = [models.UniqueConstraint(fields=["user", "council", "post"], name="a_post_is_held_once")]


class Absence(models.Model):
    """Days on which a person is away, and who stands in."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    first = models.DateField()
    last = models.DateField()
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="standing_in"
    )

    class Meta:
        ordering = ["first"]
        indexes = [models.Index(fields=["deputy", "last"])]


class ServiceToken(Scope):
    """What a program shows in place of a password. Only its digest is kept."""

    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)
    last_used = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
