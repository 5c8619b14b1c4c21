"""What all tests share: no deadline for an example, for the first one of a test imports and compiles."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
