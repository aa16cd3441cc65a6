# Die Seite, auf der ein Team auf einen Fall zurückblickt. Was die Aufzeichnungen sagen, sagt das Verfahren selbst.
retro-title = Nachbetrachtung { $number }
retro-head = Nachbetrachtung
retro-restricted = Vertraulich
retro-leader = Geleitet von
retro-edition = Ausgabe { $n } ist veröffentlicht
retro-done = Erledigt: { $what }.
retro-lead = Was lässt sich lernen? Suchen Sie Ursachen, nicht Schuldige. Was die Aufzeichnungen wissen, ist schon eingetragen: Lesen Sie den Entwurf, und ergänzen Sie, was nur Menschen wissen.
retro-draft = Den Entwurf lesen
retro-published = Der veröffentlichte Bericht
retro-kept = Wurde jede Regel eingehalten?
retro-parts = Teile dieser Seite

retro-report = Der Bericht
retro-nothing-missing = Es fehlt nichts: Er kann veröffentlicht und der Fall geschlossen werden.
retro-missing = Das fehlt noch, bevor er veröffentlicht oder der Fall geschlossen wird:
retro-still-on = Der Fall läuft noch. Ursachen und Lehren lassen sich schon aufschreiben; veröffentlicht wird der Bericht danach.
retro-short = Die Ursache in ein, zwei Sätzen
retro-short-hint = Der Schweregrad war Low, und niemand hat angegriffen: Diese Zeile genügt, den Rest füllen die Aufzeichnungen.
retro-publish-short = Die kurze Form veröffent{"\u00AD"}lichen
retro-publish = Den Bericht veröffent{"\u00AD"}lichen
retro-publish-again = Eine weitere Ausgabe veröffent{"\u00AD"}lichen

retro-log = Alle Einträge
retro-log-lead = Alles, was geschah, das Älteste zuerst. Ein Knopfdruck setzt einen Eintrag in den Verlauf.
retro-take = In den Verlauf
retro-on-it = Im Verlauf: { $line }
retro-earlier = Frühere Einträge
retro-later = Spätere Einträge
retro-timeline = Verlauf des Berichts
retro-timeline-lead = Die Meilensteine stehen schon hier. Jede Zeile stützt sich auf ihre Einträge.
retro-no-lines = Noch keine Zeile. Setzen Sie aus „Alle Einträge“ hinein, was zählte.
retro-entry = Eintrag { $n }
retro-reword = Anders sagen, oder weglassen
retro-words-of = Wortlaut von
retro-keep-words = Wortlaut speichern
retro-leave = Diese Zeile weglassen

retro-causes = Ursachen
retro-chosen = gewählt
retro-choose = So vorgehen
retro-graph = Die Ursachen, gezeichnet
retro-graph-lead = Oben steht, was sich zeigte; Pfeile führen von einer Ursache zu dem, was sie auslöste. Die Gliederung darunter sagt dasselbe in Worten.
retro-outline = Gliederung
retro-no-causes = Noch keine Ursachen. Was zeigte sich zuerst? Fragen Sie dann, wie es dazu kam.
retro-also = führte auch zu
retro-change = Ändern
retro-behind = Was steckt dahinter?
retro-new-cause = Ergänzen, was sich zeigte
retro-what-happened = Was zeigte sich?
retro-what-led-to = Was führte zu { $cause }?
retro-kind = Was ist es?
retro-kind-how = Wie es dazu kam
retro-kind-why = Warum es dazu kam
retro-kind-control = Etwas, das es hätte aufhalten sollen
retro-kind-condition = Eine Bedingung, die erfüllt sein musste
retro-kind-vulnerability = Eine Schwachstelle, die benutzt wurde
retro-add-cause = Diese Ursache hinzufügen
retro-outcomes = Was daraus folgt
retro-none-yet = Noch nichts.
retro-add = Hinzufügen

retro-lessons = Lehren
retro-no-lessons = Noch keine Lehren. Was würden wir beim nächsten Mal anders machen?
retro-lesson = Was würden wir beim nächsten Mal anders machen?
retro-lesson-entries = Welche Einträge zeigen das? Ihre Nummern, etwa 3, 12
retro-add-lesson = Diese Lehre hinzufügen

retro-follow-ups = Folgeaufgaben
retro-no-follow-ups = Noch keine Folgeaufgaben. Was ist zu tun, von wem, und bis wann?
retro-is-done = erledigt
retro-by = bis
retro-finish = Es ist erledigt
retro-follow-up = Was ist zu tun?
retro-owner = Von wem?
retro-choose-owner = Bitte wählen
retro-due = Bis wann?
retro-due-hint = Etwa 18.12.2026 17:00 oder in 3 Tagen. Zeiten in
retro-add-follow-up = Aufgabe hinzufügen

retro-numbers = Zahlen dieses Falls
retro-numbers-lead = Sie ergeben sich aus den Aufzeichnungen; was dort berichtigt wird, ändert sich hier.
retro-set-discovery = Wie es entdeckt wurde
retro-set-threats = Was der Angreifer tat
retro-set-times = Wann es begann oder eingedämmt war
retro-sections = Mit eigenen Worten
retro-sections-lead = Was hier steht, wird neben dem gedruckt, was in den Aufzeichnungen steht.
retro-write = Schreiben

# Der Bericht zum Vorfall, als Seite.
retro-paper = Bericht zum Vorfall
retro-paper-draft = Entwurf.
retro-paper-draft-what = Er ist aus den Aufzeichnungen ausgefüllt, und niemand hat ihn veröffentlicht. Was das Team in der Nachbetrachtung ergänzt, steht auch hier.
retro-paper-then = Er zeigt den Fall, wie er damals stand.
retro-paper-earlier = Frühere Ausgaben
retro-paper-none = Noch ist keine Ausgabe veröffentlicht. Das Team erfährt es per E‑Mail, sobald es eine gibt.
