# Der Link zu den eigenen Schichten für den eigenen Kalender.
calendar-title = Schichten in Ihrem Kalender
calendar-link = Kalender
calendar-told = Wer den Link hat, liest, wann Sie Schicht haben, mit den Nummern dieser Fälle, und wann Sie Bereitschaft haben. Stehen die Namen eines Projekts und eines Plans dahinter, etwa /main/farm-hands.ics, zeigt der Link, wer dort Bereitschaft hat. Sonst nichts. Geben Sie ihn nur Ihrem eigenen Kalender.
calendar-none = Sie haben keinen Link.
calendar-there = Sie haben einen Link. Er wird nicht noch einmal gezeigt: Nur seine Prüfsumme ist aufbewahrt.
calendar-made = Ihr Link. Kopieren Sie ihn jetzt in Ihren Kalender („Adresse abonnieren“); er wird nur dieses eine Mal gezeigt.
calendar-make = Link erstellen
calendar-anew = Einen neuen erstellen; der bisherige endet
calendar-another = Einen neuen Link erstellen
calendar-another-told = Kalender mit Ihrem bisherigen Link werden nicht mehr gefüllt: Jeder von ihnen braucht den neuen.
calendar-end = Beenden
