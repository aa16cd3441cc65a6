# Wie ein Projekt eingerichtet ist: seine Einstellungen als Formulare, und seine Listen.
project-settings = Einstellungen
project-done = Gespeichert. Offene Fälle gehen damit weiter.
project-keep = Speichern
project-moved-on = Jemand hat das inzwischen geändert. Was Sie geschrieben haben, steht noch hier, neben dem, was jetzt gilt: Senden Sie es noch einmal, um das andere zu überschreiben.
project-needed = Bitte ausfüllen.
project-lists = Listen
project-else = Was sich nicht ändern lässt
project-fixed = In Adressen heißt es { $slug }, und seine Fälle heißen { $prefix }-1 und so weiter.
project-revision = Das ist Fassung { $n } dieser Einstellungen. Jede Fassung bleibt aufbewahrt.

project-about = Name und Meldungen
project-about-lead = Wie das Projekt heißt, und von wem es Meldungen annimmt.
project-name = Name
project-name-missing = Geben Sie ihm einen Namen.
project-reports = Von wem nimmt es Meldungen an?
project-reports-anybody = Von allen, die die Adresse haben. So geht keine Meldung verloren.
project-reports-known = Nur von Angemeldeten, und von Programmen mit einem Token
project-client = Das eigene Verfahren des Kunden
project-client-hint = Wo das Verfahren eines Kunden vorgeht: der Name seines Playbooks. Dann gelten die Ausgaben dieses Namens.
project-hours = Geschäftszeiten
project-hours-lead = Wann das Projekt besetzt ist. Sonst warten Erinnerungen und alles, was nach Tagen fällig wird; nie ein erster Ruf, nie etwas bei High.
project-zone = Zeitzone
project-zone-hint = Etwa Europe/Berlin, America/New_York oder UTC
project-zone-wrong = Diese Zeitzone gibt es nicht. Schreiben Sie eine wie Europe/Berlin oder UTC.
project-monday = Montag
project-tuesday = Dienstag
project-wednesday = Mittwoch
project-thursday = Donnerstag
project-friday = Freitag
project-saturday = Samstag
project-sunday = Sonntag
project-hours-wrong = Schreiben Sie etwa 09:00-17:00 oder 09:00-12:30, 13:30-17:00; nichts, wenn an dem Tag geschlossen ist.
project-holidays = Tage, an denen geschlossen ist
project-holidays-hint = Einer je Zeile, etwa 25.12.2026
project-holiday-wrong = { $said } ist kein Tag. Schreiben Sie ihn wie 25.12.2026.
project-holds = Was dort liegt
project-holds-lead = Das gibt den Ausschlag, wenn zwischen zwei Schweregraden nichts anderes entscheidet. Was jemand in einem Fall antwortet, geht vor.
project-pii = Sensible personenbezogene Daten
project-high-value = Systeme oder Daten von hohem Wert
project-chain = Vertrauliche Fälle
project-chain-lead = Ein Fall über eine Kollegin oder einen Kollegen ist nur für die Beteiligten da, ebenso einer, der als vertraulich gemeldet wird. Dann werden diese Leute gerufen statt aller; nie die Person, um die es geht.
project-chain-who = Wer wird zu vertraulichen Fällen gerufen? Ist niemand angekreuzt: die Kontaktliste ohne die Person, um die es geht.
project-wakes = Adresse eines Weckdienstes
project-wakes-lead = Die E‑Mail-Adresse eines anderen Weckdienstes, der die Bereitschaft weckt. Bei jedem ersten Ruf geht auch dorthin eine E‑Mail.
project-pager = Adresse

project-empty = Noch nichts.
project-add = Hinzufügen
project-off = Von der Liste nehmen
project-called = Wie heißt es?
project-mail = E‑Mail
project-no-mail = keine E‑Mail-Adresse, also kommt dort nichts an
project-phone = Telefon
project-phone-hint = Mit + und Landesvorwahl, etwa +49 30 1234567
project-time-hint = Etwa 22.11.2026 09:00, in der Zeit von { $zone }
project-time-wrong = Schreiben Sie eine Zeit wie 22.11.2026 09:00.
project-backwards = Es endet, bevor es beginnt.
project-address-wrong = Schreiben Sie die ganze Adresse, mit https:// am Anfang
project-from = Von
project-until = Bis
project-who = Wer?

