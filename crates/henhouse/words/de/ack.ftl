ack-please = Bitte übernehmen oder weitergeben
ack-yours = Sie haben es übernommen
ack-passed-on = Weitergegeben
ack-taken = Jemand hat es übernommen
ack-over = Es ist vorbei
ack-noted = Notiert, noch nicht bestätigt
ack-title = { $what }: { $number }
ack-reported = gemeldet: { $at }
ack-restricted = Ein vertraulicher Fall. Melden Sie sich an, um ihn zu lesen.
ack-next = Als Nächstes: { $what }
ack-meaning = Übernehmen heißt: Sie koordinieren. Sie müssen nichts selbst reparieren, und Sie können später übergeben.
ack-open = Den Fall öffnen (mit Anmeldung)
ack-take = Übernehmen
ack-pass-on = Weitergeben
ack-join = Mithelfen
ack-press = Gehen Sie zurück und drücken Sie einen der Knöpfe.

ack-said-passed-on = Sie haben es weitergegeben. Die nächste Person wird gerade gerufen.
ack-said-yours = Sie haben es übernommen: Sie sind Incident Commander.
ack-said-yours-since = Sie haben es übernommen und sind seit { $at } Incident Commander.
ack-said-taken = { $who } hat es seit { $at }.
ack-said-joined = Sie helfen auch mit.
ack-said-over = Es ist vorbei. Von Ihnen wird nichts gebraucht.

ack-first = Sie werden zuerst gefragt. Noch hat es niemand.
ack-asked = Bisher wurden { $n } Personen gefragt, auch Sie. Noch hat es niemand.
ack-unknown = Noch nicht eingeschätzt: Behandeln Sie es wie High.
ack-left = Noch { $left }: Bitte antworten Sie bis { $at }.
ack-overdue = Eine Antwort ist seit { $at } überfällig.
ack-next-call = Um { $at } wird auch die nächste Person gerufen.
ack-next-now = Die nächste Person wird gerade gerufen.

ack-away = Die Datenbank ist gerade nicht erreichbar, deshalb können wir nichts darüber zeigen. Was Sie drücken, wird notiert und zählt, sobald die Datenbank wieder da ist.
ack-noted-at = Notiert ({ $at }): „{ $what }“. Noch nicht bestätigt.
ack-begin = Bitte fangen Sie an. Wenn jemand schneller war als Sie, erfahren Sie es, sobald die Datenbank wieder da ist.
ack-counts = Es zählt, sobald die Datenbank wieder da ist.

ack-dead = Dieser Link funktioniert nicht
ack-dead-why = Er ist unvollständig, oder Sie haben dort keinen Zugang mehr. Es ist nichts geschehen.
ack-noted-before = Sie haben schon etwas gedrückt
ack-expired = Dieser Link ist abgelaufen
ack-dead-sign-in = Wenn Ihnen niemand gesagt hat, dass jemand es hat: Melden Sie sich an und übernehmen Sie dort.
ack-dead-newest = Öffnen Sie die neueste Nachricht dazu: Jede hat ihren eigenen Link. Achten Sie darauf, dass der Link vollständig ist.
ack-dead-telephone = Kein Konto oder kein Netz? Rufen Sie die Person vor oder nach Ihnen auf der Kontaktliste an.
