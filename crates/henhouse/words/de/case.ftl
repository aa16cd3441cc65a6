# Die Seiten eines Falls. Was das Verfahren selbst sagt, bleibt in seinen Worten.
case-tab-now = Jetzt
case-tab-timeline = Verlauf
case-tab-leads = Spuren
case-tab-steps = Schritte
case-tab-evidence = Beweise
case-tab-people = Leute
case-tab-files = Dateien
case-parts = Seiten dieses Falls

case-restricted = Vertraulich
case-ic-nobody = noch niemand
case-ic-on = bisher { $worked } (höchstens { $limit })
case-sitrep = Lagebericht
case-sitrep-due = Lagebericht fällig
case-sitrep-overdue = Lagebericht überfällig:
case-overdue = überfällig
case-responders = { $n ->
    [one] { $n } Person dabei
   *[other] { $n } Personen dabei
}
case-shadow = Schattenbetrieb: Hier steht, wen Henhouse gerufen hätte. Niemand wurde gerufen, und hier handelt niemand. Wird jemand gebraucht, melden Sie es.
case-crowded = { $n } Leute arbeiten unter einem Incident Commander. Mehr als acht überblickt niemand.
case-crowded-do = Jemandem einen eigenen Teil geben
case-opened = eröffnet { $at }
case-as-of = Stand: { $at }
case-did = Erledigt: { $what }.
case-undo = Rückgängig
case-undo-why = Gleich zurückgenommen: ein Versehen.
case-undo-not-yours = Hier lässt sich nur rückgängig machen, was Sie selbst eben getan haben. Berichtigen Sie es auf der Seite des Eintrags.
case-undo-late = Das ist zu lange her. Berichtigen Sie es auf der Seite des Eintrags.
case-undo-none = Das lässt sich nicht rückgängig machen. Berichtigen Sie es auf der Seite des Eintrags.
case-undo-since = Darauf ist inzwischen etwas gefolgt. Sehen Sie nach, wie es jetzt steht.

case-said-here = Notiert: Sie arbeiten noch daran.
case-said-undone = Rückgängig gemacht. Beides steht im Verlauf.
case-said-come = Notiert: Sie kommen. Wer Sie gerufen hat, erfährt es.
case-said-cannot-come = Notiert: Sie können nicht kommen. Wer Sie gerufen hat, erfährt es.
case-kept = { $id } ist aufbewahrt: { $label }, { $bytes }.
case-kept-others = Eine weitere Datei kam mit und wurde nicht angenommen: Bitte fügen Sie Dateien einzeln hinzu.
case-still = Arbeiten Sie noch daran?
case-still-how = Jede Notiz genügt, auch ein Knopfdruck.
case-still-do = Ich bin noch da
case-called-in = { $by } bittet Sie, zu kommen und zu helfen.
case-called-in-no = Sie dürfen Nein sagen: Dann wird jemand anders gefragt.
case-come = Ich komme
case-cannot-come = Ich kann nicht kommen
case-take = Übernehmen
case-long = Dauert es länger?
case-long-rule = Bei High und solange ein Einbruch andauert, wird rund um die Uhr gearbeitet; sonst zu Geschäftszeiten. Alles andere braucht eine Begründung: Sie werden danach gefragt.
case-long-breach = Dauert ein Einbruch noch an?
case-long-next = Wer hat als Nächstes das Kommando?
case-long-nobody = Noch nicht bekannt
case-long-business = Geschäfts{"\u00AD"}zeiten
case-long-clock = Rund um die Uhr, in Schichten
case-long-who = Das entscheidet: { $who }.
case-yes = Ja
case-no = Nein
case-by = bis
case-was-due = Überfällig:
case-severity = Schweregrad
case-hand-over = Übergeben
case-everything = Alles, was Sie tun können