project-stakeholders = Informierte und Kunden
project-stakeholders-lead = Wer von Vorfällen erfährt, ohne daran zu arbeiten. Auch Kunden stehen hier: An sie geht nur, was Incident Commander oder Communications Officer senden.
project-whose = Zu wem gehören sie?
project-outside = Außerhalb: ein Kunde oder eine Behörde
project-inside = Zur eigenen Organisation
project-standing = Erfährt von jedem Vorfall, ohne eigens hinzugefügt zu werden
project-standing-short = erfährt von jedem Vorfall
project-ceiling = Die strengste Kennzeichnung, die sie bekommen dürfen
project-ceiling-hint = Was strenger gekennzeichnet ist, geht nie an sie.
project-tlp-clear = TLP:CLEAR, für alle
project-tlp-green = TLP:GREEN, für die Fachwelt
project-tlp-amber = TLP:AMBER, für die Organisation und ihre Kunden
project-tlp-strict = TLP:AMBER+STRICT, für die Organisation
project-tlp-red = TLP:RED, für die Anwesenden
project-numbers = Telefonnummern für alle
project-numbers-lead = Diese Nummern stehen auf jeder Seite am selben Platz, auch für Leute, die nicht angemeldet sind, und auf der Karte. Nie die eigene Nummer eines Menschen: Wer etwas meldet, sieht sie.
project-line = Welcher Anschluss ist das?
project-line-hint = Etwa: Bereitschaft. Kein Name eines Menschen.
project-number = Nummer
project-duty = Bereitschaft, von Hand eingetragen
project-duty-lead = Wer von wann bis wann Bereitschaft hat. Diese Person wird zuerst gerufen; antwortet sie nicht, die ganze Liste.
project-assets = Systeme und Daten
project-assets-lead = Was das Projekt betreibt und aufbewahrt. Ein Schritt sagt, was er berührt, und die Beweisliste dieser Art sagt, was vorher zu sichern ist.
project-asset-hint = Etwa: web-2, die Kundendatenbank, das E‑Mail-Gateway
project-class = Von welcher Art ist es?
project-class-hint = Das Playbook hat für jede Art eine Liste von Beweisen.
project-environment = Wo läuft es?
project-production = Im Betrieb: Leute benutzen es
project-staging = Vorstufe: wie der Betrieb, aber niemand benutzt es
project-test = Test, oder etwas anderes
project-volatile = Wird es angehalten, sind Daten für immer verloren
project-volatile-short = wird es angehalten, sind Daten verloren
project-dependencies = Fremde Dienste
project-dependencies-lead = Was hier ausfällt, wenn es dort ausfällt. Wer einen Fall einschätzt, sieht die Liste mit den Statusseiten.
project-status-page = Wo steht, wie es ihm geht?
project-effect = Was fällt hier aus, wenn er ausfällt?
project-fallback = Was benutzt man solange?
project-fallback-hint = Etwa: Telefon statt Chat
project-maintenance = Geplante Arbeiten
project-maintenance-lead = Wann mit Störungen zu rechnen ist. Angemeldete sehen es, bevor sie melden; abgewiesen wird deswegen keine Meldung.
project-what = Was wird gemacht?
project-on-what = Woran?
project-on-what-hint = Nichts angekreuzt heißt: an allem.
project-places = Wo das Team redet
project-places-lead = Chat, Besprechung, Ticket: steht im Fall und in Rufen.
project-place-hint = Etwa: Chat, Besprechung, Ticket
project-place = Wo ist es?

