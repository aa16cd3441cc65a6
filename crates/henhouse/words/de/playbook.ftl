# Das Playbook eines Projekts: seine Ausgaben, was zwei unterscheidet, und wer sie prüft.
playbook-title = Playbook
playbook-in-force = Neue Fälle folgen { $name }, Ausgabe { $n }.
playbook-due = Es ist wieder zu lesen bis { $at }.
playbook-editions = Ausgaben
playbook-edition = Ausgabe { $n }
playbook-proposed = Vorgeschlagen von { $who }, { $at }.
playbook-founding = Henhouse, als das Projekt begann
playbook-unread = In Kraft, und noch hat sie niemand geprüft
playbook-waits = Wartet auf eine Prüfung
playbook-accepted = Angenommen von { $who }, { $at }.
playbook-accepted-own = Von { $who } selbst angenommen, weil sonst niemand antwortete, { $at }.
playbook-turned-down = Abgelehnt von { $who }, { $at }.
playbook-read = Lesen
playbook-review = Prüfen
playbook-differs = Was sich unterscheidet
playbook-differs-from = Was anders ist als in Ausgabe { $n }
playbook-check = Was die Kontrolle findet
playbook-check-none = Nichts. Das Team kann danach arbeiten.
playbook-error = Fehler:
playbook-warning = Bitte ansehen:
playbook-done-proposed = Die Ausgabe ist vorgeschlagen. Jemand anders prüft sie, bevor Fälle ihr folgen.
playbook-done-accepted = Die Ausgabe ist angenommen. Neue Fälle folgen ihr; offene gehen nach ihrer eigenen weiter.
playbook-done-turned-down = Die Ausgabe ist abgelehnt. Wer sie vorschlug, liest, warum.

playbook-note = Warum?
playbook-note-hint = Nötig, um abzulehnen. Wer sie vorschlug, liest es.
playbook-own = Sie haben diese Ausgabe vorgeschlagen, also soll jemand anders sie prüfen. Antwortet { $n } Minuten lang niemand, dürfen Sie sie mit einer Begründung selbst annehmen; jeder Bericht sagt es dann.
playbook-accept = Annehmen
playbook-turn-down = Ablehnen

playbook-compare = Vergleichen
playbook-between = Von Ausgabe { $from } zu Ausgabe { $to }
playbook-from = Von
playbook-to = Bis
playbook-same = Sie sagen dasselbe.
playbook-differences = { $n ->
    [one] { $n } Wert ist anders.
   *[other] { $n } Werte sind anders.
}
playbook-none = gab es nicht
playbook-gone = gibt es nicht mehr

playbook-propose = Eine Änderung vorschlagen
playbook-propose-n = Ausgabe { $n } vorschlagen
playbook-propose-lead = Ändern Sie, was anders sein soll, und lassen Sie den Rest. Nichts gilt, bevor jemand anders es geprüft hat.
playbook-reason = Was ändert sich, und warum?
playbook-reason-hint = Ein Satz. Er bleibt für immer bei der Ausgabe.
playbook-reason-missing = Sagen Sie, was sich ändert und warum: Wer prüft, liest das zuerst.
playbook-values = Zahlen und Schalter
playbook-now = Jetzt: { $value }
playbook-toml = Wortlaut und Listen
playbook-toml-hint = Wie auf der Kommandozeile, eine Änderung je Zeile, etwa: roles.skills = ["network", "forensics"]. Eine Liste ersetzt die ganze Liste.
playbook-nothing = Noch ist nichts geändert.
playbook-propose-do = Vorschlagen