case-reported = Was gemeldet wurde
case-phish-clicked = Ein Link wurde angeklickt.
case-phish-opened = Eine Datei wurde geöffnet.
case-phish-entered = Es wurde etwas eingegeben.
case-reach = So erreichen Sie die meldende Person: { $reach }
case-more = Ganz lesen
case-owed = Was aussteht
case-owed-none = Nichts.
case-owed-more = Und { $n } weitere.
case-owed-not-you = Von Ihnen wird jetzt nichts gebraucht.
case-owed-later = Was sonst und von anderen aussteht: { $n }
case-checklist = Jetzt: Checkliste „{ $phase }“, { $done } von { $all }
case-checklist-none = Für diese Phase gibt es keine Checkliste.
case-ticked = Erledigt:
case-unticked = Offen:
case-report = Der Bericht zum Vorfall, Ausgabe { $edition }
case-conformance = Wurde jede Regel eingehalten? Der Regelbericht
case-drill = Diese Übung leiten
case-drill-score = Der Bewertungs{"\u00AD"}bogen dieser Übung
case-look-back = Zur Nachbetrach{"\u00AD"}tung
case-print-briefing = Einweisung drucken
case-print-log = Protokoll drucken
case-print-sitrep = Lagebericht drucken
case-thumb = Was Sie hier tun können
case-thumb-note = Notiz
case-thumb-more = Mehr
case-note = Notiz hinzufügen
case-note-hint = Beginnt eine Zeile mit !, ist sie eine Spur, mit - ein Schritt, mit + ein Beweis, mit # eine Entscheidung; mit @ und einem Namen rufen Sie diese Person dazu. Steht @ mit einem Namen am Ende einer Spur oder eines Schritts, ist diese Person dafür zuständig.
case-note-do = Notieren
case-note-first = Bitte zuerst die Notiz schreiben.
case-note-nobody = Hier heißt niemand { $name }: Niemand wurde gerufen und nichts notiert. Bitte schreiben Sie den Namen so, wie er unter „Leute“ steht, oder lassen Sie das @ weg.

case-timeline = Verlauf, das Neueste zuerst
case-timeline-all = Der ganze Verlauf: { $n } Einträge
case-shown = Einträge { $first } bis { $last } von { $all }.
case-silent = { $n ->
    [one] { $n } Eintrag davon steht nicht in der Liste: Er hält nur fest, welche Fassung der Projekteinstellungen von da an gilt.
   *[other] { $n } Einträge davon stehen nicht in der Liste: Sie halten nur fest, welche Fassung der Projekteinstellungen von da an gilt.
}
case-found = { $all } gefunden, hier { $first } bis { $last }.
case-found-none = Nichts gefunden. Weniger Wörter finden mehr.
case-unread = Nicht durchsucht: { $n } für die Beteiligten.
case-annexed = (für die Beteiligten)
case-pages = Teile des Verlaufs
case-filter = In diesem Verlauf suchen
case-filter-by = Geschrieben von
case-filter-anybody = Irgendwem
case-filter-nobody = Henhouse selbst
case-filter-words = Mit den Wörtern
case-filter-do = Zeigen
case-sorts = Nur
case-sort-all = Alles
case-sort-decisions = Entscheidungen
case-sort-sitreps = Lageberichte
case-sort-evidence = Beweise
case-sort-roles = Rollen und Besprechungen
case-sort-work = Spuren und Schritte
case-sort-notes = Notizen und Tatsachen
case-corrected = Berichtigt in Eintrag { $seq }.
case-corrects = Berichtigt Eintrag { $seq }.

