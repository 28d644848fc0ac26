"""Pages that stand in for the page asked for, nine kinds in German and English, and good pages that look like them."""

from __future__ import annotations

NAV = "<nav><ul>" + "".join(f'<li><a href="/{n}/">Bereich {n}</a></li>' for n in range(12)) + "</ul></nav>"
FOOT = "<footer><p>Impressum · Datenschutz · Barrierefreiheit</p></footer>"


def html(title: str, body: str, *, frame: bool = False) -> str:
    """A whole document; ``frame`` puts it between a site's navigation and footer."""
    inner = f"<header>{NAV}</header><main>{body}</main>{FOOT}" if frame else body
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body>{inner}</body></html>"
    )


BLOCKED = [
    html(
        "Just a moment...",
        "<h1>www.example.org</h1><p>Checking if the site connection is secure</p><noscript>Enable JavaScript and cookies to continue</noscript><p>Ray ID: 8a1b2c3d</p>",
    ),
    html(
        "Attention Required! | Cloudflare",
        "<h1>Sorry, you have been blocked</h1><p>You are unable to access example.org.</p>",
    ),
    html(
        "Access Denied",
        '<h1>Access Denied</h1><p>You don\'t have permission to access "http://h/" on this server. Reference #18.2d351ab8.1557333295.a4e16ab</p>',
    ),
    html(
        "Zugriff verweigert", "<h1>Zugriff verweigert</h1><p>Ihre IP-Adresse wurde aus Sicherheitsgründen gesperrt.</p>"
    ),
    html("Sicherheitsüberprüfung", "<p>Bitte bestätigen Sie, dass Sie kein Roboter sind.</p>"),
    html(
        "berlin.example",
        "<h2>Überprüfung</h2><p>Wir müssen sicherstellen, dass Sie ein Mensch sind.</p><p>Ihr Browser wird geprüft.</p>",
    ),
    html("Making sure you're not a bot!", "<h1>Making sure you're not a bot!</h1><p>Loading...</p>"),
    html(
        "Request Rejected",
        "<p>The requested URL was rejected. Please consult with your administrator. Your support ID is: 1234567890</p>",
    ),
    html("Landesamt", "<h1>Einen Moment bitte …</h1><p>Wir prüfen, ob Sie kein Bot sind.</p>", frame=True),
    html("Anfrage blockiert", "<p>Ungewöhnlicher Datenverkehr wurde festgestellt. Ihre Anfrage wurde blockiert.</p>"),
]
MAINTENANCE = [
    html(
        "Wartungsarbeiten",
        "<h1>Wartungsarbeiten</h1><p>Unsere Website wird zurzeit gewartet. Bitte versuchen Sie es später noch einmal.</p>",
    ),
    html(
        "Berlin.de",
        "<h1>Wartungsarbeiten</h1><p>Aufgrund von Wartungsarbeiten steht unser Angebot derzeit nicht zur Verfügung.</p>",
        frame=True,
    ),
    html("Vorübergehend nicht erreichbar", "<p>Diese Seite ist vorübergehend nicht erreichbar.</p>"),
    html(
        "Landesamt für Gesundheit",
        "<p>Die Website ist momentan wegen einer technischen Wartung nicht verfügbar. Wir bitten um Verständnis.</p>",
    ),
    html(
        "Wir sind gleich wieder für Sie da",
        "<h1>Wir sind gleich wieder für Sie da</h1><p>Wir führen gerade Wartungsarbeiten durch.</p>",
    ),
    html(
        "Maintenance",
        "<h1>We'll be back soon!</h1><p>Sorry for the inconvenience. We're performing some maintenance at the moment.</p>",
    ),
    html(
        "Site under maintenance",
        "<p>Our website is currently undergoing scheduled maintenance. Please check back soon.</p>",
    ),
    html(
        "Service Unavailable",
        "<h1>Service Unavailable</h1><p>The service is temporarily unavailable. Please try again later.</p>",
    ),
    html("Wartungsmodus", "<h1>Wartungsmodus</h1><p>Bis 18 Uhr am 3. Mai 2027 wird die Website aktualisiert.</p>"),
    html(
        "Stadt Muster",
        "<h1>Hinweis</h1><p>Der Server wird gewartet.</p><p>Diese Seite steht derzeit nicht zur Verfügung.</p>",
    ),
]
NOT_FOUND = [
    html(
        "Seite nicht gefunden - Berlin.de",
        "<h1>Seite nicht gefunden</h1><p>Die von Ihnen aufgerufene Seite konnte leider nicht gefunden werden.</p>",
        frame=True,
    ),
    html("Fehler 404", "<h1>Fehler 404</h1><p>Diese Seite existiert nicht mehr.</p>"),
    html("404", "<p>Nichts gefunden.</p>"),
    html(
        "Landesamt | Startseite",
        "<h1>Die Seite wurde nicht gefunden</h1><p>Möglicherweise wurde sie verschoben oder gelöscht. Nutzen Sie bitte unsere Suche.</p>",
        frame=True,
    ),
    html(
        "Page not found",
        "<h1>Oops! That page can’t be found.</h1><p>It looks like nothing was found at this location.</p>",
    ),
    html("404 Not Found", "<h1>Not Found</h1><p>The requested URL was not found on this server.</p>"),
    html("Error 404 – Office", "<p>Sorry, we couldn't find the page.</p>", frame=True),
    html("Landesamt", "<h2>Hinweis</h2><p>Das angeforderte Dokument ist leider nicht mehr verfügbar.</p>"),
    html("Diese Seite gibt es nicht mehr", "<p>Schauen Sie auf unserer Startseite nach.</p>"),
    html(
        "Seite nicht gefunden",
        "<h1>Seite nicht gefunden</h1><p>Die gewünschte Seite existiert nicht.</p><h2>Beliebte Themen</h2>"
        + "".join(
            f"<p>Thema {n}: Auskünfte über Anträge, Ausweise und Bescheinigungen des Landesamtes in Berlin.</p>"
            for n in range(20)
        ),
        frame=True,
    ),
]
LOGIN = [
    html(
        "Anmelden",
        '<h1>Anmelden</h1><form><label>Benutzername</label><input name="u"><label>Passwort</label><input type="password"></form><p>Bitte melden Sie sich an. Passwort vergessen?</p>',
    ),
    html("Login", "<p>Please log in to continue.</p><form><input type=password></form>"),
    html(
        "Intranet",
        '<h1>Anmeldung erforderlich</h1><p>Sie müssen sich anmelden, um diese Seite zu sehen.</p><form><input type="password"></form>',
    ),
    html("Sign in", "<h1>Sign in</h1><p>You need to be logged in to view this page.</p>"),
    html(
        "Geschützter Bereich",
        '<h1>Geschützter Bereich</h1><p>Bitte loggen Sie sich ein.</p><form><input type="password"></form>',
    ),
    html(
        "Portal",
        '<h1>Willkommen</h1><p>Bitte melden Sie sich mit Benutzername und Passwort an.</p><form><input type="password"></form>',
    ),
]
CONSENT = [
    html(
        "Cookie-Einstellungen",
        "<h1>Wir verwenden Cookies</h1><p>Wir verwenden Cookies, um Inhalte zu personalisieren.</p><p>Alle akzeptieren</p><p>Nur notwendige Cookies</p>",
    ),
    html(
        "Landesamt",
        "<div><h2>Datenschutz ist uns wichtig</h2><p>Wir benötigen Ihre Zustimmung, bevor Sie unsere Seite besuchen können.</p><p>Alle akzeptieren</p></div>",
    ),
    html(
        "Before you continue",
        "<h1>Before you continue</h1><p>We use cookies and data to deliver our services.</p><p>Accept all</p><p>Reject all</p>",
    ),
    html("We value your privacy", "<p>This site uses cookies. Accept and continue.</p>"),
    html("Einwilligung", "<p>Diese Webseite nutzt Cookies. Bitte zustimmen und weiter.</p>"),
    html(
        "Zeitung",
        "<h1>Mit Werbung weiterlesen</h1><p>Diese Seite nutzt Cookies für Werbung.</p><p>Akzeptieren und weiter</p>",
    ),
]
SCRIPT = [
    html(
        "Portal",
        '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div><script src="/app.js"></script>',
    ),
    html("Portal", '<div id="app"></div><script src="/app.js"></script>'),
    html(
        "Fachverfahren",
        "<noscript>Bitte aktivieren Sie JavaScript in Ihrem Browser.</noscript><app-root></app-root><script src=x></script>",
    ),
    html("Dienst", "<p>Diese Anwendung benötigt JavaScript.</p><script>start()</script>"),
    html(
        "Service",
        "<p>JavaScript is disabled in your browser. Please turn on JavaScript to continue.</p><script>start()</script>",
    ),
    html(
        "JavaScript erforderlich",
        "<h1>JavaScript erforderlich</h1><p>Bitte schalten Sie es ein.</p><script>start()</script>",
    ),
]
EMPTY = [
    "",
    "  \n\t ",
    html("", ""),
    html("Städtepartnerschaft", "<!-- nichts -->"),
    html("Städtepartnerschaft", "<script>track()</script>"),
    "<html><head><title>Landesamt</title></head><body></body></html>",
]
GOOD_TEXT = (
    "<h1>Städtepartnerschaft: Fachaustausch</h1><p>Das Landesamt für Gesundheit und Soziales pflegt den Austausch mit "
    "Fachleuten der Partnerstadt über Teilhabe, Prüfverfahren und Öffnungszeiten.</p><p>Die nächste Begegnung gehört "
    "zu den Höhepunkten des Jahres; Gäste können sich schriftlich anmelden.</p>"
)
_WHOLE = html("Städtepartnerschaft", f"<div class='a'><article>{GOOD_TEXT}</article></div>", frame=True)
TRUNCATED = [_WHOLE[: int(len(_WHOLE) * part)] for part in (0.12, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97)]
_LETTERS = html("Prüfung", f"<main>{GOOD_TEXT}</main>")
MOJIBAKE = [
    _LETTERS.encode().decode("cp1252", "replace"),
    _LETTERS.encode().decode("latin-1"),
    _LETTERS.encode("cp1252").decode("utf-8", "replace"),
    _LETTERS.encode().decode("gbk", "replace"),
]
BROKEN = [
    html("500 Internal Server Error", "<h1>Internal Server Error</h1><p>The server encountered an internal error.</p>"),
    html(
        "Fehler",
        "<h1>Es ist ein Fehler aufgetreten</h1><p>Es ist ein interner Fehler aufgetreten. Bitte versuchen Sie es erneut.</p>",
    ),
    html("Database Error", "<h1>Error establishing a database connection</h1>"),
    html("Landesamt", "<p>Fatal error: Uncaught PDOException: SQLSTATE[HY000] in /srv/www/db.php:12</p>"),
]

