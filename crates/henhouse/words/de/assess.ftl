# Das Einschätzen: fünf Fragen, je eine Seite, und die Seite mit allen Antworten.
assess-begin = Einschätzen
assess-step = Frage { $n } von { $of }
assess-all = Alle Fragen
assess-done = beantwortet
assess-here = Sie sind hier
assess-open = offen
assess-recorded = Bisher beantwortet: { $answer }
assess-unknown = Noch nicht bekannt
assess-says-yes = Ja
assess-says-no = Nein

assess-real = Ist es wirklich geschehen?
assess-real-short = Ist es echt?
assess-real-hint = Sie dürfen weiter suchen: „noch nicht bekannt“ ist eine Antwort, und alle sehen, dass Sie dran sind.
assess-real-note = Woher wissen Sie es? (ein Satz; darf vorerst leer bleiben)
assess-real-yes = Ja, es ist geschehen
assess-real-no = Nein, es war ein Fehlalarm

# Die eine Benennung dessen, was Schaden nehmen kann und wie sehr, wo immer danach gefragt oder davon erzählt wird.
-harm-confidentiality = Geheimnisse: jemand liest, was nicht für ihn bestimmt ist (Vertraulichkeit)
-harm-integrity = Richtigkeit: etwas ist verändert, verloren oder falsch (Integrität)
-harm-availability = Betrieb: ein Dienst steht still oder ist langsam (Verfügbarkeit)
-harm-privacy = Privatsphäre: Daten über Menschen
-harm-none = nicht geschädigt
-harm-potential = könnte geschädigt sein
-harm-actual = ist geschädigt

assess-harm = Was ist geschädigt oder könnte es sein?
assess-harm-short = Was ist geschädigt?
assess-harm-hint = Kreuzen Sie an, was es berührt, und sagen Sie dann, wie sicher das ist. Unsicher heißt: Es könnte sein.
assess-harm-tick = Es berührt
assess-confidentiality = { -harm-confidentiality }
assess-integrity = { -harm-integrity }
assess-availability = { -harm-availability }
assess-privacy = { -harm-privacy }
assess-whose = Wessen Schaden ist es?
assess-ours = Unser eigener
assess-harm-potential = Das Angekreuzte könnte geschädigt sein
assess-harm-actual = Das Angekreuzte ist geschädigt
assess-harm-nothing = Nichts ist geschädigt
assess-harm-each = Einzeln sagen
assess-harm-keep = Antworten speichern
assess-harm-said = Das wurde bisher gesagt. Ändern Sie, was anders ist; der Rest bleibt.
assess-harm-none = Nichts ist geschädigt
assess-tick-first = Kreuzen Sie zuerst an, was es berührt, oder sagen Sie, dass nichts geschädigt ist.
assess-none = { -harm-none }
assess-potential = { -harm-potential }
assess-actual = { -harm-actual }

assess-data = Geht es um sensible Daten über Menschen?
assess-data-short = Sensible Daten?
assess-data-hint = Etwa Gesundheit, Ausweise, Konten: was Menschen schadet, wenn Fremde es haben. Weiß es niemand, so sagen Sie das: Es zählt.
assess-data-yes = Ja, um sensible Daten
assess-data-no = Nein, nicht um solche Daten

assess-dependency = Ist ein fremder Dienst der Auslöser?
assess-dependency-short = Ein fremder Dienst?
assess-dependency-hint = Ein Dienst für Hosting, E‑Mail oder Zahlung, der ausgefallen oder aufgebrochen ist. Sehen Sie zuerst auf seine Statusseite.
assess-dependency-note = Welcher, wenn es keiner von diesen ist? Was zeigt es?
assess-dependency-yes = Ja, ein fremder Dienst
assess-dependency-no = Nein, es liegt bei uns
assess-which = Welcher?

assess-contingency = Wird auch der Notfallplan in Kraft gesetzt?
assess-contingency-short = Notfallplan?
assess-contingency-hint = Er ist für Dienste, die lange ausfallen. Der Incident Commander entscheidet und sagt, warum.
assess-contingency-note = Warum, oder warum nicht?
assess-contingency-no = Nein, nicht in Kraft setzen
assess-contingency-yes = Ja, auch den Notfallplan
assess-contingency-active = Der Notfallplan ist in Kraft
assess-contingency-since = In Kraft seit { $when }, durch { $who }.
assess-contingency-ends = Hier ist nichts zu entscheiden: Er endet, wenn der Betrieb geprüft und für wiederhergestellt erklärt ist.
assess-why-first = Sagen Sie in wenigen Worten, warum oder warum nicht.
assess-runs = Kein Dienst ist ausgefallen.
assess-runs-so-far = Bisher ist kein Dienst ausgefallen.
assess-later = Später: die Antworten prüfen

assess-high = Ist es High?
assess-high-hint = Trifft eines davon zu, so sagt es ein Druck. Die anderen Fragen können warten.

assess-check = Antworten prüfen
assess-not-answered = Nicht beantwortet
assess-answer = Antworten
assess-change = Ändern
assess-go-on = Weiter mit den offenen Fragen
assess-severity = Wie schwer ist es?
assess-suggested = Vorschlag:
assess-no-suggestion = Bisher spricht nichts für einen Schweregrad. Beantworten Sie die Kriterien oder wählen Sie; unsicher heißt: den höheren.
assess-stands = Es steht auf
assess-criteria = Alle Kriterien und Beispiele
assess-unsure = Unsicher heißt: den höheren. Er lässt sich jederzeit ändern.
assess-reason = Woher wissen Sie, dass es geschehen ist?
assess-reason-lower = Warum? Nur zum Senken nötig.
assess-confirm = Es ist ein Vorfall: { $severity }
assess-set = Auf { $severity } setzen
assess-keep = Bei { $severity } bleiben
assess-by-criteria = Ja, nach den Kriterien
assess-over = Dieser Fall ist vorbei: Öffnen Sie ihn wieder, wenn er es nicht ist.
assess-not-real = Die Antwort ist, dass es nicht geschehen ist.
assess-false-alarm = Als Fehlalarm schließen
assess-choose-first = Wählen Sie eine Antwort.
assess-choose-severity = Wählen Sie einen Schweregrad.