case-entry = Eintrag { $seq } von { $last }
case-entry-recorded = Aufgeschrieben
case-entry-happened = Geschehen
case-entry-who = Von
case-entry-corrected = Berichtigt in
case-entry-corrects = Berichtigt
case-entry-other = Eintrag { $seq }
case-entry-correct = Diese Notiz berichtigen
case-entry-note = Durch eine Notiz berichtigen
case-entry-about = Zu Eintrag { $seq } („{ $said }“):
case-entry-both = Dieser Eintrag wird nie geändert oder entfernt: Er bleibt, und die Berichtigung wird dabei gezeigt.
case-entry-restrict = Nur für die Beteiligten
case-entry-line = In den Verlauf des Berichts setzen
case-entry-lesson = Eine Lehre daraus aufschreiben
case-entry-erase = Löschung eines Textes beantragen
case-entry-fields = Wie es im Journal steht, Feld für Feld (zum Nachprüfen)
case-entry-json = Für Programme (JSON)
case-entry-before = Voriger Eintrag
case-entry-after = Nächster Eintrag
case-entries = Andere Einträge
case-how-open = über das offene Formular
case-how-receipt = über den Link einer Quittung
case-how-link = über einen Link in einer Nachricht
case-how-session = angemeldet
case-how-token = mit einem Token
case-how-socket = am Server selbst
case-how-clock = von selbst, nach der Uhr
case-how-drill = in einer Übung

case-leads-none = Noch keine Spuren. Was würde uns sagen, wie es dazu kam?
case-leads-over = Keine ist offen.
case-leads-all = Alle Spuren, auch die erledigten: { $n }
case-lead-add = Spur hinzufügen
case-steps-none = Noch keine Schritte. Was ist zu tun, und von wem?
case-steps-over = Keiner ist offen.
case-steps-all = Alle Schritte und Eingriffe, auch die erledigten: { $n }
case-step-add = Schritt hinzufügen
case-disruption-add = Um einen Eingriff bitten
case-unowned = Diese hat noch niemand
case-work-now = Jetzt
case-work-later = Später
case-disruptions = Eingriffe
case-work-over = Erledigt
case-added = Hinzugefügt
case-source = Quelle
case-marking = Kennzeichnung
case-finding = Was dabei herauskam
case-dropped = Aufgegeben, weil
case-asset = Von
case-done = Erledigt
case-verified = Geprüft
case-its-entry = Zum Eintrag
case-left-out = { $n } weitere stehen nicht hier; alle stehen im

case-evidence-none = Nichts gesichert. Erst sichern, dann ändern.
case-evidence-all = Alle Beweise: { $n }
case-download = Download

case-answered-by = { $who }, { $at }
case-wanted = Noch nicht gesichert
case-wanted-none = Alles Gewünschte ist gesichert oder beantwortet.
case-wanted-calm = Zurzeit ist nichts verdächtig. Sobald sich das ändert, steht hier, was vor jeder Änderung zu sichern ist.
case-wanted-done = Gesichert oder beantwortet
case-suspect = Verdacht äußern
case-capture = Gesichert, oder nicht möglich
case-exhibits = Beweisstücke
case-exhibit-by = Gesichert von
case-exhibit-of = Von
case-exhibit-kind = Art
case-exhibit-size = Bytes
case-exhibit-hash = SHA-256
case-exhibit-place = Aufbewahrt in
case-exhibit-erased = Zwei Personen haben die Bytes gelöscht. Prüfsumme, Beschriftung und die Namen der beiden bleiben.
case-custody = Verwahrung: { $n } { $n ->
    [one] Eintrag
   *[other] Einträge
}
case-custody-told = Nichts wird je geändert oder entfernt. So prüfen Sie eine Kopie: sha256sum muss dieselbe Prüfsumme nennen.
case-exhibits-older = { $n } ältere stehen nicht hier; alle stehen im
case-holds = In Ruhe lassen
case-hold-add = Sperre setzen
case-reference-add = Notieren, was anderswo liegt
case-file-add = Datei hinzufügen
case-file-label = Was zeigt sie?
case-file-label-hint = Leer: der Name der Datei.
case-file-kind = Welche Art von Beweis?
case-file-asset = Von welcher Maschine, welchem System?
case-file-asset-hint = Ohne diese Angabe zählt die Datei für keine Maschine als Beweis.
case-file-asset-none = Von keinem davon
case-file-file = Die Datei
case-file-hint = Bis 4 GB. Sie wird verschlüsselt, nach ihrer Prüfsumme benannt und nie geändert.
case-file-again = Was Sie geschrieben haben, steht noch hier. Die Datei muss neu gewählt werden.
case-file-do = Datei hinzufügen
case-file-same = Dieselbe Prüfsumme wie auf diesem Gerät.
case-file-differs = Das ist NICHT die Prüfsumme der Datei auf diesem Gerät. Heben Sie die Datei auf, und fügen Sie sie noch einmal hinzu.
case-file-failed = Nicht gesendet: Die Datei ist noch auf diesem Gerät und hier gewählt. Senden Sie sie noch einmal.
case-key-lead = Eine Spur aufschreiben
case-key-step = Einen Schritt aufschreiben
case-key-decision = Eine Entscheidung aufschreiben
case-key-phase = Die Checkliste dieser Phase
case-key-role = Jemanden für eine Rolle benennen
case-kind-said = Datei oder E‑Mail
case-kind-screen = Bild eines Bildschirms
case-kind-log = Logdateien
case-kind-configuration = Einstellungen oder Rechte, wie sie sind
case-kind-dump = Abzug einer Datenbank
case-kind-disk = Snapshot einer Festplatte
case-kind-memory = Speicher oder laufender Zustand
case-kind-mail = E‑Mail
case-kind-file = Datei
case-kind-reference = Anderswo aufbewahrt
case-kind-other = Etwas anderes

