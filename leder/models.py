"""The plugin's models, gathered from its slices; nothing is defined here."""

from .agreements.models import (  # noqa: F401
    Agreement,
    AgreementUserObjectPermission,
    Comment,
    DataKey,
    Entry,
    Event,
    Handover,
    Inventory,
    KnownAccount,
    LastWords,
    Reading,
    ReadingHead,
    Round,
    RoundCount,
    Seal,
    SealHead,
    SealLink,
    SectionReview,
    Share,
    Signature,
    Version,
)
from .conversations.models import Conversation  # noqa: F401
from .documents.models import IssuedDocument, IssuedFile  # noqa: F401
from .identity.models import SignIn  # noqa: F401
from .mail.models import MailPreference  # noqa: F401
from .organisation.importing.models import (  # noqa: F401
    AppointmentChange,
    ColumnMapping,
    OrganisationFile,
    OrganisationImport,
)
from .organisation.models import Appointment, Position, Unit  # noqa: F401
from .oversight.coverage.models import CoverageCount  # noqa: F401
from .pages.editions import Edition  # noqa: F401
from .pages.models import (  # noqa: F401
    AgreementFormPage,
    LeaderPlatformPage,
    LeadershipPage,
    SteeringLetterPage,
)
from .reminders.models import Digest, ReminderPlan, ReminderText  # noqa: F401
from .year.models import Opening  # noqa: F401
