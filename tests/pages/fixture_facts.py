"""The facts that the example text must state, part by part: what test_fixture_text looks for, and where.

A part names the files and the block (its type and heading). Each of its facts is what must all occur there, with a
dot between: regular expressions, read without regard to case, on the block's words with tags taken out and every
space an ordinary one.
"""

from typing import NamedTuple

LETTERS = ("letter_last", "letter_this", "letter_next")
FORMS = ("form_last", "form_this", "form_next")


class Part(NamedTuple):
    """What one block of the text must state: each fact's name, and its words."""

    files: tuple[str, ...]
    block: str
    heading: str
    facts: dict[str, str]


PARTS = [
    Part(
        ("platform",),
        "text_section",
        "Formål",
        {
            "why the platform exists": (
                "synlig hva vi forventer · god ledelse · de som arbeider sammen med deg · regne med"
            ),
            "the goal": "trygge og dyktige ledere · gode tjenester · arbeidsplasser",
            "within the responsibility given": "ansvaret du har fått · verdier",
        },
    ),
    Part(
        ("platform",),
        "values",
        "Verdigrunnlag",
        {
            "open": "Åpen · innbyggere og hverandre · åpne · tolerante · tillit · rause · forskjellige",
            "credible": "Troverdig · lovet · profesjonelt · ordentlig · presis · saklig",
            "committed": (
                "Engasjert · fagfolk · mennesker · bety noe · fleksible · villige til å endre · "
                "nye ideer og initiativ"
            ),
        },
    ),
    Part(
        ("platform",),
        "expectations",
        "Forventninger til ledere",
        {
            "resident in the centre": "innbyggeren i sentrum · gode tjenester",
            "demands, trust and care": (
                "stiller krav, viser tillit og bryr deg · egne ledere og medarbeidere · resultater"
            ),
            "loyal": "lojal mot kommunen · de folkevalgte · kommunedirektøren · styringssignal",
            "cooperates": "samarbeider på tvers · organisatoriske · faglige",
            "the whole municipality": "ansvar for hele kommunen",
            "the top leaders' arena": "kommunedirektørens ledergruppe · strategisk · inkluderende · toppledelse",
        },
    ),
    Part(
        ("platform",),
        "employer_role",
        "Arbeidsgiverrollen",
        {
            "right to lead": (
                "styringsrett · organisere, lede, fordele og kontrollere · "
                "hvem som gjør hva, når det skal gjøres, og hvordan · "
                "lover, avtaler og praksis setter grenser"
            ),
            "duty to lead": "styringsplikt · aktivt · krav · målene · mulig .* god jobb · tydelige konsekvenser",
            "answers for results": "ansvar for resultatene · eget område · hele kommunen",
        },
    ),
    Part(
        ("platform",),
        "governing_documents",
        "Styrende dokumenter",
        {
            "law and agreements": r"arbeidsmiljøloven · \bhovedavtalen · \bhovedtariffavtalen · politiske vedtak",
            "the seven documents": (
                r"\bkommuneplan · \bøkonomiplan · \bårsbudsjett · \butviklingsplan · \bdelegasjonsreglement · "
                r"\bøkonomireglement · \bpersonalreglement"
            ),
        },
    ),
    Part(
        ("platform",),
        "responsibility_areas",
        "Lederansvar",
        {
            "overlapping areas": (
                "fag, personal og økonomi · overlapper · balansert målstyring · annen rapportering"
            ),
            "authority": (
                "de fleste ledere · anvisningsmyndighet · fakturaer · ansettelsesmyndighet · "
                "administrative verktøy · delegasjonsreglementet .*grenser"
            ),
            "professional field": (
                "fagansvar · organiserer tjenestene · forsvarlige og gode · faglig utvikling · "
                "brukere, pårørende, politikere og organisasjoner · vurdere og utvikle"
            ),
            "staffing": (
                "personalansvar · bemanningsbehov · rekrutterer · rutinene for ansettelser · "
                "bemanningsplaner · arbeidstid, lønn, refusjoner og ferie"
            ),
            "sick leave, HSE and competence": (
                "sykefravær · IA-avtalen · tilrettelegg · HMS · medarbeiderundersøkelse · "
                "medarbeidersamtale · vernerunde · personalutfordringer · utvikler kompetansen"
            ),
            "economy": (
                "økonomiansvar · økonomiplanen og budsjettet · følger opp regnskapet · "
                "rapporterer etter rutinene · lønn og refusjoner hver måned · prognose for hele året · "
                "korrigerer driften .* overforbruk · kort og lang sikt · behovene til · nye tjenester · "
                "endringer i lover"
            ),
        },
    ),
    Part(
        ("platform",),
        "scorecard",
        "Balansert målstyring",
        {
            "perspectives": (
                "lokalsamfunn · innbyggere og brukere · organisasjon · økonomi · nå mål, lære og utvikle · "
                "fire perspektiver · indikator"
            ),
            "follow-up of results": (
                "bruker- og medarbeiderundersøkelser jevnlig · resultatene i verktøyet Corporater · "
                "sykefraværet i Corporater hvert kvartal · økonomien hver måned · hver sektor definerer · "
                "vurderer kvaliteten ut fra statistikk og tilbakemeldinger · grunnlag for dialog"
            ),
        },
    ),
    Part(
        ("platform",),
        "points_section",
        "Lederutvikling",
        {
            "the agreement in the platform": (
                "lederavtale · to formål · krever · tillegg til arbeidsavtalen · "
                "overordnet og underordnet leder · ansvar, resultatkrav og gjensidige forventninger · "
                "positive og korrigerende · forventninger, resultater og lederatferd"
            ),
        },
    ),
    Part(
        ("platform",),
        "rich_text",
        "",
        {
            "conversation, training and forums": (
                "ledersamtale minst én gang i året · vurderer dere resultatene · opptrer som leder · "
                "introduksjons- og opplæringsprogram · lederfora · informasjon · lærer · utveksler erfaringer"
            ),
        },
    ),
    Part(
        ("platform",),
        "leader_levels",
        "Ledernivåer",
        {
            "group 1": (
                "kommunedirektør · rådmann · fire kommunaldirektører · én for hver sektor · "
                r"to stabsdirektører · stabsavdeling · 3\.4\.1"
            ),
            "group 2": (
                "virksomhetsleder · rektor · styrer · seksjonsleder · "
                "skolesjefen, barnehagesjefen og barnevernsjefen hører · rapporterer til en direktør · "
                "rektorer og styrere .*rapportere til skolesjefen, barnehagesjefen eller barnevernsjefen · "
                r"samme gruppe · hovedsakelig 3\.4\.2"
            ),
            "group 3": (
                "avdelingsleder · sykehjem · skole · assisterende · nesten fullt lederansvar · "
                "avgrenset arbeidsledelse · pedagogisk leder"
            ),
            "charts": "egne organisasjonskart",
            "what the chapters are of": r"tre grupper · hovedtariffavtalen \(HTA\)",
        },
    ),
    Part(
        LETTERS,
        "text_section",
        "Slik leser du styringsbrevet",
        {
            "perspective of a theme": (
                "sentrale tema · oppdrag · perspektiv · sektorer, stabsavdelinger eller ledernivåer · "
                "frist · indikator · måltall"
            ),
            "the agreement is attached": (
                "lederavtalen din er et vedlegg til styringsbrevet · velger du de temaene og oppdragene"
            ),
        },
    ),
    Part(
        LETTERS,
        "points_section",
        "Slik følger vi opp",
        {
            "the letter is followed up": (
                r"hver måned · hvert kvartal · 31\. mars \{year\} · 1\. august og 31\. desember \{year\}"
            ),
        },
    ),
    Part(
        FORMS,
        "text_section",
        "Innledning",
        {
            "whom it is for": (
                r"alle ledere · én avtale i året · vedlegg til styringsbrevet for \{year\} · verktøy · "
                "utvikle · styringsbrevet og lederplattformen"
            ),
            "how it is made, and R1, R6, R7": (
                "forbereder · ledersamtale · begge signerer · tillegg til arbeidsavtalen · "
                "slik de var da dere signerte · endrer det ikke det dere har avtalt · kan dere ikke endre · "
                "følge den opp eller erstatte · gjelder til dere har inngått en ny"
            ),
        },
    ),
    Part(
        FORMS,
        "parties",
        "Sted, dato og parter",
        {
            "parties": "sted og dato · underordnet leder · overordnet leder",
        },
    ),
    Part(
        FORMS,
        "text_section",
        "Struktur og oppfølgingsansvar",
        {
            "when": (
                "del av styringen · alle ledernivåer · alle ledersamtaler · første kvartal · "
                r"31\. mars \{year\}"
            ),
            "who does what, R3 and R5": (
                "overordnet leder kaller inn · avtalen blir fylt ut · begge forbereder seg · "
                "underordnet leder deltar aktivt · innspill · ønsker om utvikling"
            ),
            "what it replaces": (
                "erstatter den vanlige medarbeidersamtalen · ikke den daglige dialogen · ærlig · åpen · "
                "forberedt · blir dere enige om · tiltak"
            ),
        },
    ),
    Part(
        FORMS,
        "points_section",
        "Lederens myndighet og ansvar",
        {
            "authority, the first six": (
                "administrativt og strategisk · planene og de styrende dokumentene · "
                "kontroll med kostnadene · vedtatte budsjett · midlene effektivt · "
                "ressursene og arbeidsgiveransvaret etter lover og avtaler · lederplattformen · retning · "
                "mening · ser den enkelte · oversikt over hvilken kompetanse · utvikling og kvalitet · "
                "internkontroll · egen linje · følger med, vurderer risiko, forbedrer og følger opp"
            ),
            "authority, the last five": (
                "forsvarlig og godt arbeidsmiljø · tillitsvalgte og verneombud · "
                "dialog med den politiske ledelsen · brukerne og tjenestene · felles omdømme"
            ),
        },
    ),
    Part(
        FORMS,
        "points_section",
        "Lederstøtte",
        {
            "leader support": (
                "setter av tid · støtter · oppmuntrer · andre ledere .*råd · "
                "tilbakemeldinger på resultatene · opptrer som leder · involvert · eget ansvar · "
                "lederutvikling blir prioritert"
            ),
        },
    ),
    Part(
        FORMS,
        "section",
        "Sentrale tema og oppdrag fra styringsbrevet",
        {
            "themes and assignments": (
                "temaene og oppdragene · har ansvar for · ambisjonsnivå · forventer av hverandre · "
                "viktigste bidrag · notatfeltet"
            ),
        },
    ),
    Part(
        FORMS,
        "section",
        "Ledelsesutvikling",
        {
            "development, and what to choose": (
                "to eller tre tema eller forventninger · lederplattformen · "
                "god på, og tenk gjennom hvordan du kan styrke · god på som leder, og hvorfor · "
                "noe som er utfordrende · utfordrende for deg som leder, og hvorfor · utviklingsmål · "
                "tiltak · perioden · notatfeltet"
            ),
            "development is private, R2": (
                "bare dere to · ikke offentlig · ikke tilgjengelige for andre · særskilt · "
                "skriver om dem senere · HR · kommunikasjon · administratorer · superbrukere · databasen · "
                "etter loven"
            ),
        },
    ),
    Part(
        FORMS,
        "section",
        "Personell, økonomi og fag",
        {
            "personnel, economy and field": (
                "tre sider: personell, økonomi og fag · fungerer godt, og hvorfor · hvilke utfordringer · "
                "hva kan du gjøre · utviklingsmål og tiltak · perioden · notatfeltet"
            ),
        },
    ),
    Part(
        FORMS,
        "section",
        "Oppfølging",
        {
            "follow-up, R4": (
                r"minst én oppfølgingssamtale · høsten · 1\. august og 31\. desember \{year\} · begge · "
                "oppdatert vurdering · nye forhold · notatfeltet · "
                "ikke offentlig og ikke tilgjengelig for andre"
            ),
            "the eight prompts": (
                "status for det dere prioriterte fra styringsbrevet · prioriteringene ser annerledes ut · "
                "bringer arbeidet videre · opptrådt som leder siden sist · ekstra oppmerksom · "
                "lederstøtte trenger du · status for personell, økonomi og fag · nye utfordringer"
            ),
        },
    ),
    Part(
        ("leadership",),
        "text_section",
        "Tre tekster som henger sammen",
        {
            "how the texts hang together": (
                "lederplattformen · kommunedirektørens brev for ett år · administrasjonen skal levere · "
                "vedlegg til styringsbrevet · én avtale i året · tillegg til arbeidsavtalen"
            ),
        },
    ),
    Part(
        ("leadership",),
        "text_section",
        "Året for en leder",
        {
            "the year": (
                r"innen 31\. mars · 1\. august og 31\. desember · minst én oppfølgingssamtale · "
                "ingen av dere endre · gjelder til dere har inngått en ny"
            ),
        },
    ),
    Part(
        ("leadership",),
        "text_section",
        "Hvem gjør hva",
        {
            "who does what": (
                "underordnet leder forbereder seg, deltar aktivt · "
                "overordnet leder forbereder seg, kaller inn .*avtalen blir fylt ut · HR · kommunikasjon · "
                "medarbeidere"
            ),
        },
    ),
    Part(
        ("leadership",),
        "callout",
        "Personlig utvikling er mellom dere to",
        {
            "R2": "ikke offentlig · heller ikke tilgjengelige for andre · særskilt",
        },
    ),
]