project-alerts = Alarme
project-sources = Alarmquellen
project-sources-lead = Programme, die diesem Projekt Alarme senden. Der erste Alarm eröffnet ein Ereignis und ruft Leute, wie eine Meldung es tut; was noch einmal gesendet wird, wird gezählt. Nur Menschen schließen ein Ereignis.
project-source-made = Das ist der Schlüssel der neuen Quelle. Er wird nicht noch einmal gezeigt.
project-source-address = Die Adresse, an die gesendet wird
project-source-since = Seit { $since }.
project-source-gathers = { $n ->
    [0] Jeder Alarm eröffnet ein eigenes Ereignis.
    [one] Die Alarme einer Minute kommen zu einem Ereignis.
   *[other] Die Alarme von { $n } Minuten kommen zu einem Ereignis.
}
project-source-live = { $n ->
    [0] Kein Alarm steht an.
    [one] Ein Alarm steht an.
   *[other] { $n } Alarme stehen an.
}
project-source-withdraw = Zurücknehmen
project-source-new = Eine Alarmquelle hinzufügen
project-source-name = Kurzname (Kleinbuchstaben, Ziffern, Bindestriche)
project-source-sender = Was sendet?
project-source-minutes = So viele Minuten lang kommen ihre Alarme zum selben Ereignis (0: Jeder eröffnet sein eigenes)
project-source-minutes-wrong = Schreiben Sie eine Zahl von Minuten, etwa 60.
project-source-do = Hinzufügen
project-sender-alertmanager = Prometheus Alertmanager
project-sender-opsgenie = Opsgenie, oder was sendet wie an Opsgenie
project-sender-pagerduty = PagerDuty, oder was sendet wie an PagerDuty
project-sender-slack = Was in einen Slack-Kanal schreibt (Webhook)
project-sender-grafana = Grafana
project-sender-eventbridge = Amazon EventBridge (CloudWatch, GuardDuty, Security Hub)
project-sender-webhook = Jedes andere Programm, das über das Netz senden kann (Webhook)
project-sender-sns = Amazon SNS (Alarme von CloudWatch, Themen), per HTTPS
project-sender-sqs = Amazon SQS: eine Warteschlange, die dieser Server abfragt
project-source-made-keyless = Die neue Quelle braucht keinen Schlüssel. So wird sie eingerichtet:
project-source-topics = Nur für Amazon SNS: Welche Themen dürfen senden? (ihre ARN, eine je Zeile)
project-topic-waits = { $topic }: noch nicht bestätigt.
project-topic-runs = { $topic }: bestätigt { $since }.
project-topic-ended = { $topic }: in Amazon SNS beendet { $since }. Von dort kommt nichts mehr.

project-alert-rules = Alarmregeln
project-rules-lead = Was aus Alarmen wird. Die erste Regel, die passt, entscheidet; passt keine, kommt ein Alarm zum letzten Ereignis seiner Quelle oder eröffnet eines. Was noch einmal gesendet wird, wird immer gezählt.
project-rules-none = Es gibt noch keine Regeln.
project-rule-joins = kommt zum Ereignis seiner Art oder eröffnet eines
project-rule-opens = eröffnet ein eigenes Ereignis
project-rule-counts = wird aufbewahrt und gezählt und ruft niemanden
project-rule-equals = ist
project-rule-contains = enthält
project-rule-starts = beginnt mit
project-rule-ends = endet mit
project-rule-blanks = ist, ohne auf Leerzeichen zu achten,
project-rule-lists = nennt, zwischen Kommas,
project-rule-above = ist höher als
project-rule-below = ist niedriger als
project-rule-empty = ist leer oder fehlt
project-rule-there = ist vorhanden
project-rule-matches = passt ganz auf das Muster (ein regulärer Ausdruck)
project-rule-one-matches = hat, zwischen Kommas, etwas, das ganz auf das Muster passt,
project-rule-not = nicht:
project-rule-each = Jeder Alarm
project-rule-of = Von { $sources }
project-rule-together = Nur Alarme mit denselben Worten in { $fields } kommen zu einem Ereignis.
project-rule-waits-said = Er wartet, bis die geplante Wartung vorbei ist.
project-rule-held = { $n ->
    [one] Sie hat einen Alarm zurückgehalten.
   *[other] Sie hat { $n } Alarme zurückgehalten.
}
project-rule-up = Früher fragen
project-rule-remove = Entfernen
project-held = Zurückgehalten
project-held-lead = Alarme, die nichts eröffnet haben, durch eine Regel oder während geplanter Wartung. Nichts wird weggeworfen: Was nach der Wartung noch ansteht, eröffnet von selbst ein Ereignis.
project-held-none = Nichts wurde zurückgehalten.
project-held-waits = Er wartet auf das Ende der geplanten Wartung.
project-held-words = Was er sagt
project-try = Was würde aus einem Alarm?
project-try-lead = Fügen Sie ein, was der Absender senden würde. Nichts davon wird gespeichert, niemand wird gerufen.
project-try-no-source = Fügen Sie zuerst eine Alarmquelle hinzu.
project-try-source = Gesendet von
project-try-body = Was der Absender senden würde, Wort für Wort
project-try-do = Ausprobieren
project-try-fields = Was eine Regel darin ansehen kann:
project-try-opens = Er würde ein Ereignis eröffnen und Leute rufen.
project-try-shadow = Er würde ein Ereignis im Schattenbetrieb eröffnen: Bis { $until } wird niemand gerufen.
project-try-calls = Wen er binnen einer Stunde riefe, solange niemand antwortet:
project-try-call = { $n ->
    [0] Sofort: { $who } ({ $because })
    [one] Nach { $n } Minute: { $who } ({ $because })
   *[other] Nach { $n } Minuten: { $who } ({ $because })
}
project-try-joins = Er käme zu { $case }.
project-try-held = Er würde aufbewahrt und gezählt und riefe niemanden.
project-try-waits = Er würde zurückgehalten, bis die geplante Wartung vorbei ist.
project-try-repeats = { $n ->
    [one] Er steht schon an und wurde einmal gesendet: Er würde gezählt.
   *[other] Er steht schon an und wurde { $n }-mal gesendet: Er würde gezählt.
}
project-try-rule = Nach der Regel { $rule }.
project-try-no-rule = Keine Regel passt.
project-rule-new = Eine Regel hinzufügen
project-rule-new-lead = Sie wird zuletzt gefragt; rücken Sie sie nach oben, wo das zählt. Eine Regel, die mehreres zugleich ansieht, für bestimmte Maschinen gilt oder sagt, welche Alarme zusammengehören, legen die Leute an, die den Server betreiben, auf der Kommandozeile.
project-rule-name = Kurzname (Kleinbuchstaben, Ziffern, Bindestriche)
project-rule-source = Für Alarme von
project-rule-any-source = jeder Quelle
project-rule-field = Was wird angesehen?
project-rule-field-hint = title: seine Überschrift. words: alles, was er sagt. gravity: wie schlimm sein Absender ihn nennt (info, warning, error, critical). alias: woran sein Absender ihn wiedererkennt. Oder ein Label des Absenders, etwa severity. Leer: jeder Alarm.
project-rule-is = Wie muss es sein?
project-rule-value = Welches Wort, oder welche Zahl?
project-rule-not-label = Umgekehrt: wo es nicht so ist
project-rule-then = Was wird aus dem Alarm?
project-rule-minutes = Wie viele Minuten lang kommen weitere Alarme zum selben Ereignis? (leer: wie die Quelle es sagt)
project-rule-waits = Während geplanter Wartung zurückhalten
project-rule-do = Regel hinzufügen

