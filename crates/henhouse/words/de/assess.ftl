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
assess-real-hint = Sie können erst weiter nachsehen: „Noch nicht bekannt“ ist auch eine Antwort, und in den Aufzeichnungen steht dann, dass Sie daran arbeiten.
assess-real-note = Woher wissen Sie es? (ein Satz; kann auch warten)
assess-real-yes = Ja, es ist geschehen
assess-real-no = Nein, es war ein Fehlalarm

# Die eine Benennung dessen, was betroffen sein kann und wie sehr, wo immer danach gefragt oder davon erzählt wird.
-harm-confidentiality = Geheimnisse: Unbefugte lesen etwas (Vertraulichkeit)
-harm-integrity = Richtigkeit: Etwas ist verändert, verloren oder falsch (Integrität)
-harm-availability = Betrieb: Ein Dienst steht still oder ist langsam (Verfügbarkeit)
-harm-privacy = Privatsphäre: Daten über Menschen
-harm-none = nicht betroffen
-harm-potential = möglicherweise betroffen
-harm-actual = betroffen

assess-harm = Was ist betroffen oder könnte es sein?
assess-harm-short = Was ist betroffen?
assess-harm-hint = Kreuzen Sie an, was betroffen ist oder sein könnte, und sagen Sie dann, wie sicher das ist. Unsicher heißt: möglicherweise betroffen.
assess-harm-tick = Es geht um
assess-confidentiality = { -harm-confidentiality }
assess-integrity = { -harm-integrity }
assess-availability = { -harm-availability }
assess-privacy = { -harm-privacy }
assess-whose = Wessen Schaden ist es?
assess-ours = Unser eigener
assess-harm-potential = Das Angekreuzte ist möglicherweise betroffen
assess-harm-actual = Das Angekreuzte ist betroffen
assess-harm-nothing = Nichts ist betroffen
assess-harm-each = Einzeln sagen
assess-harm-keep = Antworten speichern
assess-harm-said = Das wurde bisher gesagt. Ändern Sie, was anders ist; der Rest bleibt.
assess-harm-none = Nichts ist betroffen
assess-tick-first = Kreuzen Sie zuerst an, worum es geht, oder sagen Sie, dass nichts betroffen ist.
assess-none = { -harm-none }
assess-potential = { -harm-potential }
assess-actual = { -harm-actual }

assess-data = Geht es um sensible Daten über Menschen?
assess-data-short = Sensible Daten?
assess-data-hint = Etwa Gesundheit, Ausweise, Konten: was Menschen schadet, wenn Fremde es haben. Weiß es niemand, sagen Sie auch das: Es zählt.
assess-data-yes = Ja, um sensible Daten
assess-data-no = Nein, nicht um solche Daten

assess-dependency = Ist ein fremder Dienst der Auslöser?
assess-dependency-short = Ein fremder Dienst?
assess-dependency-hint = Ein Dienst für Hosting, E‑Mail oder Zahlungen, der ausgefallen ist oder in den jemand eingedrungen ist. Sehen Sie zuerst auf seine Statusseite.
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
assess-high-hint = Trifft eines davon zu, genügt ein Knopfdruck. Danach wird nur gefragt, was betroffen ist; die anderen Fragen können warten.

assess-check = Antworten prüfen
assess-not-answered = Nicht beantwortet
assess-answer = Antworten
assess-change = Ändern
assess-go-on = Weiter mit den offenen Fragen
assess-severity = Wie schwer ist es?
assess-suggested = Vorschlag:
assess-no-suggestion = Bisher spricht nichts für einen Schweregrad. Beantworten Sie die Kriterien, oder wählen Sie; im Zweifel den höheren.
assess-stands = Bisher:
assess-criteria = Alle Kriterien und Beispiele
assess-unsure = Im Zweifel den höheren. Er lässt sich jederzeit ändern.
assess-reason = Woher wissen Sie, dass es geschehen ist?
assess-reason-lower = Warum? Nur zum Senken nötig.
assess-confirm = Es ist ein Vorfall: { $severity }
assess-set = Auf { $severity } setzen
assess-keep = Bei { $severity } bleiben
assess-by-criteria = Ja, nach den Kriterien
assess-over = Dieser Fall ist vorbei: Öffnen Sie ihn wieder, wenn das nicht stimmt.
assess-harm-first = Bevor es ein Vorfall ist, sagt jemand, was betroffen ist oder sein könnte.
assess-harm-say = Sagen, was betroffen ist
assess-not-real = Nach der Antwort ist es nicht geschehen.
assess-false-alarm = Als Fehlalarm schließen
assess-choose-first = Wählen Sie eine Antwort.
assess-choose-severity = Wählen Sie einen Schweregrad.
