# The accessibility statement. Each sentence is held against docs/accessibility.md: what was seen, and what was not.
accessibility-title = Accessibility
accessibility-aim = Everybody must be able to report something and to work in a case, woken at night, on a telephone, with a screen reader, without a mouse. We aim at WCAG 2.2, level AA. We do not say that we are there.
accessibility-can = What you can rely on
accessibility-can-script = A case can be worked from the report to the close without scripts, and by keyboard alone: tests do both. Making a passkey and signing in with one need a script; the password does not.
accessibility-can-keys = Single keys count in no field, and you can switch them off.
accessibility-can-see = Light, dark and your own colours. A severity is a word and a shape, never a colour alone. The pages that we measured do not scroll sideways on a telephone of 360 pixels.
accessibility-can-time = A form waits as long as you do. Only signing in sets a time: some minutes for a code or a passkey. Where a duty number is set, it stands in the same place on every page.
accessibility-not = What is not good yet
accessibility-not-people = A program audits the pages in light, dark and forced colours and walks through them by keyboard. Nobody who uses a screen reader every day has tried them yet, and nobody from outside has judged them.
accessibility-not-zoom = 400 % zoom was tried as a small window, not with a browser's own zoom. Prints were not looked at with regard to accessibility.
accessibility-not-german = What the procedure itself says is in English only: its rules, what is owed, and the sentences of a timeline.
accessibility-not-files = Files that people attach are shown as they are. We do not describe their pictures.
accessibility-tell = If something keeps you out
accessibility-tell-how = Tell whoever runs this installation: an admin, or whoever asked you to use it. If you want to report something and cannot, call the number at the foot of the page, or tell anybody on the team in any way.