project-shadow = Schatten{"\u00AD"}betrieb
project-shadow-band = Schattenbetrieb: Alarme von { $source } rufen hier niemanden bis { $until }. Ein anderer Weckdienst muss es tun.
project-shadow-lead = Solange ein anderer Weckdienst noch Leute ruft, lassen Sie dessen Absender auch hierher senden. Eine Quelle im Schattenbetrieb ruft niemanden: Hier steht, wen Henhouse gerufen hätte, und wann. Meldet ein Mensch etwas, wird wie immer gerufen.
project-shadow-while = Seit { $since }, bis { $until }:
project-shadow-end = Beenden: ab jetzt Leute rufen
project-shadow-after = Nach dem Ende wird für das, was vorher gesendet wurde, niemand gerufen. Was ein Absender danach noch einmal sendet, eröffnet ein Ereignis und ruft, auch wenn es schon länger ansteht.
project-shadow-would = Wen Henhouse gerufen hätte
project-shadow-bring = Vom anderen Weckdienst ist noch nichts hier. Holen Sie, was Opsgenie oder PagerDuty getan hat:
project-shadow-sum = { $n ->
    [0] Noch gibt es keinen Alarm, für den beide jemanden gerufen haben.
    [one] { $same ->
        [0] Eine andere Person zuerst, bei dem einen Alarm, für den beide jemanden gerufen haben.
       *[other] Dieselbe Person zuerst, bei dem einen Alarm, für den beide jemanden gerufen haben.
    }
   *[other] Dieselbe Person zuerst bei { $same } von { $n } Alarmen, für die beide jemanden gerufen haben.
}
project-shadow-we = Hier: { $who } { $at }, { $route } ({ $because })
project-shadow-we-nobody = Hier: niemand.
project-shadow-they = Dort: { $who } { $at }
project-shadow-listed = Dort: { $who } { $at }, aufgeführt und nicht gerufen
project-shadow-taken = Dort: übernommen { $at }
project-shadow-stopped = Beim Absender um { $at } vorbei oder übernommen: Danach wäre niemand mehr gerufen worden.
project-shadow-pager = der Weckdienst des Projekts
project-shadow-at-once = mit dem Alarm
project-shadow-policy = Rufordnung, Schritt { $step }, Runde { $round }
project-shadow-sheet = Kontaktliste, Platz { $place }, Runde { $round }
project-shadow-owed = etwas war fällig
project-shadow-unreachable = Keine Adresse ist bekannt: Es hätte niemanden erreicht.
project-shadow-after-taken = Nur wenn es bis dahin niemand gehabt hätte: Beim anderen Weckdienst hatte es jemand.
project-shadow-same = Dieselbe Person zuerst, auf eine Minute genau.
project-shadow-later = Dieselbe Person zuerst, hier { $length } später.
project-shadow-earlier = Dieselbe Person zuerst, hier { $length } früher.
project-shadow-other-person = Eine andere Person zuerst.
project-shadow-nobody-here = Dort wurde zuerst jemand gerufen, dessen Adresse in keiner Zeile der Kontaktliste steht.
project-shadow-only-here = Dort wurde dafür niemand gerufen.
project-shadow-only-there = Hier wäre niemand gerufen worden.
project-shadow-nobody = Niemand wurde gerufen, weder dort noch hier.
project-shadow-not-here = Alarme von dort, die hier nicht ankamen
project-shadow-new = Eine Quelle niemanden rufen lassen
project-shadow-new-lead = Das ist ein schwerer Schritt: Henhouse weckt für diese Alarme niemanden. Alle auf der Kontaktliste und alle Admins erfahren es per E‑Mail, und es endet von selbst an dem Tag, den Sie angeben.
project-shadow-source = Welche Quelle?
project-shadow-days = Für wie viele Tage?
project-shadow-days-wrong = Schreiben Sie eine Zahl von 1 bis { $n }.
project-shadow-why = Warum? Welcher Weckdienst ruft inzwischen?
project-shadow-do = Für ihre Alarme niemanden rufen
project-shadow-none = Noch sendet kein Programm Alarme an dieses Projekt. Legen Sie zuerst eine Quelle an:
project-alert-routes = Alarmwege
project-routes-lead = Wen das Ereignis eines Alarms zuerst ruft. Der erste Alarmweg, der passt, entscheidet; passt keiner, werden Leute gerufen wie bei jeder Meldung. Nach jedem Alarmweg kommt die Kontaktliste. Alarme, die verschiedene Leute rufen, kommen nicht zum selben Ereignis.
project-routes-none = Es gibt noch keine Alarmwege: Jedes Ereignis ruft Leute wie üblich.
project-route-usual = ruft Leute wie üblich
project-route-nobody = ruft niemanden: Der Alarm wird aufbewahrt und gezählt
project-route-policy = ruft nach der Rufordnung „{ $name }“
project-route-schedule = ruft die Bereitschaft von „{ $name }“
project-route-or = oder
project-route-hours = Nur { $when }, nach der Zeit von { $zone }.
project-route-hours-wrong = Schreiben Sie beide Zeiten, etwa 22:00 und 06:00, oder lassen Sie beide weg.
project-route-held = { $n ->
    [one] Ein Alarm wurde nur aufbewahrt.
   *[other] { $n } Alarme wurden nur aufbewahrt.
}
project-route-try = Ausprobieren, was aus einem Alarm würde
project-route-new = Einen Alarmweg hinzufügen
project-route-new-lead = Er wird zuletzt gefragt; rücken Sie ihn nach oben, wo das zählt. Einen Alarmweg, der mehreres zugleich ansieht oder an anderen Tagen zu anderen Stunden gilt, legen die Leute an, die den Server betreiben, auf der Kommandozeile.
project-route-calls = Wen ruft er?
project-route-from = Nur von (etwa 22:00, in der Zeitzone des Projekts; leer: zu jeder Stunde)
project-route-until = bis (etwa 06:00)
project-route-do = Hinzufügen
project-route-mon = Mo
project-route-tue = Di
project-route-wed = Mi
project-route-thu = Do
project-route-fri = Fr
project-route-sat = Sa
project-route-sun = So
project-try-route = Nach dem Alarmweg { $route }.