case-people-now = Wer dabei ist
case-people-none = Noch hat es niemand.
case-people-since = seit { $at }
case-people-works = im Einsatz: { $worked }, höchstens { $limit }
case-people-rests = nicht in der Schicht
case-people-ic = Incident Commander (IC)
case-people-ask = Jemanden dazurufen
case-people-call = { $who } dazurufen
case-people-role = Rolle vergeben
case-people-leave = Nicht mehr mithelfen
case-people-join = Mithelfen
case-people-you = Sie arbeiten schon { $worked } ohne Pause; { $limit } sind genug. Übergeben Sie, oder lassen Sie sich ablösen.
case-people-sheet = Auf der Kontaktliste, noch nicht dabei
case-people-sheet-none = Wer schon dabei ist, steht hier nicht. Eine Meldung, auf die niemand antwortet, geht die ganze Kontaktliste durch und wieder von vorn, bis jemand antwortet.
case-post-communications = Communications Officer
case-post-responder = Helfer
case-post-deputy = Stellvertretung
case-post-assistant = Assistenz
case-post-scribe = Protokollführung
case-shifts = Schichten, die nächsten 24 Stunden
case-shifts-told = Je etwa drei Stunden; Zeiten von { $zone }.
case-shifts-not = Gearbeitet wird zu Geschäftszeiten, also braucht niemand Schichten. Stimmt das nicht, entscheiden Sie sich zuerst für „Rund um die Uhr“.
case-shifts-plan = Entscheiden, wie es weitergeht
case-shifts-who = Wer
case-shifts-when = Wann
case-shifts-none = Es ist keine Schicht geplant.
case-shift = { $from } bis { $until }
case-shift-ic = { $from } bis { $until } als IC
case-shift-short = { $minutes ->
    [1] Davor fehlt { $span } Ruhe.
    [60] Davor fehlt { $span } Ruhe.
   *[other] Davor fehlen { $span } Ruhe.
}
case-shift-over = Sie ist { $span } länger als erlaubt.
case-shift-cancel = Absagen
case-shift-add = Eine Schicht planen
case-gap = Von { $from } bis { $until } ist keine Schicht geplant.
case-gap-open = Ab { $from } ist keine Schicht geplant.
case-gap-none = Für die ganze Zeit ist eine Schicht geplant.
case-fill = Die nächsten 24 Stunden mit Leuten von der Kontaktliste füllen
case-fill-who = Wer wechselt sich ab?
case-fill-as = Als was?
case-fill-responder = Als Helfer
case-fill-ic = Als Incident Commander
case-fill-show = Schichten zeigen
case-fill-check = Sind diese Schichten richtig?
case-fill-told = Jede Person bekommt für jede Schicht eine E‑Mail. Geplant wird erst, wenn Sie es sagen.
case-fill-few = { $n } von { $all } sind zu lang oder lassen zu wenig Ruhe: Ein Tag braucht { $need } Personen im Wechsel, gewählt { $chosen ->
    [one] ist nur { $chosen }
   *[other] sind nur { $chosen }
}. Wählen Sie unten mehr, oder bitten Sie zuerst jemanden dazu.
case-fill-strained = { $n } von { $all } sind zu lang oder lassen zu wenig Ruhe, weil schon anderes geplant ist. Wählen Sie unten andere, oder sagen Sie ab, was im Weg ist.
case-fill-do = { $n ->
    [one] Diese Schicht planen
   *[other] Diese { $n } Schichten planen
}
case-fill-others = Wählen, wer sich abwechselt
case-fill-hard = zu viel
case-fill-despite = { $n ->
    [one] Diese Schicht trotzdem planen
   *[other] Diese { $n } Schichten trotzdem planen
}
case-fill-none = Es gibt keine Lücke, oder niemand ist gewählt.
case-fill-choose = Bitte zuerst jemanden wählen.
case-filled = Geplant: { $n } { $n ->
    [one] Schicht
   *[other] Schichten
}.
case-fill-stopped = Geplant: { $n }. Dann ging es nicht weiter: { $why }

