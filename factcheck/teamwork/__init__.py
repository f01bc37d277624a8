"""How people of the desk work together on the rows of the register: talk, tasks, news, and who is here."""
