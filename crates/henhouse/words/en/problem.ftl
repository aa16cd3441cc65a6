# What can be done about a problem.
problem-not-found = Not found
problem-not-there = There is nothing here, or it is not open to you.
problem-do = What you can do
problem-load-again = Go back, load the page again and send it once more; what you typed is still in your browser.
problem-whole-link = If you followed a link, open it again from the message and see that all of it came along.
problem-name = If it asks for a name and you are not signed in, sign in.
problem-report-again = If it is urgent, report it again or telephone: nobody minds hearing it twice.
problem-see = Go back and load the page again to see how things stand.
problem-shorten = Go back and shorten the text; what you typed is still in your browser.
problem-moment = Nothing was written. Go back and send it again in a moment; if it is urgent, telephone.
problem-try-again = Go back and try again; what you typed is still in your browser.
problem-asked = What is asked of me