case-files-papers = Unterlagen
case-files-talk = Dokumente und Besprechungen für Sensibles
case-files-talk-none = Noch keine. Was weder in den Chat noch ins Ticket gehört, kommt in ein eigenes Dokument oder eine eigene Besprechung.
case-files-document = Dokument { $n }
case-files-call = Besprechung { $n }
case-files-call-over = beendet
case-files-call-open = läuft
case-files-document-add = Dokument eröffnen
case-files-call-add = Besprechung eröffnen
case-files-sitreps = Lageberichte
case-files-sitrep = Lagebericht { $n }, { $at }
case-files-sitreps-none = Noch keine.
case-files-log = Das ganze Journal, für Programme (JSON)
case-files-opened = eröffnet { $at } von { $who }
case-files-link = Wo es ist: im Eintrag dazu
case-alike = Dieselbe E‑Mail anderswo

# Wie ein Fall heißt, und seine Phasen.
case-noun-event = Ereignis
case-noun-incident = Vorfall
case-phase-initiate = Beginn
case-phase-assess = Einschätzung
case-phase-remediate = Behebung
case-phase-retrospective = Nachbetrachtung
case-phase-done = Abgeschlossen

# Was aus Dateien und Knöpfen wird.
case-exhibit-gone = gelöscht
case-exhibit-elsewhere = anderswo aufbewahrt
case-file-large = Die Datei ist größer als 4 GB und wurde nicht aufbewahrt. Lassen Sie sie, wo sie ist, und notieren Sie hier, wo das ist.
case-file-room = Für die Datei ist kein Platz: Nichts wurde aufbewahrt. Behalten Sie sie, und sagen Sie den Leuten Bescheid, die diesen Server betreiben.
case-file-first = Wählen Sie zuerst eine Datei.
case-file-name = Im Namen der Datei steht ein Zeichen, das kein Formular übertragen kann, und nichts wurde aufbewahrt. Geben Sie ihr einen einfachen Namen, und senden Sie sie noch einmal.
case-file-broken = Die Datei kam nicht ganz an, und nichts wurde aufbewahrt. Senden Sie sie noch einmal.
case-faster = Jemand war schneller: Sehen Sie nach, wie es jetzt steht.

# Wie Spuren, Schritte und Eingriffe stehen.
case-stands-nobody = noch niemand
case-stands-due = fällig { $at }
case-stands-open = offen
case-stands-followed = in Arbeit
case-stands-done = erledigt
case-stands-dropped = aufgegeben
case-stands-planned = nicht begonnen
case-stands-begun = begonnen
case-stands-unverified = erledigt, nicht geprüft
case-stands-verified = geprüft
case-stands-withdrawn = nicht mehr gewünscht
case-stands-over = vorbei
case-stands-goes-on = läuft
case-stands-asked = erbeten, nicht begonnen