GOOD = [
    html("Wartungsarbeiten an der U-Bahn", "<h1>Wartungsarbeiten an der U-Bahn</h1><p>Wegen Wartungsarbeiten ist die Linie U5 am Wochenende unterbrochen. Ersatzbusse fahren.</p>", frame=True),
    html("Landesamt", "<h1>Wartungsarbeiten</h1><p>Der Aufzug im Haus C ist wegen Wartungsarbeiten bis Freitag außer Betrieb. Bitte nutzen Sie den Eingang an der Turmstraße.</p><p>Der Zugang zum Kundencenter bleibt offen; die Sprechzeiten gelten unverändert.</p>", frame=True),
    html("Bürgeramt Mitte", "<h1>Bürgeramt Mitte geschlossen</h1><p>Das Bürgeramt Mitte ist wegen Wartungsarbeiten vorübergehend geschlossen.</p>", frame=True),
    html("Bürgeramt", "<h1>Erreichbarkeit</h1><p>Das Amt ist derzeit nicht erreichbar. Bitte versuchen Sie es später telefonisch.</p><p>Post und Fax kommen an.</p>", frame=True),
    html("Umstellung", "<h1>Umstellung der Technik</h1><p>Unsere Website ist am 3. Mai 2027 wegen Wartungsarbeiten von 8 bis 12 Uhr nicht erreichbar.</p>", frame=True),
    html("Anmeldung einer Wohnung", "<h1>Anmeldung einer Wohnung</h1><p>Bitte melden Sie sich innerhalb von 14 Tagen nach dem Einzug an.</p>", frame=True),
    html("Anmeldung", "<h1>Anmeldung</h1><p>Die Anmeldung zum Seminar ist bis zum 3. Mai 2027 möglich. Schreiben Sie an das Landesamt.</p>", frame=True),
    html("Kita", '<h1>Kita-Navigator</h1><p>Hier finden Sie freie Plätze in Ihrem Bezirk.</p><p>Fragen beantwortet das Jugendamt.</p><form><input type="password"></form>', frame=True),
    html("Vermisster nicht gefunden", "<h1>Vermisster Wanderer nicht gefunden</h1><p>Die Suche im Grunewald blieb ohne Ergebnis.</p>", frame=True),
    html("Bebauungsplan 404", "<h1>Bebauungsplan 404 liegt aus</h1><p>Der Plan kann im Rathaus eingesehen werden.</p>", frame=True),
    html("Zugriff verweigert? Tipps zur Anmeldung", "<h1>Zugriff verweigert? Was Sie tun können</h1><p>Wer sein Kennwort vergessen hat, ruft die Hotline an. Sie hilft werktags von 8 bis 16 Uhr weiter.</p><p>Außerdem gibt es im Bürgeramt Hilfe.</p>", frame=True),
    html("Der Termin entfällt", "<h1>Termin</h1><p>Der Termin entfällt.</p>", frame=True),
    html("Kurz", "<p>Siehe Aushang.</p>"),
    html("Datenschutz", "<h1>Datenschutzerklärung</h1><p>Diese Website verwendet Cookies.</p>" + "<p>Verantwortlich ist das Landesamt. Rechtsgrundlage der Verarbeitung ist die Verordnung; Auskunft erteilt der Beauftragte.</p>" * 8, frame=True),
    html("Roboter in der Pflege", "<h1>Roboter in der Pflege</h1><p>Ein Fachtag fragt, ob ein Roboter Menschen pflegen kann. Er zeigt Geräte aus drei Ländern.</p>", frame=True),
    html("Einschränkungen", "<h1>Einschränkungen im Landesamt</h1><p>Das Landesamt schließt seine Einrichtungen mit Publikumsverkehr. Der Zugang ist aus Gründen des Infektionsschutzes beschränkt.</p>", frame=True),
    html("Umstellung", "<h1>Umstellung der Technik</h1><p>Unsere Website wird gewartet, und zwar am 3. Mai 2027.</p>", frame=True),
    html("JavaScript-Kurs", "<h1>JavaScript für Einsteiger</h1><p>Der Kurs der Volkshochschule beginnt am 3. Mai. Vorkenntnisse sind erwünscht, ein Rechner steht bereit.</p>", frame=True),
    html("Sicherheitsüberprüfung nach dem Luftsicherheitsgesetz", "<h1>Zuverlässigkeitsüberprüfung</h1><p>Wer am Flughafen arbeitet, muss überprüft werden. Anträge nimmt die Behörde schriftlich an.</p>", frame=True),
    "<h1>Ohne Ende</h1><p>Diese Seite hat weder html noch body und ist doch ganz da.",
    "<!doctype html><html><head><title>Ohne Ende</title></head><body><main><h1>Ohne Ende</h1><p>Auch diese Seite ist ganz da.</p></main>",
]  # fmt: skip
